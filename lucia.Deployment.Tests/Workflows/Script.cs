using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Workflows;

/// <summary>The scripts of <c>eng/</c>, run as a workflow runs them.</summary>
internal static class Script
{
    /// <summary>The full path of a script of <c>eng/</c>, or of that folder.</summary>
    public static string Path(string name = "") => System.IO.Path.Combine(Programs.Repository, "eng", name);

    /// <summary>Runs one with these words after it.</summary>
    public static Task<Ran> RunAsync(string name, params IReadOnlyList<string> words) => RunAsync(name, [], words);

    /// <summary>The same with variables, <c>NAME=value</c>. Nothing of a workflow that runs these tests is seen by the script.</summary>
    public static Task<Ran> RunAsync(string name, IReadOnlyList<string> variables, IReadOnlyList<string> words, int seconds = 120)
    {
        SkipElsewhere();
        return Ran.ToEndAsync("env",
            ["-u", "GITHUB_REF", "-u", "GITHUB_SHA", "-u", "GITHUB_EVENT_NAME", "-u", "GITHUB_ACTIONS", "-u", "IMAGE", .. variables, Path(name), .. words], seconds: seconds);
    }

    /// <summary>Skips the test where these scripts are not promised to run.</summary>
    public static void SkipElsewhere() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The scripts of eng/ are proven on Linux.");
}
