using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Kubernetes;

/// <summary>Plain objects: names as they are, and values that overlays patch.</summary>
internal sealed class KustomizeDialect(DeploymentPlan plan) : ObjectDialect(plan)
{
    /// <summary>The ConfigMap made of <c>.env</c>.</summary>
    public const string Settings = "settings";

    public override YamlNode? Namespace => null; // kustomization.yaml sets it

    public override YamlNode SettingsName => Settings;

    public override string Escape(string text) => text;

    public override string Host(Workload workload) => workload.Name;

    public override string Port(Workload workload, Endpoint endpoint) => $"{ServicePorts.For(workload, endpoint).Port}";

    public override string ImageText(Workload workload) => workload.Image.Reference;

    public override YamlNode Name(string name) => name;

    public override YamlNode Runner(Workload workload) => ObjectNames.Runner(Plan, workload);

    public override YamlMap Labels(Workload? workload) => Lasting(workload).Add("app.kubernetes.io/version", YamlScalar.Quoted(Plan.Version.Replace('+', '_')));

    public override YamlMap PodLabels(Workload workload) => Lasting(workload);

    private YamlMap Lasting(Workload? workload)
    {
        var labels = new YamlMap
        {
            { "app.kubernetes.io/name", Plan.Name },
            { "app.kubernetes.io/instance", Plan.Name },
        };
        if (workload is not null)
            labels.Add("app.kubernetes.io/component", workload.Name);
        return labels.Add("app.kubernetes.io/part-of", Plan.Name).Add("app.kubernetes.io/managed-by", "kustomize");
    }

    public override YamlMap Selector(Workload workload) => new()
    {
        { "app.kubernetes.io/name", Plan.Name },
        { "app.kubernetes.io/instance", Plan.Name },
        { "app.kubernetes.io/component", workload.Name },
    };

    // The namespace is the application's own.
    public override YamlMap SelectorOfAll() => new();

    public override void DescribePod(YamlMap metadata, Workload workload, ContainerConfiguration configuration)
    {
    }

    public override void PlacePod(YamlMap pod, Workload workload)
    {
        if (workload.Replicas > 1)
            pod.Add("topologySpreadConstraints", ClusterObjects.Spread(this, workload));
    }

    public override void SetImage(YamlMap container, Workload workload) => container.Add("image", ImageText(workload));

    public override YamlNode Replicas(Workload workload) => workload.Replicas;

    public override YamlNode Resources(Workload workload) => Amounts(workload);

    public override YamlNode SecretName(Workload workload) => SecretsOf(workload);

    /// <summary>The Secret of one workload: another's new password does not restart it.</summary>
    public static string SecretsOf(Workload workload) => workload.Name + "-secrets";

    public override void AddExtraEnvironment(YamlMap container, YamlList environment, Workload workload)
    {
        if (environment.Count > 0)
            container.Add("env", environment);
    }

    public override YamlMap ClaimSpec(Workload workload, VolumeMount volume) => new()
    {
        { "accessModes", YamlList.Of(["ReadWriteOnce"]) },
        { "resources", new YamlMap { { "requests", new YamlMap { { "storage", volume.Size } } } } },
    };

    public override YamlNode MountSecretName(Workload workload, BindMount mount) => MountOf(workload, mount);

    /// <summary>The Secret of a bind mount.</summary>
    public static string MountOf(Workload workload, BindMount mount) => $"{workload.Name}-mount-{mount.Name}";

    // Cilium takes a block of addresses for what is outside the cluster: pods have to be named.
    public override void AddAnyAddress(YamlList egress, Workload workload) => egress.Add(new YamlMap
    {
        {
            "to", new YamlList(
                new YamlMap { { "namespaceSelector", new YamlMap() } },
                new YamlMap { { "ipBlock", new YamlMap { { "cidr", "0.0.0.0/0" } } } },
                new YamlMap { { "ipBlock", new YamlMap { { "cidr", "::/0" } } } })
        },
    });

    public override void AddIngressRules(YamlList ingress, Workload workload)
    {
    }

    public override void DescribeService(YamlMap spec, Workload workload) => spec.Add("type", "ClusterIP");

    /// <summary>Requests, never above the limits, and limits.</summary>
    public static YamlMap Amounts(Workload workload)
    {
        YamlMap Map(string? cpu, string? memory)
        {
            var map = new YamlMap();
            if (cpu is not null)
                map.Add("cpu", YamlScalar.Quoted(cpu));
            if (memory is not null)
                map.Add("memory", memory);
            return map;
        }
        return new YamlMap
        {
            {
                "requests",
                Map(Quantity.Smaller(workload.Requests.Cpu, workload.Limits.Cpu), Quantity.Smaller(workload.Requests.Memory, workload.Limits.Memory))
            },
            { "limits", Map(workload.Limits.Cpu, workload.Limits.Memory) },
        };
    }
}
