using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The messages of <c>aspire.v1.DashboardService</c>. The numbers of the fields are those of Aspire's <c>dashboard_service.proto</c>.
/// </summary>
internal static class ResourceMessages
{
    private static readonly string[] Types = ["Project", "Container", "Executable", "Parameter", "ConnectionString"];

    internal static ReadOnlyMemory<byte> ApplicationInformation(string name) => ProtoWriter.Message(reply => reply.Text(1, name));

    /// <summary>What there is when a watcher comes.</summary>
    internal static ReadOnlyMemory<byte> InitialData(IEnumerable<ResourceEvent> resources) => ProtoWriter.Message(update => update
        .Message(1, data => data
            .Messages(1, resources, Write)
            .Messages(2, Types, (message, type) => message.Text(1, type))));

    /// <summary>What has changed since.</summary>
    internal static ReadOnlyMemory<byte> Changes(IEnumerable<ResourceEvent> resources) => ProtoWriter.Message(update => update
        .Message(2, changes => changes
            .Messages(1, resources, (change, resource) => change.Message(2, upsert => Write(upsert, resource)))));

    /// <summary>Lines of a resource. The time before a line is how Aspire sends it; the dashboard shows it apart.</summary>
    internal static ReadOnlyMemory<byte> ConsoleLines(IEnumerable<LogLine> lines) => ProtoWriter.Message(update => update
        .Messages(1, lines, (message, line) => message
            .Text(1, string.Create(CultureInfo.InvariantCulture, $"{line.At:yyyy-MM-ddTHH:mm:ss.fffffffZ} {line.Content}"))
            .OptionalFlag(2, line.IsErrorMessage)
            .Number(3, line.LineNumber)));

    internal static ReadOnlyMemory<byte> CommandResponse(ExecuteCommandResult result) => ProtoWriter.Message(reply => reply
        .Number(1, result switch { { Success: true } => 1, { Canceled: true } => 3, _ => 2 })
        .OptionalText(3, result.Message));

    private static void Write(ProtoWriter message, ResourceEvent resource)
    {
        var snapshot = resource.Snapshot;
        message
            .Text(1, resource.ResourceId)
            .Text(2, snapshot.ResourceType)
            .Text(3, resource.Resource.Name)
            .Text(4, resource.ResourceId)
            .OptionalText(5, snapshot.State?.Text)
            .Time(6, snapshot.CreationTimeStamp)
            .Messages(7, snapshot.EnvironmentVariables, (inner, variable) => inner.Text(1, variable.Name).OptionalText(2, variable.Value).Flag(3, variable.IsFromSpec))
            .Messages(11, snapshot.Commands, Write)
            .Messages(12, Properties(snapshot), Write)
            .Messages(13, snapshot.Urls, (inner, url) => inner
                .OptionalText(1, url.Name)
                .Text(2, url.Url)
                .Flag(3, url.IsInternal)
                .Message(5, display => { }))
            .OptionalText(14, snapshot.State?.Style)
            .Messages(15, resource.Resource.Annotations.OfType<ContainerMountAnnotation>(), (inner, mount) => inner
                .Text(1, mount.Source)
                .Text(2, mount.Target)
                .Text(3, mount.Type == ContainerMountType.Volume ? "volume" : "bind")
                .Flag(4, mount.IsReadOnly))
            .Messages(17, snapshot.HealthReports, Write)
            .Time(18, snapshot.StartTimeStamp)
            .Time(19, snapshot.StopTimeStamp)
            .Messages(20, snapshot.Relationships, (inner, relation) => inner.Text(1, relation.ResourceName).Text(2, relation.Type))
            .Flag(21, snapshot.IsHidden);
    }

    private static void Write(ProtoWriter message, ResourceCommandSnapshot command) => message
        .Text(1, command.Name)
        .Text(2, command.DisplayName)
        .Flag(5, command.Name != KnownResourceCommands.RestartCommand)
        .OptionalText(6, command.IconName)
        .OptionalText(8, command.DisplayDescription)
        .Number(9, (int)command.State);

    private static void Write(ProtoWriter message, ResourcePropertySnapshot property) => message
        .Text(1, property.Name)
        .Message(3, value => _ = property.Value switch
        {
            null => value.OptionalNumber(1, 0),
            int number => value.OptionalDouble(2, number),
            bool flag => value.OptionalFlag(4, flag),
            var other => value.OptionalText(3, Convert.ToString(other, CultureInfo.InvariantCulture))
        })
        .OptionalFlag(4, property.IsSensitive);

    private static void Write(ProtoWriter message, HealthReportSnapshot report)
    {
        if (report.Status is { } status)
            message.OptionalNumber(1, status switch { HealthStatus.Healthy => 0, HealthStatus.Degraded => 2, _ => 1 });
        message.Text(2, report.Name).Text(3, report.Description).Text(4, report.ExceptionText).Time(5, report.LastRunAt);
    }

    private static IEnumerable<ResourcePropertySnapshot> Properties(CustomResourceSnapshot snapshot)
    {
        IEnumerable<ResourcePropertySnapshot> properties = snapshot.Properties;
        return snapshot.ExitCode is { } exitCode ? properties.Append(new("resource.exitCode", exitCode)) : properties;
    }
}
