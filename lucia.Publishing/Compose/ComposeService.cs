using System.Globalization;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Compose;

/// <summary>Writes one workload as a service of <c>docker-compose.yml</c>.</summary>
internal sealed class ComposeService(DeploymentPlan plan, ComposeNames names, SecretStore secrets)
{
    /// <summary>The network without a way out.</summary>
    public const string InternalNetwork = "internal";

    /// <summary>The network of published ports and of calls to the outside.</summary>
    public const string EdgeNetwork = "edge";

    private readonly ComposeValues _values = new(plan, names);

    public YamlMap Write(Workload workload)
    {
        var security = workload.Security;
        var reachesOutside = plan.ReachesOutside(workload);
        var published = ComposeNames.Published(workload).ToList();
        return new YamlMap
        {
            { "image", ComposeValues.Image(workload.Image) },
            { "profiles", workload.Optional ? new YamlList(workload.Name) : null },
            { "entrypoint", Texts(workload.Entrypoint) },
            { "command", Texts(workload.Args) },
            // An unknown image may bring an init of its own that insists on being process 1.
            { "init", security.DropCapabilities ? true : null },
            { "restart", "unless-stopped" },
            { "stop_grace_period", Seconds(workload.StopGraceSeconds) },
            { "user", security.User is { } user ? YamlScalar.Quoted(security.Group is { } group ? $"{user}:{group}" : $"{user}") : null },
            { "read_only", security.ReadOnlyRoot ? true : null },
            { "tmpfs", NotEmpty(security.Writable.Select(path => (YamlNode)Tmpfs(path, security))) },
            { "cap_drop", security.DropCapabilities ? new YamlList("ALL") : null },
            { "cap_add", NotEmpty(security.Capabilities.Select(static c => (YamlNode)c)) },
            { "security_opt", new YamlList("no-new-privileges:true") },
            { "environment", Environment(workload) },
            { "secrets", NotEmpty(secrets.Of(workload).Select(static s => (YamlNode)new YamlMap { { "source", s.Key }, { "target", ComposeValues.Escape(s.Target) } })) },
            { "configs", NotEmpty(workload.Files.Where(SecretStore.IsKnown).Select(f => (YamlNode)new YamlMap { { "source", names.Config(workload, f).Name }, { "target", ComposeValues.Escape(f.Path) } })) },
            { "volumes", NotEmpty(workload.Volumes.Select(Volume).Concat(workload.BindMounts.Select(BindMount))) },
            { "networks", UsesEdge(plan, workload) ? new YamlList(InternalNetwork, EdgeNetwork) : new YamlList(InternalNetwork) },
            { "extra_hosts", reachesOutside ? new YamlList("host.docker.internal:host-gateway") : null },
            { "ports", NotEmpty(published.Select(e => (YamlNode)YamlScalar.Quoted(Port(workload, e)))) },
            { "expose", NotEmpty(workload.Ports.Except(published).Select(static e => (YamlNode)YamlScalar.Quoted(Number(e.TargetPort) + Protocol(e)))) },
            { "healthcheck", Health(workload.Health.Check) },
            { "depends_on", DependsOn(workload) },
            { "deploy", Deploy(workload, published.Count > 0) },
            { "logging", Logging() },
        };
    }

    /// <summary>Whether compose can ask for the workload's health: by a command inside the container only.</summary>
    public static bool HasHealthCheck(Workload workload) => workload.Health.Check is { Kind: ProbeKind.Command };

    /// <summary>Whether the workload publishes a port or calls outside.</summary>
    public static bool UsesEdge(DeploymentPlan plan, Workload workload) =>
        ComposeNames.Published(workload).Any() || plan.ReachesOutside(workload);

    /// <summary>A path of the manifest, seen from the compose file.</summary>
    public string SourcePath(string path) => path is "." or ""
        ? ComposeValues.WithDefault(names.Sources, "..")
        : $"{ComposeValues.WithDefault(names.Sources, "..")}/{ComposeValues.Escape(path.Replace('\\', '/'))}";

    private YamlMap? Environment(Workload workload)
    {
        var environment = new YamlMap();
        foreach (var variable in workload.Environment.Where(v => !SecretStore.ComesAsFile(workload, v)))
            environment.Add(variable.Name, variable.Value.Render(_values));
        return environment.Count == 0 ? null : environment;
    }

    private YamlList? Texts(IReadOnlyList<Expressions.ValueExpression>? values) =>
        values is null ? null : YamlList.Of(values.Select(v => v.Render(_values)));

    private static string Tmpfs(string path, SecurityPlan security) => security.User is { } user && path != "/tmp"
        ? $"{path}:mode=0700,uid={user},gid={security.Group ?? 0}"
        : $"{path}:mode=1777";

    private static YamlNode Volume(VolumeMount volume) => $"{volume.Name}:{ComposeValues.Escape(volume.Target)}{(volume.ReadOnly ? ":ro" : "")}";

    private YamlNode BindMount(BindMount mount) => new YamlMap
    {
        { "type", "bind" },
        { "source", (YamlNode)(mount.IsAbsolute ? ComposeValues.Escape(mount.Source) : SourcePath(mount.Source)) },
        { "target", ComposeValues.Escape(mount.Target) },
        { "read_only", mount.ReadOnly ? true : null },
        // A missing file would otherwise become an empty folder that belongs to root.
        { "bind", new YamlMap { { "create_host_path", false } } },
    };

    private string Port(Workload workload, Endpoint endpoint)
    {
        var bind = ComposeValues.WithDefault(endpoint.BindVariable!, "127.0.0.1");
        return $"{bind}:{ComposeValues.WithDefault(endpoint.PortVariable!, Number(endpoint.HostPort))}:{Number(endpoint.TargetPort)}{Protocol(endpoint)}";
    }

    private static YamlMap? Health(Probe? check) => check is not { Kind: ProbeKind.Command } ? null : new YamlMap
    {
        { "test", YamlList.Of(check.Command.Select(ComposeValues.Escape).Prepend("CMD")) },
        { "interval", Seconds(check.IntervalSeconds) },
        { "timeout", Seconds(check.TimeoutSeconds) },
        { "retries", check.Failures },
        { "start_period", Seconds(check.GraceSeconds) },
    };

    private YamlMap? DependsOn(Workload workload)
    {
        var all = new YamlMap();
        foreach (var dependency in workload.DependsOn)
        {
            var other = plan.Workload(dependency.Workload);
            all.Add(other.Name, new YamlMap
            {
                { "condition", dependency.Healthy && HasHealthCheck(other) ? "service_healthy" : "service_started" },
                { "required", dependency.Required ? null : false },
            });
        }
        return all.Count == 0 ? null : all;
    }

    private YamlMap Deploy(Workload workload, bool hasPublishedPort)
    {
        var (cpus, memory) = names.Limits(workload);
        var limits = new YamlMap
        {
            { "cpus", workload.Limits.Cpu is { } cpu ? YamlScalar.Quoted(ComposeValues.WithDefault(cpus, ComposeAmount.Cpu(cpu))) : null },
            { "memory", workload.Limits.Memory is { } amount ? (YamlNode)ComposeValues.WithDefault(memory, ComposeAmount.Memory(amount)) : null },
            { "pids", workload.Limits.Pids is { } pids ? (YamlNode)pids : null },
        };
        return new YamlMap
        {
            // A port of the host belongs to one container.
            { "replicas", workload.Replicas > 1 && !hasPublishedPort ? (YamlNode)workload.Replicas : null },
            { "resources", new YamlMap { { "limits", limits } } },
        };
    }

    private static YamlMap Logging() => new()
    {
        { "driver", "json-file" },
        { "options", new YamlMap { { "max-size", "10m" }, { "max-file", YamlScalar.Quoted("3") } } },
    };

    private static YamlList? NotEmpty(IEnumerable<YamlNode> items)
    {
        var list = new YamlList(items);
        return list.Count == 0 ? null : list;
    }

    private static string Seconds(int seconds) => Number(seconds) + "s";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Protocol(Endpoint endpoint) => endpoint.Protocol == "udp" ? "/udp" : "";
}
