using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Kubernetes;

/// <summary>The overlays, and the component that opens the application to users outside.</summary>
internal sealed class Overlays(KustomizeDialect dialect, OutputFolder output)
{
    private readonly DeploymentPlan _plan = dialect.Plan;

    /// <summary>The workloads that the base runs.</summary>
    private IEnumerable<Workload> Workloads => _plan.Workloads.Where(static w => !w.Optional);

    /// <summary>A namespace of its own, little set aside, and what the profile says of development.</summary>
    public void WriteDev()
    {
        var maps = new YamlList();
        var patches = new YamlList();
        foreach (var workload in Workloads)
        {
            if (DevelopmentSettings.Others(_plan, workload) is { Count: > 0 } others)
            {
                output.AddText($"overlays/dev/{workload.Name}.env", string.Join('\n', others.Select(static e => $"{e.Key}={e.Value}")));
                var map = new YamlMap { { "name", workload.Name + "-env" }, { "envs", YamlList.Of([workload.Name + ".env"]) } };
                if (new ContainerConfiguration(_plan, workload).Fixed.Any(PodTemplate.FitsConfigMap))
                    maps.Add(map.Add("behavior", "merge"));
                else
                    patches.Add(Environment(workload, maps, map));
            }
            patches.Add(Patch(workload, new YamlList(new YamlMap
            {
                { "op", "replace" },
                { "path", "/spec/template/spec/containers/0/resources/requests" },
                { "value", new YamlMap { { "cpu", YamlScalar.Quoted("10m") }, { "memory", Quantity.Smaller("64Mi", workload.Limits.Memory) ?? "64Mi" } } },
            })));
        }
        var kustomization = KubernetesTarget.Kustomization(Naming.Label(_plan.Name.Length > 59 ? _plan.Name[..59] + "-dev" : _plan.Name + "-dev"))
            .Add("resources", YamlList.Of(["../../base"]));
        var settings = Workloads.SelectMany(w => DevelopmentSettings.Of(_plan, w)).DistinctBy(static s => s.Parameter.Name).ToList();
        if (settings.Count > 0)
        {
            output.AddText("overlays/dev/settings.env", string.Join('\n', settings.Select(static s => $"{s.Parameter.Variable}={s.Value}")));
            maps.Add(new YamlMap { { "name", KustomizeDialect.Settings }, { "envs", YamlList.Of(["settings.env"]) }, { "behavior", "merge" } });
        }
        if (maps.Count > 0)
            kustomization.Add("configMapGenerator", maps);
        KubernetesTarget.AddYaml(output, "overlays/dev/kustomization.yaml", kustomization.Add("patches", patches));
    }

    /// <summary>Two of everything that may run twice, spread over nodes and kept while nodes are drained.</summary>
    public void WriteHa()
    {
        var resources = new List<string> { "../../base" };
        var replicas = new YamlList();
        var patches = new YamlList();
        foreach (var workload in Workloads.Where(static w => w.Scalable))
        {
            if (workload.Replicas > 1)
                continue; // the base has it all
            replicas.Add(new YamlMap { { "name", ObjectNames.Runner(_plan, workload) }, { "count", 2 } });
            var budget = $"{workload.Name}-poddisruptionbudget.yaml";
            KubernetesTarget.AddYaml(output, "overlays/ha/" + budget, ClusterObjects.DisruptionBudget(dialect, workload));
            resources.Add(budget);
            patches.Add(Patch(workload, new YamlList(new YamlMap
            {
                { "op", "add" },
                { "path", "/spec/template/spec/topologySpreadConstraints" },
                { "value", ClusterObjects.Spread(dialect, workload) },
            })));
        }
        var kustomization = KubernetesTarget.Kustomization(_plan.Name).Add("resources", YamlList.Of(resources));
        if (replicas.Count > 0)
            kustomization.Add("replicas", replicas).Add("patches", patches);
        KubernetesTarget.AddYaml(output, "overlays/ha/kustomization.yaml", kustomization);
    }

    /// <summary>The workloads an Ingress leads to, each with the port: one that speaks http where there is one, as TLS ends at the Ingress.</summary>
    public static IEnumerable<(Workload Workload, Endpoint Endpoint)> Outside(DeploymentPlan plan) => plan.Workloads
        .Select(static w => (Workload: w, Endpoint: w.Endpoints.Where(static e => e is { External: true, IsHttp: true }).MinBy(static e => e.Scheme == "https")))
        .Where(static o => o.Endpoint is not null)
        .Select(static o => (o.Workload, o.Endpoint!));

    /// <summary>The host an Ingress has until an overlay sets another.</summary>
    public static string ExampleHost(DeploymentPlan plan, Workload workload) =>
        Outside(plan).Count() == 1 ? $"{plan.Name}.example.org" : $"{workload.Name}.{plan.Name}.example.org";

    /// <summary>Ingress and the way in for the controller; off until an overlay of the user's names the component and a host.</summary>
    public void WriteIngress()
    {
        var resources = new List<string>();
        foreach (var (workload, endpoint) in Outside(_plan).Where(static o => !o.Workload.Optional))
        {
            var path = $"{workload.Name}-ingress.yaml";
            KubernetesTarget.AddYaml(output, "components/ingress/" + path, Ingress(workload, endpoint));
            resources.Add(path);
            path = $"{workload.Name}-ingress-networkpolicy.yaml";
            KubernetesTarget.AddYaml(output, "components/ingress/" + path, FromControllers(workload, endpoint));
            resources.Add(path);
        }
        if (resources.Count > 0)
        {
            KubernetesTarget.AddYaml(
                output, "components/ingress/kustomization.yaml",
                KubernetesTarget.Kustomization(_plan.Name, "Component").Add("resources", YamlList.Of(resources)));
        }
    }

    private YamlMap Ingress(Workload workload, Endpoint endpoint) => new()
    {
        { "apiVersion", "networking.k8s.io/v1" },
        { "kind", "Ingress" },
        { "metadata", ClusterObjects.Metadata(dialect, workload.Name, workload) },
        {
            "spec", new YamlMap
            {
                {
                    "rules", new YamlList(new YamlMap
                    {
                        { "host", ExampleHost(_plan, workload) },
                        {
                            "http", new YamlMap
                            {
                                {
                                    "paths", new YamlList(new YamlMap
                                    {
                                        { "path", "/" },
                                        { "pathType", "Prefix" },
                                        {
                                            "backend", new YamlMap
                                            {
                                                {
                                                    "service", new YamlMap
                                                    {
                                                        { "name", workload.Name },
                                                        { "port", new YamlMap { { "name", ServicePorts.For(workload, endpoint).Name } } },
                                                    }
                                                },
                                            }
                                        },
                                    })
                                },
                            }
                        },
                    })
                },
            }
        },
    };

    private YamlMap FromControllers(Workload workload, Endpoint endpoint) => new()
    {
        { "apiVersion", "networking.k8s.io/v1" },
        { "kind", "NetworkPolicy" },
        { "metadata", ClusterObjects.Metadata(dialect, ObjectNames.FromControllers(_plan, workload), workload) },
        {
            "spec", new YamlMap
            {
                { "podSelector", new YamlMap { { "matchLabels", dialect.Selector(workload) } } },
                { "policyTypes", YamlList.Of(["Ingress"]) },
                {
                    "ingress", new YamlList(new YamlMap
                    {
                        {
                            "from", new YamlList(new YamlMap
                            {
                                {
                                    "namespaceSelector", new YamlMap
                                    {
                                        {
                                            "matchExpressions", new YamlList(new YamlMap
                                            {
                                                { "key", "kubernetes.io/metadata.name" },
                                                { "operator", "In" },
                                                { "values", YamlList.Of(ControllerNamespaces) },
                                            })
                                        },
                                    }
                                },
                            })
                        },
                        { "ports", NetworkPolicies.Ports(workload, [endpoint.Name]) },
                    })
                },
            }
        },
    };

    /// <summary>Where ingress controllers live: ingress-nginx, Traefik, and k3s' own Traefik.</summary>
    public static IReadOnlyList<string> ControllerNamespaces { get; } = ["ingress-nginx", "traefik", "kube-system"];

    // The base has no ConfigMap of fixed variables to merge with, so the overlay brings one and the container reads it.
    private YamlMap Environment(Workload workload, YamlList maps, YamlMap map)
    {
        maps.Add(map);
        return Patch(workload, new YamlList(new YamlMap
        {
            { "op", "add" },
            { "path", "/spec/template/spec/containers/0/envFrom" },
            { "value", new YamlList(new YamlMap { { "configMapRef", new YamlMap { { "name", workload.Name + "-env" } } } }) },
        }));
    }

    private YamlMap Patch(Workload workload, YamlList operations) => new()
    {
        {
            "target", new YamlMap
            {
                { "kind", StorageObjects.Runner(_plan, workload) },
                { "name", ObjectNames.Runner(_plan, workload) },
            }
        },
        { "patch", YamlText.Write(operations) },
    };
}
