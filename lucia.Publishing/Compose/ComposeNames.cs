using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Compose;

/// <summary>
/// The variables of <c>.env</c> that the plan does not name itself: addresses, ports, limits, encoded secrets. None clashes with another.
/// </summary>
internal sealed class ComposeNames
{
    private readonly HashSet<string> _taken;
    private readonly Dictionary<(string Workload, string Endpoint), string> _ports = [];
    private readonly Dictionary<string, (string Cpus, string Memory)> _limits = [];
    private readonly Dictionary<string, string> _encoded = [];

    public ComposeNames(DeploymentPlan plan)
    {
        var endpoints = plan.Workloads.SelectMany(static w => w.Endpoints).ToList();
        _taken =
        [
            .. plan.Parameters.Select(static p => p.Variable),
            .. plan.Builds.Select(static b => b.Variable),
            .. endpoints.SelectMany(static e => new[] { e.PortVariable, e.BindVariable }).OfType<string>(),
        ];
        Bind = endpoints.Select(static e => e.BindVariable).FirstOrDefault(static b => b is not null) ?? Take(Naming.Variable(plan.Name) + "_BIND");
        foreach (var workload in plan.Workloads)
        {
            var name = Naming.Variable(workload.Name);
            var published = Published(workload).ToList();
            foreach (var endpoint in published)
            {
                var own = published.Count == 1 ? $"{name}_PORT" : $"{name}_{Naming.Variable(endpoint.Name)}_PORT";
                _ports.Add((workload.ResourceName, endpoint.Name), endpoint.PortVariable ?? Take(own));
            }
            _limits.Add(workload.ResourceName, (Take(name + "_CPUS"), Take(name + "_MEMORY")));
        }
        foreach (var parameter in plan.Parameters.Where(static p => p.NeedsUriEncoding))
            _encoded.Add(parameter.Name, Take(parameter.Variable + "_URI"));
        Sources = Take("MANIFEST_DIR");
        DevelopmentUser = Take("DEV_USER");
    }

    /// <summary>The address that published ports are bound to.</summary>
    public string Bind { get; }

    /// <summary>The folder that the manifest's relative paths begin at.</summary>
    public string Sources { get; }

    /// <summary>Owner of the mounted sources.</summary>
    public string DevelopmentUser { get; }

    /// <summary>The endpoints that get a port of the host: external ones, once where two share a port.</summary>
    public static IEnumerable<Endpoint> Published(Workload workload) =>
        workload.Ports.Where(p => workload.Endpoints.Any(e => e.External && e.TargetPort == p.TargetPort && e.Protocol == p.Protocol));

    /// <summary>The variable of a published endpoint's port on the host.</summary>
    public string Port(Workload workload, Endpoint endpoint) => _ports[(workload.ResourceName, endpoint.Name)];

    /// <summary>The variables of a workload's limits.</summary>
    public (string Cpus, string Memory) Limits(Workload workload) => _limits[workload.ResourceName];

    /// <summary>The variable that holds a parameter percent-encoded.</summary>
    public string Encoded(string parameter) => _encoded[parameter];

    private string Take(string name) => Naming.Unique(name, _taken, '_');
}
