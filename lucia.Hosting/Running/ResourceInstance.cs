using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>One instance of a workload: waits for what it needs, starts, is watched, starts again when it crashes, stops.</summary>
internal sealed class ResourceInstance
{
    /// <summary>A program that says its configuration is wrong (EX_CONFIG of sysexits.h) would say it again.</summary>
    private const int MisconfiguredExitCode = 78;

    /// <summary>How often a program that was never healthy is started again, and how often one that was.</summary>
    private const int RestartsBeforeHealthy = 3, RestartsOnceHealthy = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Forgiven = TimeSpan.FromMinutes(1);

    private readonly ApplicationRun _run;
    private readonly SemaphoreSlim _commands = new(1, 1);
    private readonly IReadOnlyDictionary<EndpointAnnotation, AllocatedEndpoint>? _endpoints;
    private CancellationTokenSource _stop = new();
    private Task _supervision = Task.CompletedTask;
    private volatile ChildProcess? _child;

    internal ResourceInstance(ApplicationRun run, IResource resource, int index)
    {
        _run = run;
        Resource = resource;
        Index = index;
        Suffix = Random.Shared.Next().ToString("x8", CultureInfo.InvariantCulture);
        _endpoints = index == 0 ? null : EndpointPorts.ForReplica(resource);
    }

    internal IResource Resource { get; }

    /// <summary>Which instance of its resource this is, from 0.</summary>
    internal int Index { get; }

    /// <summary>Tells instances apart; the resource's name and it are the instance's id.</summary>
    internal string Suffix { get; }

    internal string Id => $"{Resource.Name}-{Suffix}";

    internal IEnumerable<AllocatedEndpoint> Endpoints =>
        _endpoints?.Values ?? Resource.EndpointAnnotations().Select(endpoint => endpoint.AllocatedEndpoint).OfType<AllocatedEndpoint>();

    private bool IsExpectedToEnd => _run.Model.Any(other => other.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource == Resource && wait.WaitType == WaitType.WaitForCompletion));

    internal void Introduce(string state) => Publish(snapshot => snapshot with
    {
        ResourceType = Resource is ProjectResource ? "Project" : LaunchPlanner.IsContainer(Resource) ? "Container" : "Executable",
        State = state,
        Properties = [.. _run.ParentOf(Resource)],
        Relationships = [.. Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type)).Distinct()]
    });

    internal async Task StartAsync()
    {
        await _commands.WaitAsync();
        try
        {
            if (_supervision.IsCompleted)
                Begin();
        }
        finally
        {
            _commands.Release();
        }
    }

    internal async Task StopAsync()
    {
        await _commands.WaitAsync();
        try
        {
            await _stop.CancelAsync();
            await _supervision;
        }
        finally
        {
            _commands.Release();
        }
    }

    internal void KillNow() => _child?.Kill();

    private void Begin()
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        EndpointAnnotation.OfReplica.Value = _endpoints;
        _supervision = SuperviseAsync(_stop.Token);
    }

    private async Task SuperviseAsync(CancellationToken stop)
    {
        try
        {
            if (!await DependenciesAsync(stop))
                return;
            for (var crashes = 0; ;)
            {
                var life = await LiveAsync(stop);
                if (life.WasStopped || life.ExitCode == 0)
                {
                    End(new(life.WasStopped ? KnownResourceStates.Exited : KnownResourceStates.Finished, null), life.ExitCode);
                    return;
                }

                var exitCode = life.ExitCode;
                crashes = life.Lasted > Forgiven ? 1 : crashes + 1;
                if (!MayRestart(exitCode, crashes, life.WasHealthy))
                    return;
                End(new(KnownResourceStates.Restarting, KnownResourceStateStyles.Warn), exitCode);
                var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << (crashes - 1)));
                _run.Say(this, $"ended with {Meaning(exitCode)}; it starts again in {pause.TotalSeconds:0.#} s");
                await Task.Delay(pause, stop);
            }
        }
        catch (OperationCanceledException)
        {
            Enter(KnownResourceStates.Exited, null);
        }
        catch (Exception error)
        {
            // Whatever it is, it concerns this resource alone; the others go on.
            Fail(error.Message);
        }
    }

    /// <summary>One life of the program.</summary>
    private async Task<(int ExitCode, bool WasStopped, bool WasHealthy, TimeSpan Lasted)> LiveAsync(CancellationToken stop)
    {
        Enter(KnownResourceStates.Starting, KnownResourceStateStyles.Info);
        var plan = await _run.Planner.PlanAsync(this, stop);
        using var child = _child = ChildProcess.Start(plan, (line, isError) => _run.Wrote(this, line, isError));
        _run.Started(child.Id);
        var clock = Stopwatch.StartNew();
        Running(child, plan);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var health = WatchHealthAsync(ended.Token);
        try
        {
            await Task.WhenAny(child.Exited, Task.Delay(Timeout.Infinite, stop));
            var stopped = !child.Exited.IsCompleted;
            if (stopped)
                Enter(KnownResourceStates.Stopping, KnownResourceStateStyles.Info);
            await ended.CancelAsync();
            await child.StopAsync(stopped ? ApplicationRun.Grace : TimeSpan.FromSeconds(1));
            return (await child.Exited, stopped, await health, clock.Elapsed);
        }
        finally
        {
            _child = null;
            _run.Ended(child.Id);
        }
    }

    private bool MayRestart(int exitCode, int crashes, bool wasHealthy)
    {
        if (IsExpectedToEnd)
        {
            End(new(KnownResourceStates.Exited, KnownResourceStateStyles.Error), exitCode);
            _run.Complain(this, $"ended with {Meaning(exitCode)}");
            return false;
        }

        if (exitCode != MisconfiguredExitCode && crashes <= (wasHealthy ? RestartsOnceHealthy : RestartsBeforeHealthy))
            return true;
        End(new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error), exitCode);
        _run.Complain(this, exitCode == MisconfiguredExitCode
            ? "says its configuration is wrong (exit code 78); see its messages above"
            : $"ended with {Meaning(exitCode)} {crashes} times and is given up; see its messages above");
        return false;
    }

    private void Running(ChildProcess child, LaunchPlan plan) => Publish(snapshot => snapshot with
    {
        State = new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
        StartTimeStamp = DateTime.UtcNow,
        StopTimeStamp = null,
        ExitCode = null,
        HealthReports = [.. Probes().Select(probe => new HealthReportSnapshot(probe.Key, null, null, null))],
        EnvironmentVariables = [.. plan.Environment.Where(v => v.Value is not null).Select(v => new EnvironmentVariableSnapshot(v.Key, plan.Masked(v.Value!), true))],
        Urls = [.. Endpoints.Select(endpoint => new UrlSnapshot(endpoint.Endpoint.Name, endpoint.UriString, false))],
        Properties =
        [
            new("executable.path", plan.FileName), new("executable.pid", child.Id), new("executable.workDir", plan.WorkingDirectory),
            .. Resource.Annotations.OfType<IProjectMetadata>().Select(project => new ResourcePropertySnapshot("project.path", project.ProjectPath)),
            .. LaunchPlanner.IsContainer(Resource) ? Resource.Annotations.OfType<ContainerImageAnnotation>().Select(image => new ResourcePropertySnapshot("container.image", image.Reference)) : [],
            .. _run.ParentOf(Resource)
        ]
    });

    /// <summary>Asks often while the program starts, seldom once it is healthy. True when it ever was.</summary>
    private async Task<bool> WatchHealthAsync(CancellationToken ended)
    {
        var probes = Probes().ToArray();
        if (probes.Length == 0)
            return true;
        var wasHealthy = false;
        var pause = ApplicationRun.FirstHealthPause;
        while (!ended.IsCancellationRequested)
        {
            var reports = await Task.WhenAll(probes.Select(probe => CheckAsync(probe, ended)));
            if (ended.IsCancellationRequested)
                break;
            Publish(snapshot => snapshot.State?.Text == KnownResourceStates.Running ? snapshot with { HealthReports = [.. reports] } : snapshot);
            var healthy = reports.All(report => report.Status == HealthStatus.Healthy);
            wasHealthy |= healthy;
            pause = healthy ? ApplicationRun.HealthyPause : wasHealthy || pause > ApplicationRun.LongestHealthPause ? ApplicationRun.LongestHealthPause : pause * 1.05;
            await Task.Delay(pause, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return wasHealthy;
    }

    private static async Task<HealthReportSnapshot> CheckAsync(HealthProbeAnnotation check, CancellationToken ended)
    {
        string? wrong;
        try
        {
            wrong = await check.Probe.CheckAsync(ended);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            wrong = error is OperationCanceledException ? "does not answer in time" : error.Message;
        }

        return new HealthReportSnapshot(check.Key, wrong is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, wrong, null) { LastRunAt = DateTime.UtcNow };
    }

    private IEnumerable<HealthProbeAnnotation> Probes() => Resource.Annotations.OfType<HealthProbeAnnotation>();

    /// <summary>Waits for all that the resource waits for; false when one of them will never be ready.</summary>
    private async Task<bool> DependenciesAsync(CancellationToken stop)
    {
        var waits = Resource.Annotations.OfType<WaitAnnotation>().ToArray();
        if (waits.Length == 0)
            return true;
        Enter(KnownResourceStates.Waiting, KnownResourceStateStyles.Info);
        var reasons = await Task.WhenAll(waits.Select(wait => _run.ReadyAsync(wait, stop)));
        if (reasons.OfType<string>().FirstOrDefault() is not { } reason)
            return true;
        Fail($"did not start: {reason}");
        return false;
    }

    private void Fail(string message)
    {
        End(new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error), exitCode: null);
        _run.Complain(this, message);
    }

    private void End(ResourceStateSnapshot state, int? exitCode) =>
        Publish(snapshot => snapshot with { State = state, ExitCode = exitCode, StopTimeStamp = DateTime.UtcNow, HealthReports = [] });

    private void Enter(string state, string? style) =>
        Publish(snapshot => snapshot.State?.Text == state ? snapshot : snapshot with { State = new(state, style), HealthReports = [] });

    private void Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => _run.Publish(Resource, Id, snapshot =>
    {
        var next = change(snapshot);
        return next with { Commands = CommandsIn(next.State?.Text) };
    });

    private static ImmutableArray<ResourceCommandSnapshot> CommandsIn(string? state)
    {
        var ended = state is null || state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state);
        var canStop = !ended && state != KnownResourceStates.Stopping;
        return
        [
            new(KnownResourceCommands.StartCommand, ended ? ResourceCommandState.Enabled : ResourceCommandState.Hidden, "Start", "Start the resource", "Play"),
            new(KnownResourceCommands.StopCommand, canStop ? ResourceCommandState.Enabled : ResourceCommandState.Hidden, "Stop", "Stop the resource", "Stop"),
            new(KnownResourceCommands.RestartCommand, canStop ? ResourceCommandState.Enabled : ResourceCommandState.Disabled, "Restart", "Stop and start the resource", "ArrowCounterclockwise")
        ];
    }

    /// <summary>.NET reports a program that a signal ended as 128 and the signal.</summary>
    private static string Meaning(int exitCode) => exitCode > 128 && !OperatingSystem.IsWindows() ? $"signal {exitCode - 128}" : $"exit code {exitCode}";
}
