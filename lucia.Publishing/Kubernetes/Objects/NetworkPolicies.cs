using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>Nothing talks to anything, but for what the references need. Ports are the pods' own: policies see packets behind the Service.</summary>
internal static class NetworkPolicies
{
    /// <summary>Denies everything that no other policy allows.</summary>
    public static YamlMap DefaultDeny(ObjectDialect dialect) => Policy(dialect, ObjectNames.DefaultDeny(dialect.Plan), null, dialect.SelectorOfAll(), null, null);

    /// <summary>What one workload needs.</summary>
    public static YamlMap For(ObjectDialect dialect, Workload workload)
    {
        var plan = dialect.Plan;
        var ingress = new YamlList();
        foreach (var reference in plan.References.Where(r => r.To == workload.ResourceName))
        {
            ingress.Add(new YamlMap
            {
                { "from", new YamlList(Pods(dialect, plan.Workload(reference.From))) },
                { "ports", Ports(workload, reference.Endpoints) },
            });
        }
        // Nobody holds the address, so a setting of another workload will.
        if (ingress.Count == 0 && workload.Ports.Any() && !workload.Endpoints.Any(static e => e.External))
            ingress.Add(new YamlMap { { "from", new YamlList(new YamlMap { { "podSelector", dialect.SelectorOfAll() } }) }, { "ports", Ports(workload, workload.Endpoints.Select(static e => e.Name)) } });
        dialect.AddIngressRules(ingress, workload);

        var egress = new YamlList(new YamlMap { { "ports", new YamlList(Port("UDP", 53), Port("TCP", 53)) } });
        foreach (var reference in plan.References.Where(r => r.From == workload.ResourceName))
        {
            var to = plan.Workload(reference.To);
            dialect.AddReference(egress, to, new YamlMap { { "to", new YamlList(Pods(dialect, to)) }, { "ports", Ports(to, reference.Endpoints) } });
        }
        if (plan.ReachesOutside(workload))
            dialect.AddAnyAddress(egress, workload);

        return Policy(
            dialect, workload.Name, workload, new YamlMap { { "matchLabels", dialect.Selector(workload) } }, ingress, egress);
    }

    /// <summary>A peer: the pods of a workload.</summary>
    public static YamlMap Pods(ObjectDialect dialect, Workload workload) =>
        new() { { "podSelector", new YamlMap { { "matchLabels", dialect.Selector(workload) } } } };

    /// <summary>The container ports of some endpoints.</summary>
    public static YamlList Ports(Workload workload, IEnumerable<string> endpoints) => new(
        workload.Endpoints.Where(e => endpoints.Contains(e.Name)).DistinctBy(static e => (e.Protocol, e.TargetPort))
            .Select(static e => Port(e.Protocol == "udp" ? "UDP" : "TCP", e.TargetPort)));

    /// <summary>A port of a rule.</summary>
    public static YamlMap Port(string protocol, int port) => new() { { "protocol", protocol }, { "port", port } };

    private static YamlMap Policy(
        ObjectDialect dialect, string name, Workload? workload, YamlNode selector, YamlList? ingress, YamlList? egress)
    {
        var spec = new YamlMap
        {
            { "podSelector", selector },
            { "policyTypes", YamlList.Of(["Ingress", "Egress"]) },
            { "ingress", ingress },
            { "egress", egress },
        };
        return new YamlMap
        {
            { "apiVersion", "networking.k8s.io/v1" },
            { "kind", "NetworkPolicy" },
            { "metadata", ClusterObjects.Metadata(dialect, name, workload) },
            { "spec", spec },
        };
    }
}
