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

    /// <summary>It holds nothing that could be lost.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private readonly DistributedApplicationBuilder _builder;
    private readonly ApplicationRun _run;
    private readonly RunConsole _console;
    private readonly IReadOnlyList<DashboardProgram> _installed;
    private readonly DashboardKeys _keys;
    private readonly DashboardAddresses _addresses;
    private readonly CancellationTokenSource _stop = new();
    private Task _life = Task.CompletedTask;
    private volatile DashboardProgram? _program;
    private volatile ChildProcess? _child;

    private DashboardRun(
        DistributedApplicationBuilder builder, ApplicationRun run, RunConsole console, IReadOnlyList<DashboardProgram> installed, bool randomize)
    {
        _builder = builder;
        _run = run;
        _console = console;
        _installed = installed;
        _keys = DashboardKeys.Of(builder.Configuration);
        _addresses = DashboardAddresses.Choose(randomize);
    }

    /// <summary>Where the resources send their telemetry.</summary>
    internal TelemetryTarget Telemetry => new(_addresses.GrpcAddress, _keys.Telemetry);

    /// <summary>
    /// Settles what a dashboard needs; null when none is wanted or to be had, which is said. Files alone decide: whether an engine answers may take
    /// seconds to find out, and no resource waits for that.
    /// </summary>
    internal static DashboardRun? Prepare(DistributedApplicationBuilder builder, ApplicationRun run, RunConsole console, bool randomize)
    {
        if (!builder.WantsDashboard)
            return null;
        DashboardProgram[] installed = [.. DashboardProgram.Installed(builder.AppHostDirectory)];
        if (installed.Length > 0 || ContainerEngine.Installed.Any())
            return new(builder, run, console, installed, randomize);
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

    internal void KillNow()
    {
        _child?.Kill();
        _program?.RemoveNow();
    }

    private async Task LiveAsync(ResourceNotificationService notifications, ResourceLoggerService logs)
    {
        try
        {
            await Task.WhenAny(_run.SettledAsync(_stop.Token), Task.Delay(LongestWait, _stop.Token));
            _stop.Token.ThrowIfCancellationRequested();
            var programs = await ProgramsAsync();
            if (_run.IsEnding)
                return;
            if (programs.Count == 0)
                _console.Say(DashboardProgram.Missing);
            else
                await ServeAsync(programs, notifications, logs);
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

    /// <summary>What is installed, else the image where an engine answers.</summary>
    private async Task<IReadOnlyList<DashboardProgram>> ProgramsAsync()
    {
        if (_installed.Count > 0)
            return _installed;
        return await _run.Planner.EngineAsync().WaitAsync(_stop.Token) is { } engine ? [DashboardProgram.In(engine, _builder.State.Scope)] : [];
    }

    // Apart from the method above, so that the web server is loaded when it is needed and not before.
    private async Task ServeAsync(IReadOnlyList<DashboardProgram> programs, ResourceNotificationService notifications, ResourceLoggerService logs)
    {
        await _run.PublishParametersAsync(_stop.Token);
        await using var service = new ResourceService(_builder.Environment.ApplicationName, _keys.Resources, notifications, logs, new(_run.ExecuteAsync));
        await service.StartAsync(_stop.Token);
        await RunAsync(programs, new(_addresses, _keys, service.Address, _builder.State.Root));
    }

    /// <summary>Runs the first of several programs that comes as far as to answer.</summary>
    private async Task RunAsync(IReadOnlyList<DashboardProgram> programs, DashboardSettings settings)
    {
        foreach (var (index, program) in programs.Index())
        {
            var end = await RunAsync(program, settings);
            if (_stop.IsCancellationRequested)
                return;
            if (!end.MayTryAnother || programs.ElementAtOrDefault(index + 1) is not { } another)
            {
                _console.Warn($"{end.Reason} Everything else runs.");
                return;
            }

            _console.Warn($"{end.Reason} It is tried once more with {another}.");
        }
    }

    private async Task<(string Reason, bool MayTryAnother)> RunAsync(DashboardProgram program, DashboardSettings settings)
    {
        var plan = program.Plan(settings);
        await program.RemoveAsync(_stop.Token);
        _program = program;
        // What it says is its own: it would show the login address once more. Only why it ends is told.
        var lastWords = new LastWords();
        using var child = _child = ChildProcess.Start(plan, lastWords.Add);
        _run.Started(child.Id);
        var isOpen = false;
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var answers = AnswersAsync(ended.Token);
            if (await Task.WhenAny(child.Exited, answers) == answers && await answers)
            {
                isOpen = true;
                _console.Login(new Uri(_addresses.PagesAddress, $"login?t={_keys.Browser}"));
                await Task.WhenAny(child.Exited, Task.Delay(Timeout.Infinite, _stop.Token));
            }

            await ended.CancelAsync();
            if (child.Exited.IsCompleted)
                return ($"The dashboard ended with exit code {await child.Exited}{lastWords.Quoted(plan)}.", !isOpen);
            await child.StopAsync(Grace);
            return ($"The dashboard does not answer after {LongestStart.TotalMinutes:0} minutes and is ended{lastWords.Quoted(plan)}.", false);
        }
        finally
        {
            _child = null;
            _run.Ended(child.Id);
            await program.RemoveAsync(CancellationToken.None);
            _program = null;
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
