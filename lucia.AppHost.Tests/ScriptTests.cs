using System.Diagnostics;
using Lucia.AgentHost.Tests.Support;

namespace Lucia.AppHost.Tests;

/// <summary>How <c>./lucia run</c> brings the dashboard: the script in a folder of its own, with a .NET that builds nothing.</summary>
public sealed class ScriptTests : IDisposable
{
    private const string Missing = "npm could not bring the dashboard, and everything runs without it";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-script-");

    public ScriptTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "npm brings the dashboard on Linux, to a script for bash");
        Assert.SkipUnless(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, "npm brings the dashboard on x64 alone");
        foreach (var file in new[] { "lucia", "package.json", "package-lock.json" })
            File.Copy(Path.Combine(Programs.Repository, file), Path.Combine(_folder.FullName, file));
        // What is there already is somebody's.
        _folder.CreateSubdirectory("node_modules/mine");
        Program("dotnet", "case $1 in --version) echo 10.0.100 ;; *.dll) echo started ;; esac");
        Program("redis-server", "");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Dashboard => Path.Combine(_folder.FullName, "node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire");

    private int Downloads => File.Exists(Path.Combine(_folder.FullName, "npm-calls")) ? File.ReadAllLines(Path.Combine(_folder.FullName, "npm-calls")).Length : 0;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_registry_that_does_not_answer_is_one_line_once_and_leaves_what_is_there()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/npm") || File.Exists("/usr/local/bin/npm"), "there is no npm");

        var first = await RunAsync([], ("npm_config_registry", "http://127.0.0.1:9"));
        var second = await RunAsync([], ("npm_config_registry", "http://127.0.0.1:9"));

        first.ShouldContain(Missing);
        first.ShouldContain("started");
        second.ShouldContain("started");
        second.ShouldNotContain("dashboard");
        Directory.Exists(Path.Combine(_folder.FullName, "node_modules/mine")).ShouldBeTrue();
    }

    [Fact]
    public async Task What_could_not_be_had_is_asked_for_again_when_another_one_is_wanted_or_the_note_is_removed()
    {
        // As npm does: an optional package that cannot be had is no failure.
        Program("npm", $"echo call >> {_folder.FullName}/npm-calls");

        var said = await RunAsync([]);
        await RunAsync([]);
        Downloads.ShouldBe(1);
        await File.AppendAllTextAsync(Path.Combine(_folder.FullName, "package-lock.json"), "\n", Cancellation);
        await RunAsync([]);
        Downloads.ShouldBe(2);
        var remedy = said.Split('\n').Single(line => line.Contains(Missing, StringComparison.Ordinal)).Split("after: rm ")[1].Trim();
        File.Delete(Path.Combine(_folder.FullName, remedy));
        await RunAsync([]);
        Downloads.ShouldBe(3);
    }

    [Fact]
    public async Task What_npm_brings_is_put_beside_what_is_there_and_not_asked_for_again()
    {
        Program("npm", $"echo call >> {_folder.FullName}/npm-calls; mkdir -p node_modules/@microsoft/aspire-cli-linux-x64/bin; cp {_folder.FullName}/bin/redis-server node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire");

        var said = await RunAsync([]);
        await RunAsync([]);

        File.Exists(Dashboard).ShouldBeTrue();
        said.ShouldNotContain(Missing);
        Downloads.ShouldBe(1);
        Directory.Exists(Path.Combine(_folder.FullName, "node_modules/mine")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("true", new string[0], 0)]
    [InlineData("True", new string[0], 0)]
    [InlineData("true", new[] { "--no-dashboard=false" }, 1)]
    [InlineData("false", new string[0], 1)]
    [InlineData("false", new[] { "--no-dashboard" }, 0)]
    [InlineData("", new[] { "--fresh", "--no-dashboard=true" }, 0)]
    public async Task Only_a_run_that_wants_a_dashboard_asks_for_it(string setting, string[] options, int downloads)
    {
        Program("npm", $"echo call >> {_folder.FullName}/npm-calls");

        await RunAsync(options, ("AppHost__NoDashboard", setting));

        Downloads.ShouldBe(downloads);
    }

    private void Program(string name, string script)
    {
        var file = Path.Combine(_folder.CreateSubdirectory("bin").FullName, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<string> RunAsync(string[] options, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("/bin/bash", [Path.Combine(_folder.FullName, "lucia"), "run", .. options]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // An aspire of this machine would be taken instead.
        start.Environment["PATH"] = $"{_folder.FullName}/bin:" + string.Join(':', Environment.GetEnvironmentVariable("PATH")!.Split(':').Where(at => !File.Exists(Path.Combine(at, "aspire"))));
        start.Environment.Remove("AppHost__NoDashboard");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        process.ExitCode.ShouldBe(0, await error);
        return await output + await error;
    }
}
