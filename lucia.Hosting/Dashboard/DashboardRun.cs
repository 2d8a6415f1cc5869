using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The dashboard of a run. Its keys and addresses are settled before anything starts, since the resources are told them; it starts itself once
/// the resources are ready, so that none of them is ready later for it. Whatever becomes of it, the resources do not notice.
/// </summary>
internal sealed class DashboardRun
{
    /// <summary>A resource that takes longer to get ready is one to be watched while it does.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>The first start unpacks the dashboard, or pulls an image.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly DistributedApplicationBuilder _builder;
    private readonly ApplicationRun _run;
    private readonly RunConsole _console;
    private readonly DashboardProgram _program;
    private readonly DashboardKeys _keys;
    private readonly DashboardAddresses _addresses;
    private readonly CancellationTokenSource _stop = new();
    private Task _life = Task.CompletedTask;
    private volatile ChildProcess? _child;

    private DashboardRun(DistributedApplicationBuilder builder, ApplicationRun run, RunConsole console, DashboardProgram program, bool randomize)
    {
        _builder = builder;
        _run = run;
        _console = console;
        _program = program;
        _keys = DashboardKeys.Of(builder.Configuration);
        _addresses = DashboardAddresses.Choose(randomize);
    }

    /// <summary>Where the resources send their telemetry.</summary>
    internal TelemetryTarget Telemetry => new(_addresses.GrpcAddress, _keys.Telemetry);

    /// <summary>Settles what a dashboard needs; null when none is wanted or to be had, which is said.</summary>
    internal static async Task<DashboardRun?> PrepareAsync(DistributedApplicationBuilder builder, ApplicationRun run, RunConsole console, bool randomize)
    {
        if (!builder.WantsDashboard)
            return null;
        if (await DashboardProgram.FindAsync(builder.AppHostDirectory, run.Planner.EngineAsync) is { } program)
            return new(builder, run, console, program, randomize);
        console.Say(DashboardProgram.Missing);
        return null;
    }

    /// <summary>Starts it as soon as the resources are ready.</summary>
    internal void Start(ResourceNotificationService notifications, ResourceLoggerService logs) => _life = LiveAsync(notifications, logs);

    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _life;
        _addresses.Release();
    }

    internal void KillNow() => _child?.Kill();

    private async Task LiveAsync(ResourceNotificationService notifications, ResourceLoggerService logs)
    {
        try
        {
            await Task.WhenAny(_run.SettledAsync(_stop.Token), Task.Delay(LongestWait, _stop.Token));
            _stop.Token.ThrowIfCancellationRequested();
            await ServeAsync(notifications, logs);
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
        catch (Exception error)
        {
            // Whatever it is, it concerns the dashboard alone.
            _console.Warn($"The dashboard did not start: {error.Message} Everything else runs.");
        }
    }

    // Apart from the method above, so that the web server is loaded when it is needed and not before.
    private async Task ServeAsync(ResourceNotificationService notifications, ResourceLoggerService logs)
    {
        await _run.PublishParametersAsync(_stop.Token);
        await using var service = new ResourceService(_builder.Environment.ApplicationName, _keys.Resources, notifications, logs, new(_run.ExecuteAsync));
        await service.StartAsync(_stop.Token);
        await RunAsync(_program.Plan(new(_addresses, _keys, service.Address, _builder.State.Root)));
    }

    private async Task RunAsync(LaunchPlan plan)
    {
        // What it says is its own: it would show the login address once more.
        using var child = _child = ChildProcess.Start(plan, (_, _) => { });
        _run.Started(child.Id);
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var answers = AnswersAsync(ended.Token);
            if (await Task.WhenAny(child.Exited, answers) == answers && await answers)
            {
                _console.Login(new Uri(_addresses.PagesAddress, $"login?t={_keys.Browser}"));
                await Task.WhenAny(child.Exited, Task.Delay(Timeout.Infinite, _stop.Token));
            }

            await ended.CancelAsync();
            if (!_stop.IsCancellationRequested)
            {
                _console.Warn(child.Exited.IsCompleted
                    ? $"The dashboard ended with exit code {await child.Exited}. Everything else runs."
                    : $"The dashboard does not answer after {LongestStart.TotalMinutes:0} minutes and is ended. Everything else runs.");
            }

            await child.StopAsync(Grace);
        }
        finally
        {
            _child = null;
            _run.Ended(child.Id);
        }
    }

    /// <summary>Waits until the dashboard answers a browser; false when it never does.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(LongestStart);
        var pages = new IPEndPoint(IPAddress.Loopback, _addresses.Pages);
        var request = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {_addresses.PagesAddress.Authority}\r\nConnection: close\r\n\r\n");
        while (!bounded.IsCancellationRequested)
        {
            try
            {
                if (await LoopbackExchange.TryAsync(pages, request, "HTTP/1.1".Length, bounded.Token) is { Length: > 0 })
                    return true;
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                // It listens but is not ready to answer.
            }

            await Task.Delay(Poll, bounded.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }
}
