using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Health = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;

namespace Aspire.Hosting.Tests.Dashboard;

/// <summary>What the engine writes is, byte for byte, what Google.Protobuf writes; what Google.Protobuf writes is read.</summary>
public sealed class WireTests
{
    private static readonly DateTime Noon = new(2026, 11, 21, 12, 0, 0, 250, DateTimeKind.Utc);

    [Fact]
    public void A_resource_with_everything_is_written_as_Google_writes_it()
    {
        var expected = new V1.Resource
        {
            Name = "häuschen-1234",
            ResourceType = "Project",
            DisplayName = "haus",
            Uid = "häuschen-1234",
            State = "Running",
            StateStyle = "success",
            CreatedAt = Timestamp.FromDateTime(Noon),
            StartedAt = Timestamp.FromDateTime(Noon.AddSeconds(1)),
            StoppedAt = Timestamp.FromDateTime(DateTime.UnixEpoch),
            IsHidden = true
        };
        expected.Environment.Add(new EnvironmentVariable { Name = "EMPTY", Value = "", IsFromSpec = true });
        expected.Environment.Add(new EnvironmentVariable { Name = "UNSET" });
        expected.Commands.Add(new ResourceCommand { Name = "resource-stop", DisplayName = "Stop", IsHighlighted = true, IconName = "Stop", DisplayDescription = "Stop it" });
        expected.Commands.Add(new ResourceCommand { Name = "resource-restart", DisplayName = "Restart", State = V1.ResourceCommandState.Disabled });
        expected.Properties.Add(new ResourceProperty { Name = "executable.pid", Value = Value.ForNumber(300), IsSensitive = false });
        expected.Properties.Add(new ResourceProperty { Name = "Value", Value = Value.ForString(""), IsSensitive = true });
        expected.Properties.Add(new ResourceProperty { Name = "nothing", Value = Value.ForNull(), IsSensitive = false });
        expected.Properties.Add(new ResourceProperty { Name = "yes", Value = Value.ForBool(true), IsSensitive = false });
        expected.Properties.Add(new ResourceProperty { Name = "resource.exitCode", Value = Value.ForNumber(-7), IsSensitive = false });
        expected.Urls.Add(new Url { EndpointName = "http", FullUrl = "http://127.0.0.1:5000", IsInternal = true, DisplayProperties = new() });
        expected.Volumes.Add(new Volume { Source = "data", Target = "/data", MountType = "volume", IsReadOnly = true });
        expected.HealthReports.Add(new V1.HealthReport { Key = "unknown" });
        expected.HealthReports.Add(new V1.HealthReport { Key = "fine", Status = V1.HealthStatus.Healthy, LastRunAt = Timestamp.FromDateTime(Noon) });
        expected.HealthReports.Add(new V1.HealthReport { Key = "ill", Status = V1.HealthStatus.Unhealthy, Description = "does not answer", Exception = "stack" });
        expected.Relationships.Add(new ResourceRelationship { ResourceName = "redis", Type = "WaitFor" });
        expected.Relationships.Add(new ResourceRelationship { ResourceName = "estate", Type = "Parent" });
        var container = new ContainerResource("haus");
        container.Annotations.Add(new ContainerMountAnnotation("data", "/data", ContainerMountType.Volume, isReadOnly: true));
        var snapshot = new CustomResourceSnapshot
        {
            ResourceType = "Project",
            State = new("Running", "success"),
            CreationTimeStamp = Noon,
            StartTimeStamp = Noon.AddSeconds(1),
            StopTimeStamp = DateTime.UnixEpoch,
            ExitCode = -7,
            IsHidden = true,
            EnvironmentVariables = [new("EMPTY", "", true), new("UNSET", null, false)],
            Commands =
            [
                new("resource-stop", ApplicationModel.ResourceCommandState.Enabled, "Stop", "Stop it", "Stop"),
                new("resource-restart", ApplicationModel.ResourceCommandState.Disabled, "Restart", null, null)
            ],
            Properties = [new("executable.pid", 300), new("Value", "") { IsSensitive = true }, new("nothing", null), new("yes", true)],
            Urls = [new("http", "http://127.0.0.1:5000", true)],
            HealthReports =
            [
                new("unknown", null, null, null), new("fine", Health.Healthy, null, null) { LastRunAt = Noon },
                new("ill", Health.Unhealthy, "does not answer", "stack")
            ],
            Relationships = [new("redis", "WaitFor"), new("estate", "Parent")]
        };
        var resource = new ResourceEvent(container, "häuschen-1234", snapshot);

        var update = new WatchResourcesUpdate { Changes = new() };
        update.Changes.Value.Add(new WatchResourcesChange { Upsert = expected });
        WatchResourcesUpdate.Parser.ParseFrom(ResourceMessages.Changes([resource]).Span).ShouldBe(update);
        ResourceMessages.Changes([resource]).ToArray().ShouldBe(update.ToByteArray());
    }

    [Fact]
    public void The_first_update_holds_all_resources_and_their_types()
    {
        var parameter = new ParameterResource("token", _ => "value", secret: true);
        var resource = new ResourceEvent(parameter, "token", new() { ResourceType = "Parameter", Properties = [] });
        var expected = new WatchResourcesUpdate { InitialData = new() };
        expected.InitialData.Resources.Add(new V1.Resource { Name = "token", ResourceType = "Parameter", DisplayName = "token", Uid = "token" });
        expected.InitialData.ResourceTypes.AddRange(
            new[] { "Project", "Container", "Executable", "Parameter", "ConnectionString" }.Select(name => new V1.ResourceType { UniqueName = name }));

        ResourceMessages.InitialData([resource]).ToArray().ShouldBe(expected.ToByteArray());
        ResourceMessages.InitialData([]).ToArray().ShouldNotBeEmpty();
    }

    [Fact]
    public void Console_lines_carry_their_time_their_number_and_whether_they_are_errors()
    {
        var expected = new WatchResourceConsoleLogsUpdate();
        expected.LogLines.Add(new ConsoleLogLine { Text = "2026-11-21T12:00:00.2500000Z one", IsStdErr = false, LineNumber = 1 });
        expected.LogLines.Add(new ConsoleLogLine { Text = "2026-11-21T12:00:00.2500000Z " + new string('ß', 200), IsStdErr = true, LineNumber = 70_000 });

        var written = ResourceMessages.ConsoleLines([new(1, "one", false) { At = Noon }, new(70_000, new string('ß', 200), true) { At = Noon }]);

        written.ToArray().ShouldBe(expected.ToByteArray());
    }

    [Fact]
    public void The_outcome_of_a_command_is_told()
    {
        ResourceMessages.CommandResponse(new() { Success = true }).ToArray()
            .ShouldBe(new ResourceCommandResponse { Kind = ResourceCommandResponseKind.Succeeded }.ToByteArray());
        ResourceMessages.CommandResponse(new() { Success = false, Message = "no" }).ToArray()
            .ShouldBe(new ResourceCommandResponse { Kind = ResourceCommandResponseKind.Failed, Message = "no" }.ToByteArray());
        ResourceMessages.CommandResponse(new() { Success = false, Canceled = true }).ToArray()
            .ShouldBe(new ResourceCommandResponse { Kind = ResourceCommandResponseKind.Cancelled }.ToByteArray());
        ResourceMessages.ApplicationInformation("lucia").ToArray().ShouldBe(new ApplicationInformationResponse { ApplicationName = "lucia" }.ToByteArray());
    }

    [Fact]
    public void What_Google_writes_is_read()
    {
        var logs = ProtoReader.Read(new WatchResourceConsoleLogsRequest { ResourceName = "häuschen", SuppressFollow = true }.ToByteArray());
        (logs.Text(1), logs.Flag(2)).ShouldBe(("häuschen", true));
        var command = ProtoReader.Read(new ResourceCommandRequest { CommandName = "resource-stop", ResourceName = "redis-1", ResourceType = "Container" }.ToByteArray());
        (command.Text(1), command.Text(2), command.Flag(9)).ShouldBe(("resource-stop", "redis-1", false));
        // Fields of kinds that nobody asks for are passed over.
        ProtoReader.Read([.. Value.ForNumber(1.5).ToByteArray(), 0x22, 1, (byte)'x']).Text(4).ShouldBe("x");
    }

    [Theory]
    [InlineData(new byte[] { 0x0A, 5, 1 })]
    [InlineData(new byte[] { 0x0B })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    public void Bytes_that_are_no_message_are_refused(byte[] bytes) => Should.Throw<InvalidDataException>(() => ProtoReader.Read(bytes));
}
