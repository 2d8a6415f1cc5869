namespace Lucia.Settings;

/// <summary>A setting as it was found. It never shows its value.</summary>
public sealed class ResolvedSetting
{
    internal ResolvedSetting(Setting setting, string value, string writtenAs, string source, int rank) =>
        (Setting, Value, WrittenAs, Source, Rank) = (setting, value, writtenAs, source, rank);

    /// <summary>The setting.</summary>
    public Setting Setting { get; }

    /// <summary>The value under the setting's own key; where deprecated settings composed it, their composition. <b>May be a secret.</b></summary>
    public string Value { get; }

    /// <summary>The name it was found under.</summary>
    public string WrittenAs { get; }

    /// <summary>Where it was found.</summary>
    public string Source { get; }

    /// <summary>The larger, the stronger.</summary>
    internal int Rank { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{WrittenAs} ({Source})";
}
