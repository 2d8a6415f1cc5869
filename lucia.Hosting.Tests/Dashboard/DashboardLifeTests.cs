using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Tests.Dashboard;

/// <summary>How a dashboard is found, told what it needs, and does no harm. A shell script stands in where it misbehaves.</summary>
public sealed partial class DashboardLifeTests
{
    private static readonly DashboardKeys Keys = DashboardKeys.Of(new ConfigurationManager());

    public DashboardLifeTests() => Sandbox.NeedsShell();

    [Fact]
    public async Task A_dashboard_that_dies_is_one_line_with_its_reason_and_the_resources_go_on()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, "echo 'port taken' >&2; echo \"  at Somewhere()\" >&2; echo \"key $DASHBOARD__OTLP__PRIMARYAPIKEY refused\" >&2; exit 3");

        await appHost.SaidAsync("web | Ready at");
        await appHost.SaidAsync($"The dashboard ended with exit code 3 (\"port taken key {LaunchPlan.Mask} refused\"). Everything else runs.");

        AppHostProcess.Marked(sandbox.Directory).Values.ShouldContain(command => command.Contains("serve", StringComparison.Ordinal));
        appHost.Signal(AppHostProcess.Terminate);
        (await appHost.EndAsync()).ShouldBe(0);
        appHost.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_one_on_PATH_ends_before_it_answers_that_of_npm_is_tried()
    {
        await using var sandbox = new Sandbox();
        var modules = System.IO.Directory.CreateDirectory(Path.Combine(sandbox.Directory, "node_modules", "@microsoft", DashboardProgram.NpmPackage, "bin"));
        Write(Path.Combine(modules.FullName, "aspire"), $"touch {sandbox.File("tried")}; sleep 1000");
        await using var appHost = Start(sandbox, "exit 3");

        await appHost.SaidAsync($"The dashboard ended with exit code 3. It is tried once more with {Path.Combine(modules.FullName, "aspire")}.");
        await SandboxExtensions.EventuallyAsync(() => File.Exists(sandbox.File("tried")), "it is tried");
    }

    [Fact]
    public async Task It_starts_after_the_resources_are_ready_and_never_before()
    {
        await using var sandbox = new Sandbox();
        var hold = System.IO.Directory.CreateDirectory(sandbox.File("hold")).FullName;
        await using var appHost = Start(sandbox, $"echo dashboard >> {hold}/order; sleep 1000");

        await SandboxExtensions.EventuallyAsync(() => Lines(hold, "refused").Length > 20, "the service is asked whether it is ready");
        Lines(hold, "order").ShouldBeEmpty();
        await File.WriteAllTextAsync(Path.Combine(hold, "go"), "", TestContext.Current.CancellationToken);

        await SandboxExtensions.EventuallyAsync(() => Lines(hold, "order").Length == 2, "both come");
        Lines(hold, "order").ShouldBe(["ready", "dashboard"]);
    }

    [Fact]
    public async Task It_is_there_until_every_resource_has_ended_and_could_tell_it()
    {
        Assert.SkipUnless(System.IO.Directory.Exists("/proc"), "whether a program runs is read from /proc");
        await using var sandbox = new Sandbox();
        var hold = System.IO.Directory.CreateDirectory(sandbox.File("hold")).FullName;
        await File.WriteAllTextAsync(Path.Combine(hold, "go"), "", TestContext.Current.CancellationToken);
        await using var appHost = Start(sandbox, $"echo $$ > {hold}/starting; mv {hold}/starting {hold}/dashboard; sleep 1000");
        await SandboxExtensions.EventuallyAsync(() => File.Exists(Path.Combine(hold, "dashboard")), "the dashboard starts");

        appHost.Signal(AppHostProcess.Terminate);

        (await appHost.EndAsync()).ShouldBe(0);
        Lines(hold, "order").ShouldBe(["ready", "ended before the dashboard"]);
        AppHostProcess.Marked(sandbox.Directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_resource_waits_for_an_engine_that_does_not_answer()
    {
        await using var sandbox = new Sandbox();
        var hold = System.IO.Directory.CreateDirectory(sandbox.File("hold")).FullName;
        await File.WriteAllTextAsync(Path.Combine(hold, "go"), "", TestContext.Current.CancellationToken);
        await using var appHost = Start(sandbox, null, [("docker", $"echo engine >> {hold}/order; exit 1"), ("podman", "exit 1")]);

        await appHost.SaidAsync(DashboardProgram.Missing);

        Lines(hold, "order").ShouldBe(["ready", "engine"]);
    }

    [Fact]
    public async Task A_search_for_an_engine_ends_with_the_run()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, null, [("docker", $"touch {sandbox.File("asked")}; exec sleep 1000")]);
        await SandboxExtensions.EventuallyAsync(() => File.Exists(sandbox.File("asked")), "the engine is asked");

        appHost.Signal(AppHostProcess.Terminate);

        (await appHost.EndAsync()).ShouldBe(0);
        AppHostProcess.Marked(sandbox.Directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dashboard_that_takes_its_time_to_end_is_not_waited_for()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, $"trap 'sleep 1; touch {sandbox.File("late")}' TERM; touch {sandbox.File("up")}; while :; do sleep 0.05; done");
        await SandboxExtensions.EventuallyAsync(() => File.Exists(sandbox.File("up")), "the dashboard starts");

        appHost.Signal(AppHostProcess.Terminate);

        (await appHost.EndAsync()).ShouldBe(0);
        File.Exists(sandbox.File("late")).ShouldBeFalse();
        AppHostProcess.Marked(sandbox.Directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_container_of_it_has_a_name_and_is_removed_before_and_after()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, null, [("docker", Docker(sandbox, removal: "exit 0"))]);
        await SandboxExtensions.EventuallyAsync(() => Lines(sandbox.Directory, "calls").Any(call => call.StartsWith("run ", StringComparison.Ordinal)), "the image is run");

        appHost.Signal(AppHostProcess.Terminate);
        (await appHost.EndAsync()).ShouldBe(0);

        var calls = Lines(sandbox.Directory, "calls");
        var name = calls[1].Split(' ')[^1];
        name.ShouldStartWith("dashboard--sample.apphost-");
        calls.Select(call => string.Join(' ', call.Split(' ').Take(4)))
            .ShouldBe(["version --format {{.Server.Version}}", $"rm --force {name}", $"run --rm --name {name}", $"rm --force {name}"]);
    }

    [Fact]
    public async Task A_second_Ctrl_C_removes_its_container_too()
    {
        await using var sandbox = new Sandbox();
        // The removal at the end hangs, so that the second Ctrl+C comes before it.
        await using var appHost = Start(sandbox, null, [("docker", Docker(sandbox, removal: $"[ ! -e {sandbox.File("run")} ] || sleep 5"))]);
        await SandboxExtensions.EventuallyAsync(() => File.Exists(sandbox.File("run")), "the image is run");

        appHost.Signal(AppHostProcess.Interrupt);
        await SandboxExtensions.EventuallyAsync(() => Removals() == 2, "the container is removed at the end");
        await Task.Delay(TimeSpan.FromMilliseconds(600), TestContext.Current.CancellationToken);
        appHost.Signal(AppHostProcess.Interrupt);

        (await appHost.EndAsync()).ShouldBe(130);
        await SandboxExtensions.EventuallyAsync(() => Removals() == 3, "the container is removed at once");
        await SandboxExtensions.EventuallyAsync(() => AppHostProcess.Marked(sandbox.Directory).Count == 0, "nothing is left");

        int Removals() => Lines(sandbox.Directory, "calls").Count(call => call.StartsWith("rm ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dashboard_that_never_answers_holds_nothing_up_and_ends_with_the_run()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, $"tr '\\0' '\\n' < /proc/$$/environ > {sandbox.File("draft")}; echo \"$@\" > {sandbox.File("arguments")}; mv {sandbox.File("draft")} {sandbox.File("environment")}; sleep 1000");

        await appHost.SaidAsync("web | Ready at");
        await SandboxExtensions.EventuallyAsync(() => File.Exists(sandbox.File("environment")), "the dashboard starts");

        var environment = (await File.ReadAllLinesAsync(sandbox.File("environment"), TestContext.Current.CancellationToken))
            .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1]);
        var arguments = await File.ReadAllTextAsync(sandbox.File("arguments"), TestContext.Current.CancellationToken);
        string[] keys =
        [
            environment["DASHBOARD__FRONTEND__BROWSERTOKEN"].Single(), environment["DASHBOARD__OTLP__PRIMARYAPIKEY"].Single(),
            environment["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"].Single(), environment["DASHBOARD__API__PRIMARYAPIKEY"].Single()
        ];
        keys.ShouldBeUnique();
        foreach (var key in keys)
        {
            key.Length.ShouldBeGreaterThanOrEqualTo(32);
            arguments.ShouldNotContain(key);
            appHost.Output.ShouldNotContain(key);
        }

        appHost.Signal(AppHostProcess.Terminate);
        (await appHost.EndAsync()).ShouldBe(0);
        AppHostProcess.Marked(sandbox.Directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_dashboard_one_line_says_how_to_get_it_and_programs_get_no_telemetry_settings()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, null);

        await appHost.SaidAsync("web | Ready at");

        appHost.Output.Split('\n').Count(line => line.Contains("No dashboard: ", StringComparison.Ordinal) && line.Contains("`npm install`", StringComparison.Ordinal)).ShouldBe(1);
        using var client = new HttpClient();
        var address = new Uri(ReadyUrl().Match(appHost.Output).Groups[1].Value + "/environment");
        (await client.GetStringAsync(address, TestContext.Current.CancellationToken)).ShouldNotContain("x-otlp-api-key");
    }

    [Fact]
    public async Task A_run_that_wants_none_does_not_say_that_there_is_none()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, null, options: ["--no-dashboard"]);

        await appHost.SaidAsync("web | Ready at");

        appHost.Output.ShouldNotContain("dashboard", Case.Insensitive);
    }

    [Fact]
    public async Task Whatever_brings_it_no_key_is_in_an_argument()
    {
        await using var sandbox = new Sandbox();
        var settings = new DashboardSettings(new(1, 2, 3), Keys, new("http://127.0.0.1:4"), sandbox.Directory);
        var modules = System.IO.Directory.CreateDirectory(Path.Combine(sandbox.Directory, "node_modules", "@microsoft", DashboardProgram.NpmPackage, "bin"));
        var aspire = Path.Combine(modules.FullName, "aspire");
        await File.WriteAllTextAsync(aspire, "", TestContext.Current.CancellationToken);
        var deep = System.IO.Directory.CreateDirectory(Path.Combine(sandbox.Directory, "src", "AppHost")).FullName;

        Installed().ShouldBeEmpty("what may not be run is none");
        Write(aspire, "");
        var installed = Installed().ShouldHaveSingleItem();
        foreach (var (dashboard, program) in new[] { (installed, "aspire"), (DashboardProgram.In(new ContainerEngine("/usr/bin/docker"), "test-1234"), "docker") })
        {
            var plan = dashboard.Plan(settings);
            Path.GetFileName(plan.FileName).ShouldBe(program);
            plan.Arguments.ShouldNotContain(argument => new[] { Keys.Browser, Keys.Telemetry, Keys.Resources, Keys.Api }.Any(argument.Contains));
            plan.Environment["DASHBOARD__FRONTEND__BROWSERTOKEN"].ShouldBe(Keys.Browser);
            plan.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"].ShouldBe("http://127.0.0.1:4");
        }

        // Another one may be on this machine's PATH.
        IEnumerable<DashboardProgram> Installed() => DashboardProgram.Installed(deep).Where(found => found.Plan(settings).FileName != Programs.Find("aspire"));
    }

    [Theory]
    [InlineData(false, new string[0], true)]
    [InlineData(false, new[] { "--no-dashboard" }, false)]
    [InlineData(true, new string[0], false)]
    [InlineData(true, new[] { "--no-dashboard=false" }, true)]
    public void A_test_has_one_only_when_it_asks(bool disabled, string[] arguments, bool wanted) =>
        new DistributedApplicationBuilder(new DistributedApplicationOptions { Args = arguments, DisableDashboard = disabled }).WantsDashboard.ShouldBe(wanted);

    [Fact]
    public void Keys_are_those_of_the_configuration_or_new_ones()
    {
        var configuration = new ConfigurationManager { ["AppHost:BrowserToken"] = "chosen" };

        DashboardKeys.Of(configuration).Browser.ShouldBe("chosen");
        DashboardKeys.Of(configuration).Telemetry.ShouldNotBe(DashboardKeys.Of(configuration).Telemetry);
    }

    [Fact]
    public void The_usual_ports_give_way_to_free_ones()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;

        var given = EndpointPorts.Take(port);

        given.ShouldNotBe(port);
        EndpointPorts.Release([given]);
    }

    /// <summary>Starts the sample with its web service and a dashboard.</summary>
    /// <param name="sandbox">Where everything lies.</param>
    /// <param name="aspire">The script that is <c>aspire</c> on PATH; when there is none, hardly anything else is on PATH either.</param>
    /// <param name="programs">Further scripts on PATH.</param>
    /// <param name="options">Further options.</param>
    private static AppHostProcess Start(Sandbox sandbox, string? aspire, (string Name, string Script)[]? programs = null, params string[] options)
    {
        var path = aspire is null
            ? ProcessTests.PathWith(sandbox, "sh", "setsid", "sleep", "touch")
            : $"{System.IO.Directory.CreateDirectory(sandbox.File("bin")).FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, script) in (programs ?? []).Concat(aspire is null ? [] : [("aspire", aspire)]))
            Write(Path.Combine(sandbox.File("bin"), name), script);
        var hold = sandbox.File("hold");
        return AppHostProcess.Start(
            ["--state-directory", sandbox.File("state"), "--Sample:Resources=web", "--DcpPublisher:RandomizePorts=true", "--no-dashboard=false", .. options],
            new Dictionary<string, string?>
            {
                ["HOSTING_TEST"] = sandbox.Directory,
                ["PATH"] = path,
                // A node_modules above the sample's own directory is somebody else's.
                ["SAMPLE_DIRECTORY"] = sandbox.Directory,
                ["SAMPLE_HOLD"] = System.IO.Directory.Exists(hold) ? hold : null
            });
    }

    private static void Write(string path, string script)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>An engine that answers, writes down how it is called and runs nothing.</summary>
    private static string Docker(Sandbox sandbox, string removal) => $"""
        echo "$@" >> {sandbox.File("calls")}
        case $1 in
          run) trap '' TERM; touch {sandbox.File("run")}; while :; do sleep 0.05; done ;;
          rm) {removal} ;;
        esac
        """;

    private static string[] Lines(string directory, string file) =>
        File.Exists(Path.Combine(directory, file)) ? File.ReadAllLines(Path.Combine(directory, file)) : [];

    [System.Text.RegularExpressions.GeneratedRegex(@"Ready at (http://\S+)")]
    private static partial System.Text.RegularExpressions.Regex ReadyUrl();
}
