using System.Collections.Concurrent;
using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Running;

/// <summary>Turns a resource of the model into a program to start: resolves its values and says where it runs.</summary>
/// <param name="builder">The model, its configuration and its state.</param>
/// <param name="ending">Ends a search for a container engine.</param>
internal sealed class LaunchPlanner(DistributedApplicationBuilder builder, CancellationToken ending)
{
    /// <summary>
    /// What a child must not inherit: addresses meant for the AppHost itself, and what a service manager or `dotnet run` told it.
    /// </summary>
    private static readonly string[] NotInherited =
    [
        "ASPNETCORE_URLS", "DOTNET_URLS", "URLS", "ASPNETCORE_HTTP_PORTS", "HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "HTTPS_PORTS", "ASPNETCORE_HTTPS_PORT",
        "DOTNET_LAUNCH_PROFILE", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"
    ];

    private readonly Lazy<Task<ContainerEngine?>> _engine = new(() => ContainerEngine.FindAsync(ending));
    private readonly HashSet<IResource> _unavailable = [];
    private readonly ConcurrentDictionary<IResource, bool> _freshened = [];

    /// <summary>Where programs send their telemetry; null when nobody takes it.</summary>
    internal TelemetryTarget? Telemetry { get; set; }

    /// <summary>Whether the resource cannot be had on this machine, nor what is kept about it (its password).</summary>
    internal bool IsUnavailable(IResource resource) => _unavailable.Contains(resource);

    /// <summary>Whether a resource runs in a container here; Redis is a process where the machine has it.</summary>
    internal static bool IsContainer(IResource resource) => resource is ContainerResource && (resource is not RedisResource || RedisServer.Program is null);

    /// <summary>Finds out which resources this machine has no means for, and says so.</summary>
    internal async Task<IReadOnlyDictionary<IResource, string>> FindUnavailableAsync()
    {
        Dictionary<IResource, string> reasons = [];
        foreach (var redis in builder.Resources.OfType<RedisResource>())
        {
            if (RedisServer.Program is not null || await _engine.Value is not null)
                continue;
            reasons[redis] = RedisServer.Missing;
            _unavailable.Add(redis);
            if (redis.PasswordParameter is { } password)
                _unavailable.Add(password);
        }

        return reasons;
    }

    /// <summary>Removes what containers kept, at the end of a run that keeps nothing. Until then a search that goes on has ended, with its process.</summary>
    internal async Task DiscardVolumesAsync()
    {
        if (!_engine.IsValueCreated)
            return;
        await ((Task)_engine.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!builder.State.IsDiscarded || !_engine.Value.IsCompletedSuccessfully || await _engine.Value is not { } engine)
            return;
        foreach (var container in builder.Resources.OfType<ContainerResource>())
            await engine.RemoveVolumesAsync(container, builder.State.Scope, CancellationToken.None);
    }

    internal async Task<LaunchPlan> PlanAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var resource = instance.Resource;
        var variables = await VariablesAsync(resource, instance, cancellationToken);
        var arguments = await ArgumentsAsync(resource, cancellationToken);
        var plan = resource switch
        {
            RedisResource redis => await RedisAsync(redis, arguments, cancellationToken),
            ContainerResource container => await ContainerAsync(container, variables, arguments, cancellationToken),
            ProjectResource project => Project(project, Inherited(variables), arguments),
            ExecutableResource executable => new LaunchPlan(executable.Command, arguments, executable.WorkingDirectory, Inherited(variables)),
            _ => throw new InvalidOperationException($"'{resource.Name}' is no workload.")
        };
        return plan with { Secrets = await SecretsAsync(resource, cancellationToken) };
    }

    /// <summary>The engine that answers; it is looked for once.</summary>
    internal Task<ContainerEngine?> EngineAsync() => _engine.Value;

    internal async Task<IReadOnlyDictionary<string, string?>> VariablesAsync(IResource resource, ResourceInstance? instance, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> variables = [];
        foreach (var (name, value) in await WorkloadValues.VariablesAsync(resource, builder.ExecutionContext, cancellationToken))
        {
            if (ValueReferences.Resources(value).Any(_unavailable.Contains))
                continue;
            if (await WorkloadValues.TextAsync(value, cancellationToken) is { } text)
                variables[name] = text;
        }

        if (instance is null)
            return variables;
        // A container has a loopback interface of its own; who names another collector keeps it.
        if (Telemetry is not null && resource is not ContainerResource && !variables.ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT"))
        {
            foreach (var (name, value) in Telemetry.VariablesOf(resource.Name, instance.Suffix))
                variables.TryAdd(name, value);
        }

        if (variables.ContainsKey("OTEL_SERVICE_NAME"))
            variables.TryAdd("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={instance.Suffix}");
        return variables;
    }

    internal async Task<IReadOnlyList<string>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        List<string> arguments = [];
        foreach (var value in await WorkloadValues.ArgumentsAsync(resource, builder.ExecutionContext, cancellationToken))
            arguments.Add(await WorkloadValues.TextAsync(value, cancellationToken) ?? "");
        return arguments;
    }

    /// <summary>The values of all secrets that flow into the resource's variables, as they are and as they stand in a URI.</summary>
    private async Task<IReadOnlyCollection<string>> SecretsAsync(IResource resource, CancellationToken cancellationToken)
    {
        HashSet<string> secrets = [];
        if (Telemetry is not null)
            secrets.Add(Telemetry.Key);
        var values = (await WorkloadValues.VariablesAsync(resource, builder.ExecutionContext, cancellationToken)).Values;
        foreach (var parameter in values.SelectMany(ValueReferences.Resources).OfType<ParameterResource>().Where(p => p.Secret && !_unavailable.Contains(p)).Distinct())
        {
            try
            {
                if (await parameter.GetValueAsync(cancellationToken) is { Length: > 0 } secret)
                    secrets.UnionWith([secret, Uri.EscapeDataString(secret)]);
            }
            catch (MissingParameterValueException)
            {
                // An optional one: nothing of it is anywhere.
            }
        }

        return secrets;
    }

    /// <summary>Variables for a program of this machine, and what it is not to inherit.</summary>
    internal static Dictionary<string, string?> Inherited(IReadOnlyDictionary<string, string?> variables)
    {
        var environment = NotInherited.ToDictionary(name => name, string? (_) => null);
        foreach (var (name, value) in variables)
            environment[name] = value;
        return environment;
    }

    private static LaunchPlan Project(ProjectResource project, Dictionary<string, string?> variables, IReadOnlyList<string> arguments)
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Last();
        var directory = Path.GetDirectoryName(metadata.ProjectPath)!;
        if (metadata is not IBuiltProjectMetadata { TargetPath: var assembly } || !File.Exists(assembly))
            throw new DistributedApplicationException($"'{project.Name}' is not built: there is no output of {metadata.ProjectPath}. Build the AppHost again.");

        // The program beside the assembly shows under its own name in a process list; it must find the runtime the AppHost runs on.
        var program = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is null)
            variables.TryAdd("DOTNET_ROOT", root);
        return File.Exists(program)
            ? new LaunchPlan(program, arguments, directory, variables)
            : new LaunchPlan(Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), [assembly, .. arguments], directory, variables);
    }

    private async Task<LaunchPlan> RedisAsync(RedisResource redis, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var password = redis.PasswordParameter is null ? null : await redis.PasswordParameter.GetValueAsync(cancellationToken);
        var save = redis.TryGetLastAnnotation<PersistenceAnnotation>(out var persistence) ? persistence.Save : null;
        if (RedisServer.Program is { } program)
        {
            var volume = redis.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(mount => mount.Target == "/data");
            var directory = volume switch
            {
                null => builder.State.Scratch(redis.Name),
                { Type: ContainerMountType.BindMount } => volume.Source!,
                _ => builder.State.Volume(volume.Source ?? redis.Name)
            };
            Directory.CreateDirectory(directory);
            var configuration = RedisServer.Configuration("127.0.0.1", redis.PrimaryEndpoint.Port, directory, password, save);
            return new LaunchPlan(program, ["-", .. arguments], directory, Inherited(new Dictionary<string, string?>())) { StandardInput = configuration };
        }

        var engine = await ReadyEngineAsync(redis, cancellationToken);
        redis.Entrypoint = null;
        return engine.Plan(
            redis, builder.State.Scope, builder.AppHostDirectory, new Dictionary<string, string?>(), ["redis-server", "-", .. arguments],
            RedisServer.Configuration("*", redis.PrimaryEndpoint.TargetPort ?? 6379, "/data", password, save));
    }

    private async Task<LaunchPlan> ContainerAsync(
        ContainerResource container, IReadOnlyDictionary<string, string?> variables, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var engine = await ReadyEngineAsync(container, cancellationToken);
        return engine.Plan(container, builder.State.Scope, builder.AppHostDirectory, variables, arguments, standardInput: null);
    }

    private async Task<ContainerEngine> ReadyEngineAsync(ContainerResource container, CancellationToken cancellationToken)
    {
        var engine = await _engine.Value ?? throw new DistributedApplicationException(
            $"'{container.Name}' is a container, and neither Docker nor Podman answers on this machine. Start one of them.");
        await engine.RemoveAsync(container, builder.State.Scope, cancellationToken);
        if (builder.State.StartsFresh && _freshened.TryAdd(container, true))
            await engine.RemoveVolumesAsync(container, builder.State.Scope, cancellationToken);
        return engine;
    }
}
