using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lucia.ServiceDefaults;

/// <summary>
/// Tells systemd that the service is ready, that it stops, and, where the unit has a watchdog, that it still answers: every beat follows an
/// answer of <c>/alive</c> through the service's own port, so that a service that no longer serves is restarted.
/// </summary>
/// <remarks>Source: sd_notify(3), sd_watchdog_enabled(3).</remarks>
internal sealed partial class SystemdNotification(
    SystemdSocket socket, IServer server, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SystemdNotification> logger) : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => socket.Send("READY=1"));
        lifetime.ApplicationStopping.Register(() => socket.Send("STOPPING=1"));
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (socket.Watchdog is not { } watchdog)
            return;

        // Twice within the interval, as systemd advises.
        using var beat = new PeriodicTimer(watchdog / 2, time);
        using var client = new HttpClient { Timeout = watchdog / 2 };
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            if (!lifetime.ApplicationStarted.IsCancellationRequested)
                continue;

            try
            {
                using var answer = await client.GetAsync(new Uri(OwnAddress(), "/alive"), stoppingToken);
                if (answer.IsSuccessStatusCode)
                    socket.Send("WATCHDOG=1");
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException)
            {
                LogSilent(logger, exception);
            }
        }
    }

    private Uri OwnAddress() => ServiceCommand.BindingAddress(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());

    [LoggerMessage(LogLevel.Warning, "The service does not answer itself; systemd will restart it if that lasts")]
    private static partial void LogSilent(ILogger logger, Exception exception);
}

/// <summary>The socket that systemd listens at for this unit.</summary>
/// <param name="path">The value of <c>NOTIFY_SOCKET</c>; a leading @ stands for the abstract namespace.</param>
/// <param name="watchdog">The interval within which a beat is expected; <see langword="null"/> without a watchdog.</param>
internal sealed class SystemdSocket(string path, TimeSpan? watchdog)
{
    public TimeSpan? Watchdog { get; } = watchdog;

    /// <summary>The socket of this process; <see langword="null"/> when systemd does not wait for it.</summary>
    public static SystemdSocket? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
            return null;

        var isOurs = Environment.GetEnvironmentVariable("WATCHDOG_PID") is not { Length: > 0 } pid || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var hasInterval = long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0;
        return new(path, isOurs && hasInterval ? TimeSpan.FromMicroseconds(microseconds) : null);
    }

    public void Send(string state)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
            socket.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // systemd is gone, or never was: the service serves all the same.
        }
    }
}
