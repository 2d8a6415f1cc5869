using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Lucia.ServiceDefaults;

/// <summary>Traces, metrics and logs over OTLP. The exporter reads the <c>OTEL_EXPORTER_OTLP_*</c> settings itself.</summary>
internal static class OpenTelemetrySetup
{
    /// <summary>Bucket boundaries of durations in seconds, as the semantic conventions give them; the SDK's own are for milliseconds.</summary>
    private static readonly double[] SecondBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60];

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "Lucia.*"];

    private static readonly string[] Meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Lucia.*"];

    public static void Add(WebApplicationBuilder builder)
    {
        // Without it ASP.NET Core leaves method, path and status to an instrumentation package.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        var name = builder.Environment.ApplicationName;
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
            logging.SetResourceBuilder(Describe(ResourceBuilder.CreateDefault(), name)).AddOtlpExporter();
        });
        builder.Services.AddSingleton(services => Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(own => own.AddSingleton(services.GetRequiredService<IConfiguration>()))
            .ConfigureResource(resource => Describe(resource, name))
            .AddSource(Sources)
            .AddOtlpExporter()
            .Build());
        builder.Services.AddSingleton(services => Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(own => own.AddSingleton(services.GetRequiredService<IConfiguration>()))
            .ConfigureResource(resource => Describe(resource, name))
            .AddMeter(Meters)
            .AddView(instrument => IsDuration(instrument) ? new ExplicitBucketHistogramConfiguration { Boundaries = SecondBoundaries } : null)
            .AddOtlpExporter()
            .Build());
        builder.Services.AddHostedService<Providers>();
    }

    private static ResourceBuilder Describe(ResourceBuilder resource, string name) => resource
        .AddService(name, serviceVersion: BuildVersion.Current.Version)
        .AddEnvironmentVariableDetector();

    private static bool IsDuration(Instrument instrument) => instrument is Histogram<double> { Unit: "s", Advice: null };

    /// <summary>Brings the providers to life with the service, and sends what is left when it stops.</summary>
    private sealed class Providers(TracerProvider traces, MeterProvider metrics, LoggerProvider logs) : IHostedService
    {
        /// <summary>In milliseconds. Disposed of alone, one after the other, each would wait five seconds for a collector that does not answer.</summary>
        private const int Patience = 2000;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
            Task.Run(() => traces.Shutdown(Patience), CancellationToken.None),
            Task.Run(() => metrics.Shutdown(Patience), CancellationToken.None),
            Task.Run(() => logs.Shutdown(Patience), CancellationToken.None));
    }
}
