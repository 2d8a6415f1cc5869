using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Tests.Dashboard;

/// <summary>How a dashboard is found, told what it needs, and does no harm. A shell script stands in where it misbehaves.</summary>
public sealed class DashboardLifeTests
{
    private static readonly DashboardKeys Keys = DashboardKeys.Of(new ConfigurationManager());

    public DashboardLifeTests() => Sandbox.NeedsShell();

    [Fact]
    public async Task A_dashboard_that_dies_is_one_line_and_the_resources_go_on()
    {
        await using var sandbox = new Sandbox();
        await using var appHost = Start(sandbox, "exit 3");

        await appHost.SaidAsync("web | Ready at");
        await appHost.SaidAsync("The dashboard ended with exit code 3. Everything else runs.");

        AppHostProcess.Marked(sandbox.Directory).Values.ShouldContain(command => command.Contains("serve", StringComparison.Ordinal));
        appHost.Signal(AppHostProcess.Terminate);
        (await appHost.EndAsync()).ShouldBe(0);
        appHost.Error.ShouldBeEmpty();
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
        var builder = sandbox.Builder("--no-dashboard");
        builder.AddScript("reader", $"env > {sandbox.File("draft")}; mv {sandbox.File("draft")} {sandbox.File("environment")}; exec sleep 1000");
        await sandbox.StartAsync(builder);
        await SandboxExtensions.EventuallyAsync(() => File.Exists(sandbox.File("environment")), "the script ran");

        (await File.ReadAllTextAsync(sandbox.File("environment"), TestContext.Current.CancellationToken)).ShouldNotContain("x-otlp-api-key");
        DashboardProgram.Missing.ShouldContain("npm install");
        DashboardProgram.Missing.ShouldNotContain("\n");
        Assert.SkipWhen(Programs.Find("aspire") is not null, "There is an aspire on PATH.");
        (await DashboardProgram.FindAsync(sandbox.Directory, () => Task.FromResult<ContainerEngine?>(null))).ShouldBeNull();
    }

    [Fact]
    public async Task Whatever_brings_it_no_key_is_in_an_argument()
    {
        await using var sandbox = new Sandbox();
        var settings = new DashboardSettings(new(1, 2, 3), Keys, new("http://127.0.0.1:4"), sandbox.Directory);
        var modules = System.IO.Directory.CreateDirectory(Path.Combine(sandbox.Directory, "node_modules", "@microsoft", "aspire-cli-linux-x64", "bin"));
        await File.WriteAllTextAsync(Path.Combine(modules.FullName, "aspire"), "", TestContext.Current.CancellationToken);
        var deep = System.IO.Directory.CreateDirectory(Path.Combine(sandbox.Directory, "src", "AppHost")).FullName;

        var engine = new ContainerEngine("/usr/bin/docker");
        foreach (var (from, program) in new[] { (deep, "aspire"), (Path.GetTempPath(), "docker") })
        {
            var plan = (await DashboardProgram.FindAsync(from, () => Task.FromResult<ContainerEngine?>(engine))).ShouldNotBeNull().Plan(settings);
            if (Programs.Find("aspire") is null)
                Path.GetFileName(plan.FileName).ShouldBe(program);
            plan.Arguments.ShouldNotContain(argument => new[] { Keys.Browser, Keys.Telemetry, Keys.Resources, Keys.Api }.Any(argument.Contains));
            plan.Environment["DASHBOARD__FRONTEND__BROWSERTOKEN"].ShouldBe(Keys.Browser);
            plan.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"].ShouldBe("http://127.0.0.1:4");
        }
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

    private static AppHostProcess Start(Sandbox sandbox, string dashboard)
    {
        var programs = System.IO.Directory.CreateDirectory(sandbox.File("programs")).FullName;
        var aspire = Path.Combine(programs, "aspire");
        File.WriteAllText(aspire, $"#!/bin/sh\n{dashboard}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(aspire, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return AppHostProcess.Start(
            ["--state-directory", sandbox.File("state"), "--Sample:Resources=web", "--DcpPublisher:RandomizePorts=true", "--no-dashboard=false"],
            new Dictionary<string, string?> { ["HOSTING_TEST"] = sandbox.Directory, ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}" });
    }
}
