using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Compose;

/// <summary>
/// The variables of <c>.env</c> that the plan does not name itself: limits, encoded secrets, folders. None clashes with another.
/// </summary>
internal sealed class ComposeNames
{
    private readonly HashSet<string> _taken;
    private readonly Dictionary<string, (string Cpus, string Memory)> _limits = [];
    private readonly Dictionary<string, string> _encoded = [];
    private readonly Dictionary<(string Workload, string Path), (string Name, string Path)> _configs = [];

    public ComposeNames(DeploymentPlan plan)
    {
        var endpoints = plan.Workloads.SelectMany(static w => w.Endpoints).ToList();
        _taken =
        [
            .. plan.Parameters.Select(static p => p.Variable),
            .. plan.Builds.Select(static b => b.Variable),
            .. endpoints.SelectMany(static e => new[] { e.PortVariable, e.BindVariable }).OfType<string>(),
        ];
        Bind = endpoints.Select(static e => e.BindVariable).FirstOrDefault(static b => b is not null) ?? Naming.Variable(plan.Name) + "_BIND";
        foreach (var workload in plan.Workloads)
        {
            var name = Naming.Variable(workload.Name);
            _limits.Add(workload.ResourceName, (Take(name + "_CPUS"), Take(name + "_MEMORY")));
        }
        foreach (var parameter in plan.Parameters.Where(static p => p.NeedsUriEncoding))
            _encoded.Add(parameter.Name, Take(parameter.Variable + "_URI"));
        NameConfigs(plan);
        Sources = Take("MANIFEST_DIR");
        DevelopmentUser = Take("DEV_USER");
    }

    /// <summary>The address that published ports are bound to, unless an endpoint has one of its own.</summary>
    public string Bind { get; }

    /// <summary>The folder that the manifest's relative paths begin at.</summary>
    public string Sources { get; }

    /// <summary>Owner of the mounted sources.</summary>
    public string DevelopmentUser { get; }

    /// <summary>The endpoints that get a port of the host: external ones, once where two share a port.</summary>
    public static IEnumerable<Endpoint> Published(Workload workload) =>
        workload.Ports.Where(p => workload.Endpoints.Any(e => e.External && e.TargetPort == p.TargetPort && e.Protocol == p.Protocol));

    /// <summary>The variables of a workload's limits.</summary>
    public (string Cpus, string Memory) Limits(Workload workload) => _limits[workload.ResourceName];

    /// <summary>The variable that holds a parameter percent-encoded.</summary>
    public string Encoded(string parameter) => _encoded[parameter];

    /// <summary>A configuration file's name in the compose file, and where it lies beside it.</summary>
    public (string Name, string Path) Config(Workload workload, PlannedFile file) => _configs[(workload.ResourceName, file.Path)];

    private void NameConfigs(DeploymentPlan plan)
    {
        var names = new HashSet<string>();
        var paths = new HashSet<string>();
        foreach (var workload in plan.Workloads)
        {
            foreach (var file in workload.Files)
            {
                var path = $"config/{workload.Name}/{file.Path.Trim('/').Replace('/', '-')}";
                _configs.Add((workload.ResourceName, file.Path), (Naming.Unique(Naming.Label($"{workload.Name}-{file.Path}"), names, '-'), Naming.Unique(path, paths, '-')));
            }
        }
    }

    private string Take(string name) => Naming.Unique(name, _taken, '_');
}
