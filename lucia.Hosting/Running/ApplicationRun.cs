using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Running;

/// <summary>Runs the resources of a model on this machine.</summary>
internal sealed class ApplicationRun
{
    /// <summary>How long a program may take to end; with the dependents first, the whole application ends within ten seconds.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);

    internal static readonly TimeSpan FirstHealthPause = TimeSpan.FromMilliseconds(20);
    internal static readonly TimeSpan LongestHealthPause = TimeSpan.FromMilliseconds(500);
    internal static readonly TimeSpan HealthyPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(8);

    /// <summary>Aspire marks so what a resource did not write itself.</summary>
    private const string EnginesOwn = "[sys] ";

    private readonly DistributedApplicationBuilder _builder;
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _logs;
    private readonly RunConsole _console;
    private readonly List<ResourceInstance> _instances = [];
    private readonly CancellationTokenSource _ending = new();
    private Watchdog? _watchdog;
    private DashboardRun? _dashboard;

    internal ApplicationRun(DistributedApplicationBuilder builder, ResourceNotificationService notifications, ResourceLoggerService logs, RunConsole console)
    {
        _builder = builder;
        _notifications = notifications;
        _logs = logs;
        _console = console;
        Planner = new LaunchPlanner(builder, _ending.Token);
    }

    internal LaunchPlanner Planner { get; }

    internal IEnumerable<IResource> Model => _builder.Resources;

    /// <summary>Allocates, checks everything that can be checked, and lets every resource start in its turn.</summary>
    /// <exception cref="DistributedApplicationException">Something is missing or taken; nothing was started.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        _builder.State.Take();
        try
        {
            var workloads = Model.Where(r => r is ProjectResource or ExecutableResource or ContainerResource).ToArray();
            var randomize = IsOn("DcpPublisher:RandomizePorts");
            var problems = EndpointPorts.Allocate(workloads, randomize, (resource, endpoint) => _builder.Configuration[$"Hints:Ports:{resource.Name}:{endpoint.Name}"]);
            var unavailable = await Planner.FindUnavailableAsync();
            problems = [.. problems, .. await MissingValuesAsync(workloads, cancellationToken)];
            if (problems.Count > 0)
                throw new DistributedApplicationException(string.Join(Environment.NewLine, problems.Distinct()));
            _watchdog = Watchdog.Start();
            _dashboard = DashboardRun.Prepare(_builder, this, _console, randomize || IsOn(DashboardAddresses.RandomizeSetting));
            Planner.Telemetry = _dashboard?.Telemetry;
            foreach (var (resource, reason) in unavailable)
            {
                Publish(resource, resource.Name, s => s with { ResourceType = "Container", State = new(KnownResourceStates.Unavailable, KnownResourceStateStyles.Warn) });
                _logs.Write(resource.Name, EnginesOwn + reason, isError: false);
                _console.Notice(resource, reason);
            }

            foreach (var value in Values())
                Publish(value, value.Name, s => s with { ResourceType = value is ParameterResource ? "Parameter" : "ConnectionString", State = new(KnownResourceStates.Running, KnownResourceStateStyles.Success) });
            await StartWorkloadsAsync(workloads.Where(workload => !unavailable.ContainsKey(workload)));
            _dashboard?.Start(_notifications, _logs);
        }
        catch
        {
            await StopAsync();
            throw;
        }

        bool IsOn(string setting) => bool.TryParse(_builder.Configuration[setting], out var on) && on;
    }

    /// <summary>Whether it is being stopped, so that nothing new is begun.</summary>
    internal bool IsEnding => _ending.IsCancellationRequested;

    /// <summary>Stops the dependents of a resource before the resource itself; what does not end in time is ended.</summary>
    internal async Task StopAsync()
    {
        await _ending.CancelAsync();
        var stops = new Dictionary<ResourceInstance, Task>();
        var all = StopAllAsync();
        if (await Task.WhenAny(all, Task.Delay(LongestStop)) != all)
            KillNow();
        await all;
        await Planner.DiscardVolumesAsync();
        EndpointPorts.Release(_instances.SelectMany(instance => instance.Endpoints));
        LeftoverProcesses.Forget(_builder.State.Root);
        _watchdog?.Dispose();
        _builder.State.Release();

        // The dashboard last: it is told how the others end, and a service that has nobody to tell waits for an answer.
        async Task StopAllAsync()
        {
            await Task.WhenAll(_instances.ToArray().Select(Stop));
            await (_dashboard?.StopAsync() ?? Task.CompletedTask);
        }

        Task Stop(ResourceInstance instance)
        {
            lock (stops)
            {
                if (stops.TryGetValue(instance, out var stopping))
                    return stopping;
                // Entered before the dependents are visited, so that a circle of references ends here.
                var own = new TaskCompletionSource();
                stops[instance] = own.Task;
                var dependents = Task.WhenAll(_instances.Where(other => IsDependent(other, instance)).Select(Stop));
                _ = StopAfterAsync(instance, dependents, own);
                return own.Task;
            }
        }

        async Task StopAfterAsync(ResourceInstance instance, Task dependents, TaskCompletionSource own)
        {
            await Task.WhenAny(dependents, Task.Delay(Grace + TimeSpan.FromSeconds(1)));
            await instance.StopAsync();
            own.SetResult();
        }
    }

    internal void KillNow()
    {
        _dashboard?.KillNow();
        foreach (var instance in _instances.ToArray())
            instance.KillNow();
    }

    internal async Task<ExecuteCommandResult> ExecuteAsync(string resource, string command, CancellationToken cancellationToken)
    {
        var instances = _instances.Where(i => new[] { i.Id, i.Resource.Name }.Contains(resource, StringComparer.OrdinalIgnoreCase)).ToArray();
        if (instances.Length == 0)
            return new() { Success = false, Message = $"There is no resource '{resource}' that takes commands." };
        if (command != KnownResourceCommands.StartCommand && command != KnownResourceCommands.StopCommand && command != KnownResourceCommands.RestartCommand)
            return new() { Success = false, Message = $"The command '{command}' is unknown." };
        if (command != KnownResourceCommands.StartCommand)
            await Task.WhenAll(instances.Select(instance => instance.StopAsync())).WaitAsync(cancellationToken);
        if (command != KnownResourceCommands.StopCommand)
            await Task.WhenAll(instances.Select(instance => instance.StartAsync())).WaitAsync(cancellationToken);
        return new() { Success = true };
    }

    /// <summary>Waits for what an annotation names; the result says why it will never be, or is null.</summary>
    internal async Task<string?> ReadyAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var name = wait.Resource.Name;
        if (!Model.Contains(wait.Resource) || wait.Resource is ParameterResource or ConnectionStringResource || Planner.IsUnavailable(wait.Resource))
            return null;
        if (!_instances.Any(instance => instance.Resource == wait.Resource))
            return null;
        string? reason = null;
        foreach (var instance in _instances.Where(instance => instance.Resource == wait.Resource).ToArray())
        {
            await _notifications.WaitForResourceAsync(instance.Id, change => IsReady(change.Snapshot), cancellationToken);
        }

        return reason;

        bool IsReady(CustomResourceSnapshot snapshot)
        {
            var state = snapshot.State?.Text;
            var ended = state == KnownResourceStates.Finished || state == KnownResourceStates.Exited;
            if (state == KnownResourceStates.FailedToStart)
                reason = $"'{name}' failed";
            else if (wait.WaitType == WaitType.WaitForCompletion && ended && snapshot.ExitCode != wait.ExitCode)
                reason = $"'{name}' ended with exit code {snapshot.ExitCode}, not {wait.ExitCode}";
            else if (wait.WaitType != WaitType.WaitForCompletion && state == KnownResourceStates.Finished)
                reason = $"'{name}' has ended";
            return reason is not null || wait.WaitType switch
            {
                WaitType.WaitForCompletion => ended,
                WaitType.WaitUntilStarted => state == KnownResourceStates.Running,
                _ => snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
            };
        }
    }

    internal void Publish(IResource resource, string id, Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        _ = _notifications.PublishUpdateAsync(resource, id, change);

    internal void Wrote(ResourceInstance instance, string line, bool isError)
    {
        Keep(instance, line, isError);
        if (instance.Resource is not RedisResource || !RedisServer.IsRoutine(line))
            _console.Line(instance.Resource, line, isError);
    }

    /// <summary>Tells of an instance what a person should know.</summary>
    internal void Say(ResourceInstance instance, string message)
    {
        Keep(instance, EnginesOwn + message, isError: false);
        _console.Notice(instance.Resource, message);
    }

    /// <summary>Tells of an instance what went wrong.</summary>
    internal void Complain(ResourceInstance instance, string message)
    {
        Keep(instance, EnginesOwn + message, isError: true);
        _console.Problem(instance.Resource, message);
    }

    /// <summary>Waits until every resource that starts by itself is ready, or has come to where it will stay.</summary>
    internal Task SettledAsync(CancellationToken cancellationToken) => Task.WhenAll(
        _instances.Where(StartsByItself).ToArray().Select(instance => _notifications.WaitForResourceAsync(instance.Id, ResourceNotificationService.IsSettled, cancellationToken)));

    /// <summary>Publishes the values of the parameters, for whoever shows them.</summary>
    internal async Task PublishParametersAsync(CancellationToken cancellationToken)
    {
        foreach (var parameter in Values().OfType<ParameterResource>())
        {
            try
            {
                var value = await parameter.GetValueAsync(cancellationToken);
                Publish(parameter, parameter.Name, s => s with { Properties = [new("Value", value) { IsSensitive = parameter.Secret }, .. ParentOf(parameter)] });
            }
            catch (MissingParameterValueException)
            {
                Publish(parameter, parameter.Name, s => s with { State = new(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn) });
            }
        }
    }

    /// <summary>The property that hangs a resource below another one in the dashboard, which looks for the parent's first instance.</summary>
    internal IEnumerable<ResourcePropertySnapshot> ParentOf(IResource resource) =>
        resource.Annotations.OfType<ResourceRelationshipAnnotation>().LastOrDefault(relation => relation.Type == KnownRelationshipTypes.Parent) is { Resource: var parent }
            ? [new("resource.parentName", _instances.FirstOrDefault(instance => instance.Resource == parent)?.Id ?? parent.Name)]
            : [];

    internal void Started(int processId)
    {
        // On disk first: it is what is left when the watchdog is gone.
        LeftoverProcesses.Remember(_builder.State.Root, processId);
        _watchdog?.Watch(processId);
    }

    internal void Ended(int processId) => _watchdog?.Forget(processId);

    /// <summary>Keeps a line where it is looked for: under the resource's name and, where there are several instances, under this one's.</summary>
    private void Keep(ResourceInstance instance, string line, bool isError)
    {
        _logs.Write(instance.Resource.Name, line, isError);
        if (instance.Resource.GetReplicaCount() > 1)
            _logs.Write(instance.Id, line, isError);
    }

    private static bool StartsByItself(ResourceInstance instance) => !instance.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any();

    /// <summary>Parameters and connection strings, with the passwords that resources of the model were given by the engine.</summary>
    private IEnumerable<IResource> Values() =>
        Model.Where(r => r is ParameterResource or ConnectionStringResource)
            .Concat(Model.OfType<RedisResource>().Select(redis => redis.PasswordParameter).OfType<ParameterResource>().Where(password => !Planner.IsUnavailable(password)))
            .Distinct();

    private static bool IsDependent(ResourceInstance other, ResourceInstance on) =>
        other.Resource != on.Resource && other.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Any(r => r.Resource == on.Resource);

    private async Task StartWorkloadsAsync(IEnumerable<IResource> workloads)
    {
        foreach (var workload in workloads)
            _instances.AddRange(Enumerable.Range(0, workload.GetReplicaCount()).Select(index => new ResourceInstance(this, workload, index)));
        foreach (var instance in _instances)
            instance.Introduce(KnownResourceStates.NotStarted);
        foreach (var instance in _instances.Where(StartsByItself).OrderBy(i => i.Resource.Annotations.OfType<WaitAnnotation>().Any()))
            await instance.StartAsync();
    }

    /// <summary>Resolves the values of all that starts by itself, so that everything missing is named at once and before anything runs.</summary>
    private async Task<IReadOnlyList<string>> MissingValuesAsync(IEnumerable<IResource> workloads, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        foreach (var workload in workloads.Where(r => !Planner.IsUnavailable(r) && !r.Annotations.OfType<ExplicitStartupAnnotation>().Any()))
        {
            var values = (await WorkloadValues.VariablesAsync(workload, _builder.ExecutionContext, cancellationToken)).Values
                .Concat(await WorkloadValues.ArgumentsAsync(workload, _builder.ExecutionContext, cancellationToken));
            foreach (var value in values.Where(value => !ValueReferences.Resources(value).Any(Planner.IsUnavailable)))
            {
                try
                {
                    await WorkloadValues.TextAsync(value, cancellationToken);
                }
                catch (MissingParameterValueException missing)
                {
                    problems.Add(missing.Message);
                }
            }
        }

        return problems;
    }
}
