using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Running;
using Aspire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Dashboard;

/// <summary>The resource service of a running application, asked as the dashboard asks.</summary>
public sealed class ResourceServiceTests
{
    private const string Key = "key-of-a-test";

    public ResourceServiceTests() => Sandbox.NeedsShell();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resources_are_sent_as_they_are_and_then_as_they_change()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder("--Parameters:house-secret=a&b");
        var secret = builder.AddParameter("house-secret", secret: true);
        var worker = builder.AddScript("worker", "exec sleep 1000").WithEnvironment("ADDRESS", $"token={secret};plain").WithEnvironment("IN_A_URI", $"x/{secret.Resource:uri}");
        builder.AddScript("idle", "exec sleep 1000").WithExplicitStart().WaitForStart(worker);
        var application = await sandbox.StartAsync(builder);
        await application.StateAsync("worker", KnownResourceStates.Running);
        await using var service = await StartAsync(application);
        using var caller = new GrpcCaller(service.Address, Key);

        using var watched = await caller.CallAsync("WatchResources");
        var resources = (await watched.NextAsync<WatchResourcesUpdate>()).ShouldNotBeNull().InitialData.Resources;
        var running = resources.Single(resource => resource.DisplayName == "worker");
        running.Name.ShouldStartWith("worker-");
        (running.State, running.ResourceType).ShouldBe(("Running", "Executable"));
        running.StartedAt.ShouldNotBeNull();
        running.Environment.Single(variable => variable.Name == "ADDRESS").Value.ShouldBe($"token={LaunchPlan.Mask};plain");
        running.Environment.Single(variable => variable.Name == "IN_A_URI").Value.ShouldBe($"x/{LaunchPlan.Mask}");
        running.Relationships.ShouldContain(new ResourceRelationship { ResourceName = "house-secret", Type = "Reference" });
        resources.Single(resource => resource.DisplayName == "idle").Relationships.ShouldContain(new ResourceRelationship { ResourceName = "worker", Type = "WaitFor" });
        resources.Single(resource => resource.Name == "house-secret").ResourceType.ShouldBe("Parameter");

        await application.ResourceCommands.ExecuteCommandAsync("worker", KnownResourceCommands.StopCommand, Cancellation);
        while ((await watched.NextAsync<WatchResourcesUpdate>()).ShouldNotBeNull().Changes.Value.All(change => change.Upsert.State != "Exited"))
        {
        }
    }

    [Fact]
    public async Task A_child_names_the_instance_it_hangs_below()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        var parent = builder.AddScript("parent", "exec sleep 1000");
        builder.AddScript("child", "exec sleep 1000").WithParentRelationship(parent).WithRelationship(parent, "Manager");
        var application = await sandbox.StartAsync(builder);
        await application.StateAsync("child", KnownResourceStates.Running);
        await using var service = await StartAsync(application);
        using var caller = new GrpcCaller(service.Address, Key);

        using var watched = await caller.CallAsync("WatchResources");
        var resources = (await watched.NextAsync<WatchResourcesUpdate>()).ShouldNotBeNull().InitialData.Resources;

        var child = resources.Single(resource => resource.DisplayName == "child");
        child.Relationships.Select(relation => (relation.ResourceName, relation.Type)).ShouldBe([("parent", "Parent"), ("parent", "Manager")]);
        var above = resources.Single(resource => resource.DisplayName == "parent");
        above.Name.ShouldStartWith("parent-");
        child.Properties.Single(property => property.Name == "resource.parentName").Value.StringValue.ShouldBe(above.Name);
        above.Properties.ShouldNotContain(property => property.Name == "resource.parentName");
    }

    [Fact]
    public async Task What_the_engine_says_of_a_replica_is_in_its_log()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        builder.AddProject<SampleProject>("broken", launchProfileName: null).WithArgs("--unknown-option").WithReplicas(2);
        var application = await sandbox.StartAsync(builder);
        await using var service = await StartAsync(application);
        using var caller = new GrpcCaller(service.Address, Key);
        await application.StateAsync("broken", KnownResourceStates.Restarting);

        using var watched = await caller.CallAsync("WatchResources");
        var replicas = (await watched.NextAsync<WatchResourcesUpdate>()).ShouldNotBeNull().InitialData.Resources;
        replicas.Count.ShouldBe(2);
        foreach (var replica in replicas)
        {
            using var lines = await caller.CallAsync("WatchResourceConsoleLogs", new WatchResourceConsoleLogsRequest { ResourceName = replica.Name });
            var said = "";
            while (!said.Contains("[sys] ended with exit code 2", StringComparison.Ordinal))
                said = (await LinesAsync(lines, 1))[^1].Text;
        }
    }

    [Fact]
    public async Task Console_lines_are_followed_and_errors_are_marked()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        builder.AddScript("speaker", $"echo one; echo two >&2; while [ ! -e {sandbox.File("go")} ]; do sleep 0.05; done; echo three; exec sleep 1000");
        var application = await sandbox.StartAsync(builder);
        await using var service = await StartAsync(application);
        using var caller = new GrpcCaller(service.Address, Key);
        var speaker = (await application.ResourceNotifications.WaitForResourceAsync("speaker", change => change.Snapshot.State?.Text == "Running", Cancellation)).ResourceId;

        using var watched = await caller.CallAsync("WatchResourceConsoleLogs", new WatchResourceConsoleLogsRequest { ResourceName = speaker });
        var lines = await LinesAsync(watched, 2);
        lines.Single(line => line.Text.EndsWith(" one", StringComparison.Ordinal)).IsStdErr.ShouldBeFalse();
        lines.Single(line => line.Text.EndsWith(" two", StringComparison.Ordinal)).IsStdErr.ShouldBeTrue();
        await File.WriteAllTextAsync(sandbox.File("go"), "", Cancellation);
        (await LinesAsync(watched, 1))[0].Text.ShouldEndWith("Z three");

        using var kept = await caller.CallAsync("WatchResourceConsoleLogs", new WatchResourceConsoleLogsRequest { ResourceName = speaker, SuppressFollow = true });
        (await LinesAsync(kept, 3)).Select(line => line.LineNumber).ShouldBe([1, 2, 3]);
        (await kept.StatusAsync()).ShouldBe("0");
    }

    [Fact]
    public async Task Commands_are_done_and_what_went_wrong_is_said()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        builder.AddScript("worker", "exec sleep 1000");
        var application = await sandbox.StartAsync(builder);
        var first = (await application.StateAsync("worker", KnownResourceStates.Running)).StartTimeStamp;
        await using var service = await StartAsync(application);
        using var caller = new GrpcCaller(service.Address, Key);

        (await CommandAsync("resource-restart")).Kind.ShouldBe(ResourceCommandResponseKind.Succeeded);
        (await application.StateAsync("worker", KnownResourceStates.Running)).StartTimeStamp.ShouldNotBe(first);
        (await CommandAsync("resource-stop")).Kind.ShouldBe(ResourceCommandResponseKind.Succeeded);
        await application.StateAsync("worker", KnownResourceStates.Exited);
        (await CommandAsync("resource-start")).Kind.ShouldBe(ResourceCommandResponseKind.Succeeded);
        await application.StateAsync("worker", KnownResourceStates.Running);
        var failed = await CommandAsync("resource-fly");
        (failed.Kind, failed.Message).ShouldBe((ResourceCommandResponseKind.Failed, "The command 'resource-fly' is unknown."));

        async Task<ResourceCommandResponse> CommandAsync(string command)
        {
            using var answer = await caller.CallAsync("ExecuteResourceCommand", new ResourceCommandRequest { CommandName = command, ResourceName = "worker" });
            return (await answer.NextAsync<ResourceCommandResponse>()).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Nobody_without_the_key_is_answered_and_unknown_methods_are_refused()
    {
        await using var sandbox = new Sandbox();
        var application = await sandbox.StartAsync(sandbox.Builder());
        await using var service = await StartAsync(application);
        service.Address.Host.ShouldBe("127.0.0.1");
        using var stranger = new GrpcCaller(service.Address, "another-key");
        using var keyless = new GrpcCaller(service.Address, null);
        using var caller = new GrpcCaller(service.Address, Key);

        foreach (var refused in new[] { stranger, keyless })
        {
            using var answer = await refused.CallAsync("WatchResources");
            (await answer.NextAsync<WatchResourcesUpdate>()).ShouldBeNull();
            (await answer.StatusAsync()).ShouldBe("16");
        }

        using var information = await caller.CallAsync("GetApplicationInformation");
        (await information.NextAsync<ApplicationInformationResponse>()).ShouldNotBeNull().ApplicationName.ShouldNotBeEmpty();
        (await information.StatusAsync()).ShouldBe("0");
        using var unknown = await caller.CallAsync("UploadFile");
        (await unknown.StatusAsync()).ShouldBe("12");
        using var malformed = await caller.CallAsync("WatchResourceConsoleLogs", new ConsoleLogLine { Text = new string('x', 100_000) });
        (await malformed.StatusAsync()).ShouldBe("3");
    }

    [Fact]
    public async Task Open_streams_do_not_hold_up_the_end()
    {
        await using var sandbox = new Sandbox();
        var application = await sandbox.StartAsync(sandbox.Builder());
        var service = await StartAsync(application);
        using var caller = new GrpcCaller(service.Address, Key);
        using var resources = await caller.CallAsync("WatchResources");
        using var interactions = await caller.CallAsync("WatchInteractions");
        await resources.NextAsync<WatchResourcesUpdate>();

        await service.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(4), Cancellation);
    }

    private static async Task<ResourceService> StartAsync(DistributedApplication application)
    {
        var service = new ResourceService(
            "house", Key, application.ResourceNotifications, application.Services.GetRequiredService<ResourceLoggerService>(), application.ResourceCommands);
        await service.StartAsync(Cancellation);
        return service;
    }

    private static async Task<List<ConsoleLogLine>> LinesAsync(GrpcAnswer answer, int count)
    {
        List<ConsoleLogLine> lines = [];
        while (lines.Count < count)
            lines.AddRange((await answer.NextAsync<WatchResourceConsoleLogsUpdate>()).ShouldNotBeNull().LogLines);
        return lines;
    }

    private sealed class SampleProject : IBuiltProjectMetadata
    {
        public string ProjectPath => Path.ChangeExtension(TargetPath, ".csproj");

        public string TargetPath => typeof(Projects.Sample_AppHost).Assembly.Location;
    }
}
