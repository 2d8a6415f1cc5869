using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace Lucia.ServiceDefaults.Tests;

public class TelemetryTests
{
    [Fact]
    public async Task Without_a_collector_nothing_of_OpenTelemetry_is_there()
    {
        await using var service = await TestService.StartAsync();
        service.Services.GetService<TracerProvider>().ShouldBeNull();
    }

    [Fact]
    public async Task With_a_collector_traces_and_metrics_and_logs_reach_it_under_the_services_name()
    {
        await using var collector = await Collector.StartAsync();
        await using (var service = await TestService.StartAsync(
            settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", "kitchen")]))
        {
            await service.Services.GetRequiredService<TelemetryStart>().Begun.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            using var response = await service.GetAsync("/api/secret");
            response.EnsureSuccessStatusCode();
            using var failed = await service.GetAsync("/api/fails");
        }

        collector.Received.Keys.ShouldContain("/v1/traces");
        collector.Received.Keys.ShouldContain("/v1/metrics");
        collector.Received.Keys.ShouldContain("/v1/logs");
        collector.Received["/v1/traces"].ShouldContain("GET /api/secret");
        collector.Received["/v1/traces"].ShouldContain("http.route");
        collector.Received["/v1/traces"].ShouldContain("kitchen");
        // Logged before telemetry had begun, sent after.
        collector.Received["/v1/logs"].ShouldContain("Listening on");
        collector.Received["/v1/metrics"].ShouldContain("http.server.request.duration");
    }

    [Fact]
    public async Task A_collector_that_never_answers_does_not_hold_up_the_end()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var service = await TestService.StartAsync(settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{silent.LocalEndpoint}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]);
        (await service.GetAsync("/api/secret")).Dispose();

        // Longer than the service's patience, shorter than one provider's own.
        await service.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(4.5), TestContext.Current.CancellationToken);
    }

    /// <summary>Keeps the bytes of what is exported, as text.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        public ConcurrentDictionary<string, string> Received { get; } = new();

        public string Address => app.Urls.First();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var collector = new Collector(app);
            app.Run(async context =>
            {
                using var reader = new StreamReader(context.Request.Body, System.Text.Encoding.Latin1);
                var text = await reader.ReadToEndAsync(context.RequestAborted);
                collector.Received.AddOrUpdate(context.Request.Path, text, (_, before) => before + text);
                context.Response.StatusCode = StatusCodes.Status200OK;
            });
            await app.StartAsync(TestContext.Current.CancellationToken);
            return collector;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
