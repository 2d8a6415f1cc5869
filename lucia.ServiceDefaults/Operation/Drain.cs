using Lucia.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lucia.ServiceDefaults;

/// <summary>
/// The end of a service that nobody notices. Told to stop, it is not ready from that moment on; for a short while it still answers what is new, since
/// load balancers hear of it later; then it accepts nothing more and finishes what it is answering.
/// </summary>
internal sealed partial class Drain(LuciaSettings settings, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService
{
    /// <summary>All of it together: less than the 30 seconds after which compose, Kubernetes and systemd kill.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(25);

    /// <summary>What Kubernetes needs to take a pod out of its endpoints, everywhere in the cluster.</summary>
    private static readonly TimeSpan InKubernetes = TimeSpan.FromSeconds(5);

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddHostedService<Drain>();

        // The host's own setting, DOTNET_SHUTDOWNTIMEOUTSECONDS, has the last word.
        if (string.IsNullOrEmpty(configuration["shutdownTimeoutSeconds"]))
            services.Configure<HostOptions>(host => host.ShutdownTimeout = Grace);
    }

    /// <summary>Before anything else is stopped, the server included.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var delay = settings.Drain ?? (Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } ? InKubernetes : TimeSpan.Zero);
        LogStopping(logger, delay.TotalSeconds);
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Stopping: not ready any more, new requests are answered for {Seconds} s, those under way are finished")]
    private static partial void LogStopping(ILogger logger, double seconds);
}
