using System.Text.Json.Nodes;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Helm;

/// <summary>The values of a chart.</summary>
internal sealed class ChartValues(DeploymentPlan plan, ChartNames names)
{
    private const string Amount = @"^([0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?)$";

    public IReadOnlyList<ChartValue> All() => [.. Top(), .. plan.Workloads.Select(Workload)];

    /// <summary>The parameters that are secret and in use.</summary>
    public IEnumerable<PlanParameter> Secrets => ContainerConfiguration.Uses(plan).Used.Where(static p => p.IsSecret);

    private IEnumerable<ChartValue> Top()
    {
        yield return ChartValue.Text("nameOverride", "In place of the chart's name in the names of objects.", "");
        yield return ChartValue.Text("fullnameOverride", "In place of release and chart in the names of objects.", "");
        yield return ChartValue.List("imagePullSecrets", "Names of Secrets with the access to registries.", new JsonObject { ["type"] = "string" });
        var settings = KubernetesTarget.Settings(plan).ToList();
        if (settings.Count > 0)
            yield return ChartValue.Group("settings", "Plain settings; they become a ConfigMap.", settings.Select(Setting));
        var secrets = Secrets.ToList();
        if (secrets.Count > 0)
        {
            yield return ChartValue.Group(
                "secrets", "Secrets. Bring a Secret, or give the values when installing (`--set-file`, `--set-string`, a file that is not in git).",
                [
                    ChartValue.Text("existingSecret", $"Name of a Secret in the same namespace with {Keys()}; the values below then do not count.", ""),
                    .. secrets.Select(Setting),
                ]);
        }
        yield return ChartValue.Group(
            "networkPolicy", "NetworkPolicies: everything is denied but what the application needs.",
            ChartValue.Flag("enabled", "Whether they are made; a cluster without a policy engine ignores them.", true),
            ChartValue.List(
                "ingressNamespaces", "Namespaces of ingress controllers, which are let in when a host is set.", new JsonObject { ["type"] = "string" },
                Overlays.ControllerNamespaces.Select(static n => (JsonNode)n)));
    }

    /// <summary>Whether a Secret of the user's own may lack the key of a secret.</summary>
    public bool MayBeMissing(PlanParameter secret) => ContainerConfiguration.MayBeMissing(plan, secret);

    private string Keys()
    {
        static string List(IEnumerable<string> keys) => string.Join(", ", keys.Select(static k => $"`{k}`"));
        var needed = Secrets.Where(s => !MayBeMissing(s)).Select(static p => p.Key)
            .Concat(plan.Workloads.SelectMany(w => new ContainerConfiguration(plan, w).Derived).Select(static d => d.Key).Distinct()).ToList();
        var optional = Secrets.Where(MayBeMissing).Select(static p => p.Key).ToList();
        return (needed.Count, optional.Count) switch
        {
            (_, 0) => $"the keys {List(needed)}",
            (0, _) => $"any of the keys {List(optional)}",
            _ => $"the keys {List(needed)}, and any of {List(optional)}",
        };
    }

    private ChartValue Setting(PlanParameter parameter)
    {
        var description = (parameter.Description ?? $"The parameter '{parameter.Name}'.").ReplaceLineEndings(" ");
        if (parameter.Allowed.Count > 0)
            description += $" Allowed: {string.Join(", ", parameter.Allowed)}.";
        if (parameter.Example is not null)
            description += $" Example: `{parameter.Example}`.";
        description += parameter.Generate is not null ? " Generated when empty, and kept over upgrades." : parameter.Required ? " Required." : "";
        // A secret has to be quoted: YAML would make another number of 0123 or 1e5.
        return parameter.IsSecret
            ? ChartValue.Text(names.Key(parameter), description, "")
            : ChartValue.Scalar(names.Key(parameter), description, parameter.Default ?? "", parameter.Allowed.Count > 1 ? parameter.Allowed : []);
    }

    private ChartValue Workload(Workload workload)
    {
        var values = new List<ChartValue>();
        if (names.HasSwitch(workload))
            values.Add(ChartValue.Flag("enabled", workload.Optional ? "Whether it runs." : "Whether it runs in the release; else `external` says where it is.", !workload.Optional));
        if (names.CanBeOutside(workload))
            values.Add(External(workload));
        values.Add(Image(workload.Image));
        if (workload.Scalable)
            values.Add(ChartValue.Number("replicas", "How many run; above one a PodDisruptionBudget is made and they are spread over nodes.", workload.Replicas, 0, 100));
        values.Add(Resources(workload));
        values.Add(ChartValue.Scalars("extraEnv", "Environment variables on top, by name; not for secrets."));
        if (workload.Endpoints.Any(static e => e.External))
            values.Add(Service());
        if (Overlays.Outside(plan).Any(o => o.Workload.Name == workload.Name))
            values.Add(Ingress());
        if (workload.Volumes.Count > 0)
            values.Add(ChartValue.Group("persistence", "Volumes; they stay when the release is uninstalled.", workload.Volumes.DistinctBy(static v => v.Name).Select(Volume)));
        if (workload.BindMounts.Count > 0)
            values.Add(ChartValue.Group("mounts", "Secrets that hold the files of bind mounts.", workload.BindMounts.Select(static m => ChartValue.Text(
                ChartNames.Key(m.Name), $"Name of a Secret with {(BindMounts.IsFile(m) ? $"the file {m.Source.Replace('\\', '/')} as the key `{BindMounts.FileName(m)}`" : $"the files of {m.Source.Replace('\\', '/')}")}, mounted at {m.Target}. Required.", ""))));
        if (plan.ReachesOutside(workload))
            values.Add(ChartValue.List("egressCidrs", "Addresses it may call; any, as its settings may name one.", new JsonObject { ["type"] = "string" }, "0.0.0.0/0", "::/0"));
        values.Add(ChartValue.Texts("podAnnotations", "Annotations of its pods."));
        values.Add(ChartValue.Texts("nodeSelector", "Labels of the nodes it may run on."));
        values.Add(ChartValue.List("tolerations", "Taints it tolerates.", new JsonObject { ["type"] = "object" }));
        values.Add(ChartValue.Open("affinity", "Where it runs, in Kubernetes' own terms."));
        return ChartValue.Group(names.Key(workload), workload.Description ?? $"The workload '{workload.ResourceName}'.", values);
    }

    private static ChartValue External(Workload workload) => ChartValue.Group(
        "external", "Where it is, when it is not enabled.",
        ChartValue.Text("host", "Host name or address.", ""),
        ChartValue.Group("ports", "Ports by name.", ServicePorts.Of(workload).Select(static p =>
            ChartValue.Number(ChartNames.Key(p.Name), $"Port of the endpoint '{p.Endpoint.Name}'.", p.Port, 1, 65535))));

    private static ChartValue Image(WorkloadImage image) => ChartValue.Group(
        "image", "The image it runs.",
        ChartValue.Text("repository", "Registry and repository.", image.Repository, "^.+$"),
        ChartValue.Text("tag", "Tag.", image.Digest is null || image.Reference.Split('@')[0].Contains(':') ? image.Tag : ""),
        ChartValue.Text("digest", "Digest; counts in place of the tag.", image.Digest ?? "", "^(sha256:[0-9a-f]{64})?$"),
        ChartValue.Choice("pullPolicy", "When it is pulled.", "IfNotPresent", "Always", "IfNotPresent", "Never"));

    private static ChartValue Resources(Workload workload)
    {
        static JsonObject Amounts(string? cpu, string? memory)
        {
            var amounts = new JsonObject();
            if (cpu is not null)
                amounts["cpu"] = cpu;
            if (memory is not null)
                amounts["memory"] = memory;
            return amounts;
        }
        static JsonObject Schema() => new()
        {
            ["type"] = "object",
            ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("string", "number"), ["pattern"] = Amount },
        };
        return new ChartValue(
            "resources", "What is set aside for it, and the most it may use.",
            new JsonObject
            {
                ["requests"] = Amounts(Quantity.Smaller(workload.Requests.Cpu, workload.Limits.Cpu), Quantity.Smaller(workload.Requests.Memory, workload.Limits.Memory)),
                ["limits"] = Amounts(workload.Limits.Cpu, workload.Limits.Memory),
            },
            new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["properties"] = new JsonObject { ["requests"] = Schema(), ["limits"] = Schema() },
            },
            []);
    }

    private static ChartValue Service() => ChartValue.Group(
        "service", "Its Service.",
        ChartValue.Choice("type", "How it is offered; the other types let everybody in who reaches a node.", "ClusterIP", "ClusterIP", "NodePort", "LoadBalancer"),
        ChartValue.Choice("sessionAffinity", "Whether a caller always meets the same pod.", "None", "None", "ClientIP"));

    private static ChartValue Ingress() => ChartValue.Group(
        "ingress", "The way in for users outside; off until a host is set.",
        ChartValue.Text("host", "Host name, such as app.example.org.", "", @"^([a-z0-9*]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)?$"),
        ChartValue.Text("className", "IngressClass, such as nginx or traefik; the cluster's default when empty.", ""),
        ChartValue.Text("path", "Path it is at.", "/", "^/"),
        ChartValue.Texts("annotations", "Annotations, such as those of cert-manager."),
        ChartValue.Group(
            "tls", "TLS.",
            ChartValue.Flag("enabled", "Whether the Ingress serves TLS.", false),
            ChartValue.Text("secretName", "Secret of the certificate; `<name>-tls` when empty.", "")));

    private static ChartValue Volume(VolumeMount volume) => ChartValue.Group(
        ChartNames.Key(volume.Name), volume.Description ?? $"The volume at {volume.Target}.",
        ChartValue.Text("size", "Size asked for.", volume.Size, @"^[1-9][0-9]*(Ki|Mi|Gi|Ti|k|M|G|T)?$"),
        ChartValue.Text("storageClass", "StorageClass; the cluster's default when empty.", ""),
        ChartValue.List("accessModes", "How many nodes may mount it.", new JsonObject { ["type"] = "string" }, "ReadWriteOnce"));
}
