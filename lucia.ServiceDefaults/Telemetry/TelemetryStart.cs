using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Lucia.ServiceDefaults;

/// <summary>Brings telemetry to life once the service has started, and sends what is left when it stops.</summary>
internal sealed class TelemetryStart(IServiceProvider services, LateLogs logs, Func<ServiceProvider> sendLogs) : IHostedService, IDisposable
{
    /// <summary>In milliseconds. Disposed of alone, one after the other, each would wait five seconds for a collector that does not answer.</summary>
    private const int Patience = 2000;

    /// <summary>Whoever waits for the service is answered first; telemetry would compete with that for the processor.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;
    private ServiceProvider? _sendingLogs;

    /// <summary>Done when everything is sent that happens from then on.</summary>
    internal Task Begun => _begun.Task;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        _registration = lifetime.ApplicationStarted.Register(() => _ = BeginAsync(lifetime.ApplicationStopping));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _registration.DisposeAsync();
        if (!Begun.IsCompletedSuccessfully)
            return;
        var (traces, metrics, sent) = (services.GetRequiredService<TracerProvider>(), services.GetRequiredService<MeterProvider>(), _sendingLogs!.GetRequiredService<LoggerProvider>());
        await Task.WhenAll(
            Task.Run(() => traces.Shutdown(Patience), CancellationToken.None),
            Task.Run(() => metrics.Shutdown(Patience), CancellationToken.None),
            Task.Run(() => sent.Shutdown(Patience), CancellationToken.None));
    }

    public void Dispose() => _sendingLogs?.Dispose();

    private async Task BeginAsync(CancellationToken stopping)
    {
        await Task.Delay(Breath, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopping.IsCancellationRequested)
            _begun.SetCanceled(stopping);
        else
            Begin();
    }

    private void Begin()
    {
        try
        {
            services.GetRequiredService<TracerProvider>();
            services.GetRequiredService<MeterProvider>();
            _sendingLogs = sendLogs();
            logs.PassTo(_sendingLogs.GetServices<ILoggerProvider>().Single());
            _begun.SetResult();
        }
        catch (Exception exception)
        {
            // A wrong setting of the exporter is no reason for the service to end.
            services.GetRequiredService<ILogger<TelemetryStart>>().LogWarning("There is no telemetry: {Reason}", exception.Message);
            _begun.SetException(exception);
        }
    }
}
