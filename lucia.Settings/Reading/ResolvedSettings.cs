namespace Lucia.Settings;

/// <summary>Which settings are set, under whatever name and in whatever source. Values are not checked yet.</summary>
public sealed class ResolvedSettings
{
    private readonly Dictionary<string, ResolvedSetting> _found;

    internal ResolvedSettings(Dictionary<string, ResolvedSetting> found, IReadOnlyList<SettingProblem> problems, IReadOnlyList<SettingWarning> warnings) =>
        (_found, Problems, Warnings) = (found, problems, warnings);

    /// <summary>Settings that say two different things.</summary>
    public IReadOnlyList<SettingProblem> Problems { get; }

    /// <summary>Deprecated and unknown names.</summary>
    public IReadOnlyList<SettingWarning> Warnings { get; }

    /// <summary>Key to value of everything that is set. <b>Holds secrets.</b></summary>
    public IReadOnlyDictionary<string, string> Values => _found.ToDictionary(found => found.Key, found => found.Value.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>The setting as it was found; <see langword="null"/> when it is not set.</summary>
    public ResolvedSetting? this[Setting setting] => _found.GetValueOrDefault(setting.Key);

    /// <summary>Whether a setting is set.</summary>
    public bool IsSet(Setting setting) => _found.ContainsKey(setting.Key);
}
