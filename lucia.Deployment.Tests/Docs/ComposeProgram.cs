using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>docker with its compose plugin; an engine need not run for most of what it does.</summary>
internal static class ComposeProgram
{
    private static readonly Lazy<Task<bool>> Found = new(async () =>
        Programs.Find("docker") is { } docker && (await Ran.ToEndAsync(docker, ["compose", "version", "--short"])).ExitCode == 0);

    /// <summary>Whether <c>docker compose</c> can be called.</summary>
    public static Task<bool> IsThereAsync() => Found.Value;

    /// <summary>Skips the test where it cannot.</summary>
    public static async Task NeedAsync() => Assert.SkipUnless(await IsThereAsync(), "docker with its compose plugin is not on PATH");
}
