namespace Lucia.Settings;

/// <summary>A place that settings come from, such as the environment or a directory of secret files. It never shows the values it holds.</summary>
/// <param name="name">What it is called in messages: <c>the environment</c>, <c>/run/secrets</c>, <c>appsettings.json</c>.</param>
/// <param name="band">What it overrides and what it must agree with.</param>
/// <param name="entries">Names, in environment (<c>__</c>) or configuration (<c>:</c>) spelling, and values. A blank value is as good as none.</param>
public sealed class SettingSource(string name, SettingBand band, IEnumerable<KeyValuePair<string, string?>> entries)
{
    /// <summary>What it is called in messages.</summary>
    public string Name { get; } = name;

    /// <summary>What it overrides and what it must agree with.</summary>
    public SettingBand Band { get; } = band;

    internal IReadOnlyList<KeyValuePair<string, string>> Entries { get; } =
        [.. entries.Where(entry => !string.IsNullOrWhiteSpace(entry.Value)).Select(entry => KeyValuePair.Create(entry.Key, entry.Value!.Trim()))];

    /// <summary>This process's environment.</summary>
    public static SettingSource Environment() => new(
        "the environment",
        SettingBand.Environment,
        System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value)));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
