namespace Lucia.Settings;

/// <summary>What came of reading the settings.</summary>
public sealed class SettingsResult
{
    internal SettingsResult(LuciaSettings? settings, IReadOnlyList<SettingProblem> problems, ResolvedSettings resolved) =>
        (Settings, Problems, Resolved) = (settings, problems, resolved);

    /// <summary>The settings; <see langword="null"/> when there are problems.</summary>
    public LuciaSettings? Settings { get; }

    /// <summary>Everything that keeps the service from starting.</summary>
    public IReadOnlyList<SettingProblem> Problems { get; }

    /// <summary>Everything that deserves a look although the service starts.</summary>
    public IReadOnlyList<SettingWarning> Warnings => Resolved.Warnings;

    /// <summary>Key to value of everything that is set, under the catalogue's keys. <b>Holds secrets.</b></summary>
    public IReadOnlyDictionary<string, string> Values => Resolved.Values;

    /// <summary>Where each setting was found.</summary>
    public ResolvedSettings Resolved { get; }
}
