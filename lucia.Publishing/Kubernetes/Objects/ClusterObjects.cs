using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>The objects of a workload.</summary>
internal static class ClusterObjects
{
    /// <summary>A StatefulSet for what keeps data of its own, else a Deployment.</summary>
    public static YamlMap Runner(ObjectDialect dialect, ContainerConfiguration configuration)
    {
        var workload = configuration.Workload;
        var stateful = StorageObjects.IsStatefulSet(dialect.Plan, workload);
        var spec = new YamlMap { { "replicas", dialect.Replicas(workload) } };
        if (stateful)
        {
            spec.Add("serviceName", dialect.Name(workload.Name));
            spec.Add("podManagementPolicy", "Parallel");
            spec.Add("updateStrategy", new YamlMap { { "type", "RollingUpdate" } });
            spec.Add("persistentVolumeClaimRetentionPolicy", new YamlMap { { "whenDeleted", "Retain" }, { "whenScaled", "Retain" } });
        }
        else
        {
            spec.Add("strategy", workload.Scalable || workload.Replicas > 1
                ? new YamlMap
                {
                    { "type", "RollingUpdate" },
                    { "rollingUpdate", new YamlMap { { "maxUnavailable", 0 }, { "maxSurge", 1 } } },
                }
                : new YamlMap { { "type", "Recreate" } });
        }
        spec.Add("revisionHistoryLimit", 3);
        spec.Add("selector", new YamlMap { { "matchLabels", dialect.Selector(workload) } });
        spec.Add("template", new PodTemplate(dialect, configuration).Write());
        if (stateful)
            spec.Add("volumeClaimTemplates", StorageObjects.Templates(dialect, workload));
        return new YamlMap
        {
            { "apiVersion", "apps/v1" },
            { "kind", stateful ? "StatefulSet" : "Deployment" },
            { "metadata", Metadata(dialect, dialect.Runner(workload), workload) },
            { "spec", spec },
        };
    }

    /// <summary>The Service, or null for what listens to nothing.</summary>
    public static YamlMap? Service(ObjectDialect dialect, Workload workload)
    {
        if (!workload.Ports.Any())
            return null;
        var spec = new YamlMap();
        dialect.DescribeService(spec, workload);
        spec.Add("selector", dialect.Selector(workload));
        spec.Add("ports", Ports(ServicePorts.Of(workload)));
        return new YamlMap
        {
            { "apiVersion", "v1" },
            { "kind", "Service" },
            { "metadata", Metadata(dialect, workload.Name, workload) },
            { "spec", spec },
        };
    }

    /// <summary>The ports of a Service.</summary>
    public static YamlList Ports(IEnumerable<ServicePort> ports) => new(ports.Select(static p =>
    {
        var port = new YamlMap { { "name", p.Name }, { "port", p.Port }, { "targetPort", p.Name }, { "protocol", p.Endpoint.Protocol == "udp" ? "UDP" : "TCP" } };
        return p.Endpoint switch
        {
            { Transport: "http2", Scheme: "http" } => port.Add("appProtocol", "kubernetes.io/h2c"),
            { IsHttp: true } => port.Add("appProtocol", p.Endpoint.Scheme == "https" ? "https" : "http"),
            _ => port,
        };
    }));

    /// <summary>Keeps one running while nodes are drained.</summary>
    public static YamlMap DisruptionBudget(ObjectDialect dialect, Workload workload) => new()
    {
        { "apiVersion", "policy/v1" },
        { "kind", "PodDisruptionBudget" },
        { "metadata", Metadata(dialect, workload.Name, workload) },
        {
            "spec", new YamlMap
            {
                { "maxUnavailable", 1 },
                { "unhealthyPodEvictionPolicy", "AlwaysAllow" },
                { "selector", new YamlMap { { "matchLabels", dialect.Selector(workload) } } },
            }
        },
    };

    /// <summary>A ConfigMap with these texts.</summary>
    public static YamlMap ConfigMap(ObjectDialect dialect, string name, Workload? workload, YamlMap data) => new()
    {
        { "apiVersion", "v1" },
        { "kind", "ConfigMap" },
        { "metadata", Metadata(dialect, name, workload) },
        { "data", data },
    };

    /// <summary>Spreads the pods of a workload over nodes, where there are several.</summary>
    public static YamlList Spread(ObjectDialect dialect, Workload workload) => new(
        new YamlMap
        {
            { "maxSkew", 1 },
            { "topologyKey", "kubernetes.io/hostname" },
            { "whenUnsatisfiable", "ScheduleAnyway" },
            { "labelSelector", new YamlMap { { "matchLabels", dialect.Selector(workload) } } },
        });

    /// <summary>Name, namespace and labels.</summary>
    public static YamlMap Metadata(ObjectDialect dialect, string name, Workload? workload) => Metadata(dialect, dialect.Name(name), workload);

    private static YamlMap Metadata(ObjectDialect dialect, YamlNode name, Workload? workload) => new()
    {
        { "name", name },
        { "namespace", dialect.Namespace },
        { "labels", dialect.Labels(workload) },
    };
}
