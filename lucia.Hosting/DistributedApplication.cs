using System.Diagnostics;
using System.Runtime.InteropServices;
using Aspire.Hosting.Building;
using Aspire.Hosting.Pipelines;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application that can be run on this machine or published.</summary>
public sealed class DistributedApplication : IHost, IAsyncDisposable
{
    private const int Failed = 1, WrongCommandLine = 2, KilledBySignal = 130;

    private readonly DistributedApplicationBuilder _builder;
    private readonly RunConsole _console;
    private readonly ApplicationRun _run;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStarted;

    internal DistributedApplication(DistributedApplicationBuilder builder, IServiceProvider services)
    {
        _builder = builder;
        Services = services;
        ResourceNotifications = services.GetRequiredService<ResourceNotificationService>();
        _console = new RunConsole(builder.Resources, builder.LogsToConsole);
        _run = new ApplicationRun(builder, ResourceNotifications, services.GetRequiredService<ResourceLoggerService>(), _console);
        ResourceCommands = new ResourceCommandService(_run.ExecuteAsync);
    }

    /// <summary>The services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The states of the resources.</summary>
    public ResourceNotificationService ResourceNotifications { get; }

    /// <summary>Commands to the resources.</summary>
    public ResourceCommandService ResourceCommands { get; }

    /// <summary>Called when the application is gone.</summary>
    internal event Action? Disposed;

    internal DistributedApplicationModel Model => Services.GetRequiredService<DistributedApplicationModel>();

    /// <summary>Starts the description of an application without a command line.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Starts the description of an application.</summary>
    /// <param name="args">The command line; see <c>--help</c>.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    /// <summary>Starts the description of an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Runs or publishes, whichever the command line asks for, and returns when that is done.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>
    /// Runs or publishes, whichever the command line asks for. What goes wrong is said on standard error in one line each, and the process's exit
    /// code is set: 1 for a failure, 2 for a wrong command line.
    /// </summary>
    /// <param name="cancellationToken">Stops the application.</param>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_builder.IsCaptured)
        {
            // Whoever captured the application starts and stops it.
            await _ended.Task.WaitAsync(cancellationToken);
            return;
        }

        if (_builder.CommandLine.HelpRequested)
        {
            await Console.Out.WriteLineAsync(CommandLine.Help(_builder.Environment.ApplicationName));
            return;
        }

        if (_builder.CommandLine.Problems.Count > 0)
        {
            foreach (var problem in _builder.CommandLine.Problems)
                await Console.Error.WriteLineAsync(problem);
            await Console.Error.WriteLineAsync("--help lists the options.");
            Environment.ExitCode = WrongCommandLine;
            return;
        }

        using var signals = new StopSignals(KillNow);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, signals.Stop);
        try
        {
            if (_builder.ExecutionContext.IsPublishMode)
                await new PipelineRun(_builder, Services).RunAsync(stop.Token);
            else
                await RunUntilAsync(stop.Token);
        }
        catch (DistributedApplicationException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            Environment.ExitCode = Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Environment.ExitCode = Failed;
        }
    }

    /// <summary>Starts the resources; they become ready in their own time.</summary>
    /// <exception cref="DistributedApplicationException">Something is missing or taken; nothing was started.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_builder.CommandLine.Problems.Count > 0)
            throw new DistributedApplicationException(string.Join(Environment.NewLine, _builder.CommandLine.Problems));
        if (_builder.ExecutionContext.IsPublishMode)
        {
            await new PipelineRun(_builder, Services).RunAsync(cancellationToken);
            return;
        }

        ResourceNotifications.Observe(_console.Changed);
        await _run.StartAsync(cancellationToken);
        _isStarted = true;
    }

    /// <summary>Stops the resources, the dependents first, within ten seconds.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isStarted, false))
            await _run.StopAsync();
        _ended.TrySetResult();
    }

    /// <summary>Stops the resources.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Stops the resources.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (Services is IAsyncDisposable services)
            await services.DisposeAsync();
        Disposed?.Invoke();
    }

    private void KillNow()
    {
        _run.KillNow();
        _console.CloseTable();
    }

    private async Task RunUntilAsync(CancellationToken stop)
    {
        await StartAsync(stop);
        _console.Say("Press Ctrl+C to stop.");
        _console.OpenTable();
        try
        {
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await StopAsync(CancellationToken.None);
        }
        finally
        {
            _console.CloseTable();
        }

        _console.Say("Stopped.");
    }

    /// <summary>The first signal stops in order, a second one ends everything at once.</summary>
    private sealed class StopSignals : IDisposable
    {
        private static readonly TimeSpan SamePress = TimeSpan.FromMilliseconds(500);

        private readonly CancellationTokenSource _stop = new();
        private readonly PosixSignalRegistration[] _registrations;
        private readonly Action _killNow;
        private long _firstAt;

        internal StopSignals(Action killNow)
        {
            _killNow = killNow;
            _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, Received))];
        }

        internal CancellationToken Stop => _stop.Token;

        public void Dispose()
        {
            foreach (var registration in _registrations)
                registration.Dispose();
            _stop.Dispose();
        }

        private void Received(PosixSignalContext context)
        {
            context.Cancel = true;
            if (_stop.IsCancellationRequested)
            {
                // A wrapper that passes a signal on and a terminal that sends it to everyone are one person pressing once.
                if (Stopwatch.GetElapsedTime(_firstAt) < SamePress)
                    return;
                _killNow();
                Environment.Exit(KilledBySignal);
            }

            _firstAt = Stopwatch.GetTimestamp();
            _stop.Cancel();
        }
    }
}
