using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Tests;

/// <summary>What a person sees who starts an AppHost and stops it, in whatever way.</summary>
public sealed partial class ProcessTests
{
    public ProcessTests()
    {
        Sandbox.NeedsShell();
        Assert.SkipUnless(Directory.Exists("/proc/self"), "The test reads /proc.");
    }

    [Theory]
    [InlineData(AppHostProcess.Interrupt)]
    [InlineData(AppHostProcess.Terminate)]
    public async Task A_signal_leaves_no_process_and_no_port(int signal)
    {
        Sandbox.NeedsRedis();
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, "redis,web");
        await appHost.SaidAsync("web   | Ready at");
        var ports = PortsIn(appHost.Output);
        AppHostProcess.Marked(sandbox.Directory).Count.ShouldBeGreaterThanOrEqualTo(3);

        appHost.Signal(signal);

        (await appHost.EndAsync()).ShouldBe(0);
        AppHostProcess.Marked(sandbox.Directory).ShouldBeEmpty();
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(l => l.Port).Intersect(ports).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_killed_AppHost_leaves_no_process()
    {
        Sandbox.NeedsRedis();
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, "redis,web");
        await appHost.SaidAsync("web   | Ready at");

        appHost.Signal(AppHostProcess.Kill);
        await appHost.EndAsync();

        await SandboxExtensions.EventuallyAsync(() => AppHostProcess.Marked(sandbox.Directory).Count == 0, "the watchdog ends what is left");
    }

    [Fact]
    public async Task What_outlived_both_the_AppHost_and_its_watchdog_is_ended_by_the_next_run()
    {
        await using var sandbox = new Sandbox();
        await using var first = Start(sandbox, "stubborn");
        await first.SaidAsync("stubborn | started");
        var leftover = AppHostProcess.Marked(sandbox.Directory).Single(process => process.Value.Contains("echo started", StringComparison.Ordinal)).Key;

        // What a program says can be heard before the engine has written down that it runs.
        var written = sandbox.File("state/processes");
        await SandboxExtensions.EventuallyAsync(() => File.Exists(written) && File.ReadAllText(written).Contains($"{leftover} ", StringComparison.Ordinal), "it is written down");
        AppHostProcess.Signal(AppHostProcess.Marked(sandbox.Directory).Single(process => process.Value.Contains("forget)", StringComparison.Ordinal)).Key, AppHostProcess.Kill);
        first.Signal(AppHostProcess.Kill);
        await first.EndAsync();
        Directory.Exists($"/proc/{leftover}").ShouldBeTrue();
        await using var second = Start(sandbox, "stubborn");
        await second.SaidAsync("stubborn | started");

        await SandboxExtensions.EventuallyAsync(() => !AppHostProcess.Marked(sandbox.Directory).ContainsKey(leftover), "it is gone");
    }

    [Fact]
    public async Task A_program_that_ignores_SIGTERM_is_ended_with_its_children_within_ten_seconds()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, "stubborn");
        await appHost.SaidAsync("stubborn | started");

        var clock = Stopwatch.StartNew();
        appHost.Signal(AppHostProcess.Terminate);
        (await appHost.EndAsync()).ShouldBe(0);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        AppHostProcess.Marked(sandbox.Directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_Ctrl_C_ends_everything_at_once()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, "stubborn");
        await appHost.SaidAsync("stubborn | started");

        appHost.Signal(AppHostProcess.Interrupt);
        await appHost.SaidAsync("stubborn | Stopping");
        await Task.Delay(TimeSpan.FromMilliseconds(600), TestContext.Current.CancellationToken);
        appHost.Signal(AppHostProcess.Interrupt);

        (await appHost.EndAsync()).ShouldBe(130);
        await SandboxExtensions.EventuallyAsync(() => AppHostProcess.Marked(sandbox.Directory).Count == 0, "nothing is left");
    }

    [Fact]
    public async Task A_second_run_of_the_same_project_says_that_the_first_is_there()
    {
        await using var sandbox = new Sandbox();
        await using var first = Start(sandbox, "stubborn");
        await first.SaidAsync("stubborn | started");

        await using var second = Start(sandbox, "stubborn");

        (await second.EndAsync()).ShouldBe(1);
        second.Error.Trim().ShouldBe(
            $"Sample.AppHost is already running (process {first.Process.Id}). Stop it first, or give this run a place of its own: --state-directory PATH.");
    }

    [Fact]
    public async Task A_state_directory_that_cannot_be_made_is_one_clear_line()
    {
        await using var sandbox = new Sandbox();
        var file = sandbox.File("a-file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        await using var appHost = await AppHostProcess.RunAsync("--Sample:Resources=stubborn", "--state-directory", Path.Combine(file, "state"));

        appHost.Process.ExitCode.ShouldBe(1);
        appHost.Error.Trim().ShouldBe(
            $"The state directory '{Path.Combine(file, "state")}' cannot be made. Let this user write there, or name another place: --state-directory PATH.");
    }

    [Fact]
    public async Task A_state_directory_that_is_removed_under_a_run_does_not_disturb_its_end()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, "web");
        await appHost.SaidAsync("web | Ready at");

        Directory.Delete(sandbox.File("state"), recursive: true);
        appHost.Signal(AppHostProcess.Terminate);

        (await appHost.EndAsync()).ShouldBe(0, appHost.Error);
        appHost.Error.ShouldBeEmpty();
        appHost.Output.ShouldContain("Stopped.");
        AppHostProcess.Marked(sandbox.Directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_password_is_in_no_command_line_and_no_output()
    {
        Sandbox.NeedsRedis();
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, "redis,web");
        await appHost.SaidAsync("web   | Ready at");

        var password = (await File.ReadAllLinesAsync(sandbox.File("state/generated-values"), TestContext.Current.CancellationToken)).Single().Split('=')[1];

        password.Length.ShouldBeGreaterThanOrEqualTo(22);
        AppHostProcess.Marked(sandbox.Directory).Values.ShouldAllBe(commandLine => !commandLine.Contains(password));
        appHost.Output.ShouldNotContain(password);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(sandbox.File("state/generated-values")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Without_Redis_and_a_container_engine_the_others_run_and_a_notice_says_what_to_install()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, "redis,web", new() { ["PATH"] = PathWith(sandbox, "sh", "setsid", "sleep") });

        await appHost.SaidAsync("web   | Ready at");

        appHost.Output.ShouldContain("apt install redis-server");
        using var client = new HttpClient();
        var environment = await client.GetStringAsync(new Uri(ReadyUrl().Match(appHost.Output).Groups[1].Value + "/environment"), TestContext.Current.CancellationToken);
        environment.ShouldNotContain("Redis__Password");
        environment.ShouldNotContain("ConnectionStrings__redis");
    }

    [Fact]
    public async Task A_missing_parameter_is_one_line_and_exit_code_1()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, "parameter");

        (await appHost.EndAsync()).ShouldBe(1);

        appHost.Error.Trim().Split(Environment.NewLine).Length.ShouldBe(1);
        appHost.Error.ShouldContain("Parameters:wanted-value");
    }

    [Fact]
    public async Task The_older_form_writes_the_same_manifest_and_nothing_on_standard_error()
    {
        await using var sandbox = new Sandbox();

        await using var older = await AppHostProcess.RunAsync("--publisher", "manifest", "--output-path", sandbox.File("older/manifest.json"));
        await using var newer = await AppHostProcess.RunAsync("--operation", "publish", "--step", "publish-manifest", "--output-path", sandbox.File("newer"));

        (older.Process.ExitCode, newer.Process.ExitCode).ShouldBe((0, 0));
        older.Error.ShouldBeEmpty();
        (await File.ReadAllTextAsync(sandbox.File("newer/aspire-manifest.json"), TestContext.Current.CancellationToken))
            .ShouldBe(await File.ReadAllTextAsync(sandbox.File("older/manifest.json"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("--unknown-option", "The option '--unknown-option' is unknown.")]
    [InlineData("--operation=fly", "The operation 'fly' is unknown; 'run' and 'publish' are known.")]
    [InlineData("--output-path", "The option '--output-path' wants a value.")]
    public async Task A_wrong_command_line_is_named_with_exit_code_2(string option, string problem)
    {
        await using var appHost = await AppHostProcess.RunAsync(option);

        appHost.Process.ExitCode.ShouldBe(2);
        appHost.Error.ShouldContain(problem);
    }

    [Fact]
    public async Task An_unknown_step_is_answered_with_those_there_are()
    {
        await using var appHost = await AppHostProcess.RunAsync("--operation", "publish", "--step", "publish-nothing");

        appHost.Process.ExitCode.ShouldBe(1);
        appHost.Error.ShouldContain("The pipeline step 'publish-nothing' is unknown (--step asks for it); there are: publish, publish-manifest.");
    }

    [Fact]
    public async Task Help_shows_examples()
    {
        await using var appHost = await AppHostProcess.RunAsync("--help");

        appHost.Process.ExitCode.ShouldBe(0);
        appHost.Output.ShouldContain("Examples");
        appHost.Output.ShouldContain("--operation publish --step publish --output-path out");
    }

    private static AppHostProcess Start(Sandbox sandbox, string resources, Dictionary<string, string?>? environment = null)
    {
        environment ??= [];
        environment["HOSTING_TEST"] = sandbox.Directory;
        return AppHostProcess.Start(
            ["--state-directory", sandbox.File("state"), "--DcpPublisher:RandomizePorts=true", $"--Sample:Resources={resources}"], environment);
    }

    /// <summary>A PATH on which nothing but some programs is found.</summary>
    internal static string PathWith(Sandbox sandbox, params string[] programs)
    {
        var directory = Directory.CreateDirectory(sandbox.File("bin"));
        foreach (var program in programs)
            File.CreateSymbolicLink(Path.Combine(directory.FullName, program), Running.Programs.Find(program)!);
        return directory.FullName;
    }

    private static IEnumerable<int> PortsIn(string output) =>
        PortNumber().Matches(output).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();

    [GeneratedRegex(@"(?:127\.0\.0\.1:|port=)(\d{4,5})")]
    private static partial Regex PortNumber();

    [GeneratedRegex(@"Ready at (http://\S+)")]
    private static partial Regex ReadyUrl();
}
