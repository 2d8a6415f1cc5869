namespace Aspire.Hosting.Dashboard;

/// <summary>Where the programs of a run send their telemetry.</summary>
/// <param name="Address">An OTLP endpoint for gRPC.</param>
/// <param name="Key">What it wants to see.</param>
internal sealed record TelemetryTarget(Uri Address, string Key)
{
    /// <summary>
    /// The settings of one instance, under the names that OpenTelemetry gives them. Name and instance are how the dashboard finds the resource;
    /// the intervals are short, since a person is looking.
    /// </summary>
    internal IEnumerable<KeyValuePair<string, string>> VariablesOf(string service, string instance) =>
    [
        new("OTEL_EXPORTER_OTLP_ENDPOINT", Address.AbsoluteUri),
        new("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        new("OTEL_EXPORTER_OTLP_HEADERS", $"x-otlp-api-key={Key}"),
        new("OTEL_SERVICE_NAME", service),
        new("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={instance}"),
        new("OTEL_BSP_SCHEDULE_DELAY", "1000"),
        new("OTEL_BLRP_SCHEDULE_DELAY", "1000"),
        new("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
        new("OTEL_TRACES_SAMPLER", "always_on")
    ];
}
