using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>How <c>eng/test-target.sh compose</c> lets the network be watched on a runner that is not root.</summary>
public sealed class CapabilitiesTests : IDisposable
{
    private readonly DirectoryInfo _programs = Directory.CreateTempSubdirectory("lucia-programs-");

    public void Dispose() => _programs.Delete(recursive: true);

    [Fact]
    public async Task Where_the_tests_are_not_root_they_get_the_two_capabilities_and_stay_who_they_are()
    {
        var ran = await TargetAsync("printf '%s ' sudo \"$@\"; echo");

        ran.ExitCode.ShouldBe(0, ran.Error);
        ran.Output.ShouldContain("sudo --non-interactive --preserve-env setpriv --reuid 4711 --regid 4711 --init-groups --inh-caps +net_raw,+net_admin --ambient-caps +net_raw,+net_admin env PATH=");
        ran.Output.TrimEnd().ShouldEndWith("./lucia test --filter Speed=Slow&FullyQualifiedName~.Compose.");
    }

    [Fact]
    public async Task Where_sudo_would_ask_for_a_password_that_is_told()
    {
        var ran = await TargetAsync("echo 'sudo: a password is required' >&2; exit 1");

        ran.ExitCode.ShouldBe(69);
        ran.Error.ShouldContain("eng/test-target.sh: sudo is needed without a password");
    }

    /// <summary>Runs it as a runner's user, with a sudo of ours; nothing after that sudo is run.</summary>
    private async Task<Ran> TargetAsync(string sudo)
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux() || Programs.Find("setpriv") is null, "setpriv is not on PATH");
        foreach (var (name, script) in new[] { ("sudo", sudo), ("id", "echo 4711"), ("docker", "exit 1") })
        {
            var file = Path.Combine(_programs.FullName, name);
            await File.WriteAllTextAsync(file, $"#!/bin/sh\n{script}\n", TestContext.Current.CancellationToken);
            if (OperatingSystem.IsLinux()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return await Ran.ToEndAsync(Path.Combine(Programs.Repository, "eng/test-target.sh"), ["compose"], environment: new Dictionary<string, string?>
        {
            ["CI"] = "true",
            ["PATH"] = $"{_programs.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
        });
    }
}
