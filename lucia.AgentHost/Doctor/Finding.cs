using Lucia.Settings;

namespace Lucia.AgentHost.Doctor;

/// <summary>How a check ended.</summary>
internal enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Pass,

    /// <summary>Not asked for, or something else has to be mended first.</summary>
    Skip,

    /// <summary>Lucia works, but not as well as it could.</summary>
    Warn,

    /// <summary>Something Lucia needs does not work.</summary>
    Fail,
}

/// <summary>What one check found.</summary>
/// <param name="Name">The check's name; stable: <c>redis</c>.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Found">What was found, in a sentence or two; never a secret.</param>
/// <param name="Remedy">What to do about it; <see langword="null"/> when there is nothing to do.</param>
internal sealed record Finding(string Name, CheckStatus Status, string Found, string? Remedy = null)
{
    /// <summary>How long it took.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>All problems of the settings; of the check <c>settings</c> only.</summary>
    public IReadOnlyList<SettingProblem> Problems { get; init; } = [];
}

/// <summary>What is wrong and what to do about it, before it is known which check it belongs to.</summary>
internal sealed record Trouble(string Found, string Remedy)
{
    public Finding Fails(string check) => new(check, CheckStatus.Fail, Found, Remedy);

    public Finding Warns(string check) => new(check, CheckStatus.Warn, Found, Remedy);
}
