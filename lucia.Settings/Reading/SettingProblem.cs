namespace Lucia.Settings;

/// <summary>Why the service cannot start. It never contains a value.</summary>
/// <param name="Setting">The setting, as it was written; its key when it is not set at all.</param>
/// <param name="Source">Where it was written; <see langword="null"/> when it is not set.</param>
/// <param name="What">What is wrong, reading on from the setting's name.</param>
/// <param name="Remedy">How to mend it.</param>
public sealed record SettingProblem(string Setting, string? Source, string What, string Remedy)
{
    /// <summary>The problem in one line.</summary>
    public override string ToString() => Source is null ? $"{Setting} {What} {Remedy}" : $"{Setting} ({Source}) {What} {Remedy}";
}

/// <summary>What deserves a look although the service starts. It never contains a value.</summary>
/// <param name="Setting">The setting, as it was written.</param>
/// <param name="Source">Where it was written.</param>
/// <param name="What">What is odd and what to do, reading on from the setting's name.</param>
public sealed record SettingWarning(string Setting, string Source, string What)
{
    /// <summary>The warning in one line.</summary>
    public override string ToString() => $"{Setting} ({Source}) {What}";
}
