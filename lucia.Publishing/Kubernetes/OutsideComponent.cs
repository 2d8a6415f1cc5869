using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Kubernetes;

/// <summary>
/// The component that opens what no Ingress leads to, TCP and UDP: a Service of type LoadBalancer for those ports alone, and a NetworkPolicy that
/// lets everybody in to them.
/// </summary>
internal static class OutsideComponent
{
    public const string Folder = "components/loadbalancer";

    /// <summary>The workloads of a plan with endpoints for users outside that do not speak HTTP, and those endpoints.</summary>
    public static IReadOnlyList<(Workload Workload, IReadOnlyList<Endpoint> Endpoints)> Of(DeploymentPlan plan) =>
    [
        .. plan.Workloads.Select(static w => (w, (IReadOnlyList<Endpoint>)[.. w.Ports.Where(p => w.Endpoints.Any(e => e is { External: true, IsHttp: false }
            && e.TargetPort == p.TargetPort && e.Protocol == p.Protocol))])).Where(static o => o.Item2.Count > 0),
    ];

    public static void Write(KustomizeDialect dialect, OutputFolder output)
    {
        var plan = dialect.Plan;
        var resources = new List<string>();
        foreach (var (workload, endpoints) in Of(plan).Where(static o => !o.Workload.Optional))
        {
            var name = ObjectNames.Outside(plan, workload);
            Add(name + "-service.yaml", new YamlMap
            {
                { "apiVersion", "v1" },
                { "kind", "Service" },
                { "metadata", ClusterObjects.Metadata(dialect, name, workload) },
                {
                    "spec", new YamlMap
                    {
                        { "type", "LoadBalancer" },
                        { "selector", dialect.Selector(workload) },
                        { "ports", ClusterObjects.Ports(endpoints.Select(e => ServicePorts.For(workload, e))) },
                    }
                },
            });
            Add(name + "-networkpolicy.yaml", new YamlMap
            {
                { "apiVersion", "networking.k8s.io/v1" },
                { "kind", "NetworkPolicy" },
                { "metadata", ClusterObjects.Metadata(dialect, name, workload) },
                {
                    "spec", new YamlMap
                    {
                        { "podSelector", new YamlMap { { "matchLabels", dialect.Selector(workload) } } },
                        { "policyTypes", YamlList.Of(["Ingress"]) },
                        { "ingress", new YamlList(new YamlMap { { "ports", NetworkPolicies.Ports(workload, endpoints.Select(static e => e.Name)) } }) },
                    }
                },
            });
        }
        if (resources.Count > 0)
            KubernetesTarget.AddYaml(output, Folder + "/kustomization.yaml", KubernetesTarget.Kustomization(plan.Name, "Component").Add("resources", YamlList.Of(resources)));

        void Add(string path, YamlMap map)
        {
            KubernetesTarget.AddYaml(output, $"{Folder}/{path}", map);
            resources.Add(path);
        }
    }
}
