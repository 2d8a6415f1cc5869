using Lucia.AgentHost.Tests.Support;

namespace Lucia.Deployment.Tests.Scripts;

/// <summary><c>build-bundle.sh</c>: whether the scripts go along where they are asked for, and nothing is missed where there are none.</summary>
public sealed class BundleScriptTests : IDisposable
{
    private static readonly string[] Names = ["backup.sh", "health-check.sh", "lib.sh", "restore.sh", "validate-deployment.sh", "verify-deployment.sh"];

    private readonly ScriptFolder _folder = new();

    public BundleScriptTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The bundle is for Linux.");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Programs.Repository, "deploy/systemd"), "*", SearchOption.AllDirectories))
            _folder.Write(Path.Combine("systemd", Path.GetRelativePath(Path.Combine(Programs.Repository, "deploy/systemd"), file)), File.ReadAllText(file), executable: file.EndsWith(".sh", StringComparison.Ordinal));
        // What it would build is not what is looked at here.
        _folder.StandIn("dotnet", "'publish '*) folder=$(printf '%s' \"$*\" | sed 's/.*--output \\([^ ]*\\).*/\\1/'); mkdir -p \"$folder\"; printf '#!/bin/sh\\n' >\"$folder/lucia.AgentHost\"; chmod +x \"$folder/lucia.AgentHost\" ;;");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Scripts_go_along_in_the_same_bytes_each_time_and_are_installed_with_the_release()
    {
        var scripts = string.Join(' ', Names.Select(static name => $"--script scripts/{name}"));

        (await _folder.ShellAsync($"systemd/build-bundle.sh --sources systemd --output first {scripts}")).Well();
        (await _folder.ShellAsync($"umask 027; systemd/build-bundle.sh --sources systemd --output second {scripts}")).Well();

        (await _folder.ShellAsync("cmp first/*.tar.gz second/*.tar.gz")).Well();
        (await _folder.ShellAsync("mkdir root && sh first/*/install.sh --root \"$PWD/root\" && ls root/opt/lucia/current/scripts")).Well().Output.ShouldEndWith(string.Join('\n', Names) + "\n");
        // They are for what they came with, whatever else is set up in the folder one stands in.
        _folder.SetUp("compose", "secrets", "");
        _folder.Write("compose/docker-compose.yml", "services: {}\n");
        var run = await _folder.ShellAsync("cd compose && ../root/opt/lucia/current/scripts/validate-deployment.sh --static");
        run.Output.ShouldMatch("(?m)^systemd: ", run.Error);
    }

    [Fact]
    public async Task Without_scripts_there_is_no_folder_of_them_and_the_bundle_installs()
    {
        (await _folder.ShellAsync("systemd/build-bundle.sh --sources systemd --output bundle")).Well();

        (await _folder.ShellAsync("mkdir root && sh bundle/*/install.sh --root \"$PWD/root\" && test -x root/opt/lucia/current/app/lucia.AgentHost && test ! -e root/opt/lucia/current/scripts")).Well();
    }

    [Fact]
    public async Task A_script_that_is_not_there_is_told_before_anything_is_made()
    {
        var run = await _folder.ShellAsync("systemd/build-bundle.sh --sources systemd --output bundle --script scripts/gone.sh");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("there is no script scripts/gone.sh");
        Directory.Exists(_folder.At("bundle")).ShouldBeFalse();
    }
}
