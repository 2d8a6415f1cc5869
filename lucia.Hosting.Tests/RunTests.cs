using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests;

public sealed class RunTests
{
    public RunTests() => Sandbox.NeedsShell();

    [Fact]
    public async Task A_resource_starts_once_the_one_it_waits_for_has_completed()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        var prepare = builder.AddScript("prepare", $"sleep 0.2; touch {sandbox.File("prepared")}");
        builder.AddScript("use", $"[ -e {sandbox.File("prepared")} ] && touch {sandbox.File("used-in-order")}; exec sleep 1000").WaitForCompletion(prepare);

        var application = await sandbox.StartAsync(builder);
        await application.StateAsync("use", KnownResourceStates.Running);

        await SandboxExtensions.EventuallyAsync(() => File.Exists(sandbox.File("used-in-order")), "the order is kept");
        (await application.StateAsync("prepare", KnownResourceStates.Finished)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_resource_does_not_start_when_what_it_waits_for_fails()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        var prepare = builder.AddScript("prepare", "exit 3");
        builder.AddScript("use", $"touch {sandbox.File("used")}").WaitForCompletion(prepare);

        var application = await sandbox.StartAsync(builder);
        await application.StateAsync("use", KnownResourceStates.FailedToStart);

        File.Exists(sandbox.File("used")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_crashed_resource_starts_again()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        builder.AddScript("flaky", $"if [ -e {sandbox.File("tried")} ]; then touch {sandbox.File("recovered")}; exec sleep 1000; fi; touch {sandbox.File("tried")}; exit 1");

        var application = await sandbox.StartAsync(builder);

        // Someone who waits for it does not give up because of the crash.
        await application.StateAsync("flaky", KnownResourceStates.Restarting);
        await application.HealthyAsync("flaky");
        await SandboxExtensions.EventuallyAsync(() => File.Exists(sandbox.File("recovered")), "the second start came");
    }

    [Fact]
    public async Task A_resource_that_says_it_is_misconfigured_is_not_started_again()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        builder.AddScript("wrong", $"echo start >> {sandbox.File("starts")}; exit 78");

        var application = await sandbox.StartAsync(builder);
        await application.StateAsync("wrong", KnownResourceStates.FailedToStart);

        (await File.ReadAllLinesAsync(sandbox.File("starts"), TestContext.Current.CancellationToken)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_resource_that_keeps_crashing_is_given_up()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        builder.AddScript("broken", $"echo start >> {sandbox.File("starts")}; exit 1").WithHttpEndpoint().WithHttpHealthCheck("/");

        var application = await sandbox.StartAsync(builder);
        await application.StateAsync("broken", KnownResourceStates.FailedToStart);

        (await File.ReadAllLinesAsync(sandbox.File("starts"), TestContext.Current.CancellationToken)).Length.ShouldBe(4);
        await Should.ThrowAsync<DistributedApplicationException>(
            () => application.ResourceNotifications.WaitForResourceHealthyAsync("broken", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Everything_that_is_missing_is_named_at_once_and_nothing_starts()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        builder.AddScript("eager", $"touch {sandbox.File("started")}");
        builder.AddScript("reader", "exit 0")
            .WithEnvironment("A", builder.AddParameter("first-thing"))
            .WithEnvironment("B", builder.AddParameter("second-thing", secret: true))
            .WithReference(builder.AddConnectionString("some-model"))
            .WithReference(builder.AddConnectionString("spare-model"), optional: true);

        var error = await Should.ThrowAsync<DistributedApplicationException>(() => sandbox.StartAsync(builder));

        error.Message.Split(Environment.NewLine).Length.ShouldBe(3);
        error.Message.ShouldContain("The parameter 'first-thing' has no value. Set it with `dotnet user-secrets set \"Parameters:first-thing\" VALUE`");
        error.Message.ShouldContain("Parameters__second_thing=VALUE");
        error.Message.ShouldContain("The connection string 'some-model' has no value.");
        File.Exists(sandbox.File("started")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_taken_port_is_named_with_who_wants_it_and_how_to_choose_another()
    {
        await using var sandbox = new Sandbox();
        using var taken = new TakenPort();
        var builder = sandbox.Builder("--DcpPublisher:RandomizePorts=false", "--Hints:Ports:web:http=set WEB_PORT");
        builder.AddScript("web", "exec sleep 1000").WithHttpEndpoint(port: taken.Port);

        var error = await Should.ThrowAsync<DistributedApplicationException>(() => sandbox.StartAsync(builder));

        error.Message.ShouldContain($"The endpoint 'http' of 'web' wants port {taken.Port}, which another program has.");
        error.Message.ShouldContain("set WEB_PORT");
    }

    [Fact]
    public async Task References_arrive_as_the_variables_Aspire_injects()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder("--ConnectionStrings:housemodel=Endpoint=http://example;Key=1", "--Parameters:greeting=hello {you}");
        var api = builder.AddProject<Sample>("api", launchProfileName: null).WithHttpEndpoint().WithExplicitStart();
        builder.AddScript("reader", $"env > {sandbox.File("draft")}; mv {sandbox.File("draft")} {sandbox.File("environment")}; exec sleep 1000")
            .WithReference(api)
            .WithReference(builder.AddConnectionString("housemodel"))
            .WithEnvironment("GREETING", builder.AddParameter("greeting"))
            .WithEnvironment("COMPOSED", $"{api.GetEndpoint("http").Property(EndpointProperty.HostAndPort)}/{{x}}")
            .WithHttpEndpoint(env: "LISTEN", name: "own");

        var application = await sandbox.StartAsync(builder);
        await SandboxExtensions.EventuallyAsync(() => File.Exists(sandbox.File("environment")), "the script ran");

        var lines = await File.ReadAllLinesAsync(sandbox.File("environment"), TestContext.Current.CancellationToken);
        var address = api.GetEndpoint("http").Url;
        address.ShouldStartWith("http://127.0.0.1:");
        lines.ShouldContain($"services__api__http__0={address}");
        lines.ShouldContain($"API_HTTP={address}");
        lines.ShouldContain("ConnectionStrings__housemodel=Endpoint=http://example;Key=1");
        lines.ShouldContain("GREETING=hello {you}");
        lines.ShouldContain($"COMPOSED={address["http://".Length..]}/{{x}}");
        lines.ShouldContain(line => line.StartsWith("LISTEN=2", StringComparison.Ordinal) || line.StartsWith("LISTEN=3", StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.StartsWith("OTEL_EXPORTER", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Commands_stop_start_and_restart_a_resource()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        builder.AddScript("worker", "exec sleep 1000").WithExplicitStart();
        var application = await sandbox.StartAsync(builder);
        var commands = application.ResourceCommands;
        await application.StateAsync("worker", KnownResourceStates.NotStarted);

        (await commands.ExecuteCommandAsync("worker", KnownResourceCommands.StartCommand, TestContext.Current.CancellationToken)).Success.ShouldBeTrue();
        var first = ProcessOf(await application.StateAsync("worker", KnownResourceStates.Running));
        (await commands.ExecuteCommandAsync("worker", KnownResourceCommands.RestartCommand, TestContext.Current.CancellationToken)).Success.ShouldBeTrue();
        var second = ProcessOf(await application.StateAsync("worker", KnownResourceStates.Running));
        (await commands.ExecuteCommandAsync("worker", KnownResourceCommands.StopCommand, TestContext.Current.CancellationToken)).Success.ShouldBeTrue();
        await application.StateAsync("worker", KnownResourceStates.Exited);

        second.ShouldNotBe(first);
        Directory.Exists($"/proc/{second}").ShouldBeFalse();
        (await commands.ExecuteCommandAsync("worker", "resource-fly", TestContext.Current.CancellationToken)).Message.ShouldBe("The command 'resource-fly' is unknown.");
    }

    [Fact]
    public async Task Replicas_listen_on_ports_of_their_own()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        builder.AddProject<Sample>("web", launchProfileName: null).WithArgs("serve").WithHttpEndpoint().WithHttpHealthCheck("/ready").WithReplicas(2);

        var application = await sandbox.StartAsync(builder);
        List<string> urls = [];
        await foreach (var change in application.ResourceNotifications.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (ResourceNotificationService.IsHealthy(change) && !urls.Contains(change.Snapshot.Urls[0].Url))
                urls.Add(change.Snapshot.Urls[0].Url);
            if (urls.Count == 2)
                break;
        }

        urls.ShouldBeUnique();
    }

    [Fact]
    public async Task What_a_resource_writes_is_kept_line_by_line()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        builder.AddScript("speaker", "echo one; echo two >&2; printf three");
        var logs = (ResourceLoggerService)builder.Services.Last(s => s.ServiceType == typeof(ResourceLoggerService)).ImplementationInstance!;

        var application = await sandbox.StartAsync(builder);
        await application.StateAsync("speaker", KnownResourceStates.Finished);

        var lines = logs.Kept("speaker");
        lines.Select(line => line.Content).ShouldBe(["one", "two", "three"], ignoreOrder: true);
        lines.Single(line => line.Content == "two").IsErrorMessage.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_written_after_the_end_of_a_program_by_its_own_child_is_kept()
    {
        List<string> lines = [];
        using var child = Running.ChildProcess.Start(
            new("sh", ["-c", "(sleep 0.6; echo late) & echo early"], Path.GetTempPath(), new Dictionary<string, string?>()), (line, _) => lines.Add(line));

        (await child.Exited).ShouldBe(0);

        lines.ShouldBe(["early", "late"]);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        builder.AddExecutable("ghost", "no-such-program", ".");

        var application = await sandbox.StartAsync(builder);

        await application.StateAsync("ghost", KnownResourceStates.FailedToStart);
    }

    [Fact]
    public async Task Dependents_are_stopped_before_what_they_depend_on()
    {
        await using var sandbox = new Sandbox();
        var order = sandbox.File("order");
        var builder = sandbox.Builder();
        var database = builder.AddScript("database", Recording("database"));
        builder.AddScript("service", Recording("service")).WaitForStart(database);
        var application = await sandbox.StartAsync(builder);
        await SandboxExtensions.EventuallyAsync(() => File.Exists(sandbox.File("database.up")) && File.Exists(sandbox.File("service.up")), "both run");

        await application.StopAsync(TestContext.Current.CancellationToken);

        (await File.ReadAllLinesAsync(order, TestContext.Current.CancellationToken)).ShouldBe(["service", "database"]);

        string Recording(string name) => $"trap 'sleep 0.1; echo {name} >> {order}; exit 0' TERM; touch {sandbox.File(name)}.up; while :; do sleep 0.05; done";
    }

    private static int ProcessOf(CustomResourceSnapshot snapshot) => (int)snapshot.Properties.Single(p => p.Name == "executable.pid").Value!;

    private sealed class Sample : IBuiltProjectMetadata
    {
        public string ProjectPath => Path.ChangeExtension(TargetPath, ".csproj");

        public string TargetPath => typeof(Projects.Sample_AppHost).Assembly.Location;
    }

    private sealed class TakenPort : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        internal TakenPort() => _listener.Start();

        internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();
    }
}
