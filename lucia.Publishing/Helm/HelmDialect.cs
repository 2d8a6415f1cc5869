using Lucia.Publishing.Expressions;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Helm;

/// <summary>
/// Templates: names belong to the release, and values decide what a user may change. Inside texts the actions quote by backquotes, which the
/// YAML around them leaves alone. <c>$</c> is the root everywhere, also inside <c>with</c> and <c>range</c>.
/// </summary>
internal sealed class HelmDialect(DeploymentPlan plan, ChartNames names) : ObjectDialect(plan)
{
    /// <summary>The component of the pods that <c>helm test</c> makes; no workload is likely to have the name.</summary>
    public const string TestComponent = "helm-test";

    public override YamlNode? Namespace => Action("$.Release.Namespace");

    public override YamlNode SettingsName => Name("settings");

    public override string Escape(string text) => text.Replace("{{", "{{`{{`}}");

    public override string Host(Workload workload) => Inside(names.Host(workload));

    public override string Port(Workload workload, Endpoint endpoint) =>
        names.CanBeOutside(workload) ? Inside(names.Port(workload, endpoint)) : $"{ServicePorts.For(workload, endpoint).Port}";

    public override string ImageText(Workload workload) => Inside($"include \"{names.Chart}.image\" {names.Values(workload)}.image");

    public override YamlNode Name(string name) => Action(names.Component(name));

    public override YamlNode Runner(Workload workload) => Action(names.Runner(workload));

    public override YamlNode Labels(Workload? workload) => new YamlTemplate($"include \"{names.Chart}.labels\" (list $ \"{workload?.Name}\")");

    public override YamlNode PodLabels(Workload workload) => new YamlTemplate($"include \"{names.Chart}.podLabels\" (list $ \"{workload.Name}\")");

    public override YamlNode Selector(Workload workload) => Selector(workload.Name);

    /// <summary>Labels that select one component.</summary>
    public YamlNode Selector(string component) => new YamlTemplate($"include \"{names.Chart}.selector\" (list $ \"{component}\")");

    // The namespace may be shared: only the release's own pods.
    public override YamlNode SelectorOfAll() => new YamlMap { { "matchLabels", Selector("") } };

    public override void DescribePod(YamlMap metadata, Workload workload, ContainerConfiguration configuration)
    {
        var annotations = new YamlMap();
        void Checksum(string what, string template) => annotations.Add($"checksum/{what}", Action($"include (print $.Template.BasePath \"/{template}\") $ | sha256sum"));
        if (configuration.Fixed.Any(PodTemplate.FitsConfigMap))
            Checksum("env", $"{ObjectNames.Folder(Plan, workload)}/configmap.yaml");
        if (configuration.Files.Any(static f => !f.IsSecret))
            Checksum("files", $"{ObjectNames.Folder(Plan, workload)}/files.yaml");
        if (configuration.Variables.Any(static v => v.Parameter is { IsSecret: false }))
            Checksum("settings", "settings.yaml");
        if (configuration.NeedsSecret)
        {
            var used = configuration.SecretParameters.Select(static p => p.Key)
                .Concat(configuration.Derived.SelectMany(static d => d.Value.Parameters).Where(static p => p.IsSecret).Select(p => Plan.Parameter(p.Name).Key))
                .Distinct();
            annotations.Add("checksum/secrets", Action($"include \"{names.Chart}.secretsChecksum\" (list $ {string.Join(' ', used.Select(static k => $"\"{k}\""))})"));
        }
        annotations.AddLine($"{{{{- with {names.Values(workload)}.podAnnotations }}}}");
        annotations.AddLine("{{- toYaml . | nindent 8 }}");
        annotations.AddLine("{{- end }}");
        if (annotations.Count == 0)
            metadata.AddLine($"{{{{- if {names.Values(workload)}.podAnnotations }}}}");
        metadata.Add("annotations", annotations);
        if (annotations.Count == 0)
            metadata.AddLine("{{- end }}");
    }

    public override void PlacePod(YamlMap pod, Workload workload)
    {
        var values = names.Values(workload);
        pod.AddLine("{{- with $.Values.imagePullSecrets }}");
        pod.AddLine("imagePullSecrets:");
        pod.AddLine("  {{- range . }}");
        pod.AddLine("  - name: {{ . | quote }}");
        pod.AddLine("  {{- end }}");
        pod.AddLine("{{- end }}");
        foreach (var key in (string[])["nodeSelector", "tolerations", "affinity"])
        {
            pod.AddLine($"{{{{- with {values}.{key} }}}}");
            pod.AddLine($"{key}:");
            pod.AddLine("  {{- toYaml . | nindent 8 }}");
            pod.AddLine("{{- end }}");
        }
        if (workload.Scalable)
        {
            pod.AddLine($"{{{{- if gt (int {values}.replicas) 1 }}}}");
            pod.Add("topologySpreadConstraints", ClusterObjects.Spread(this, workload));
            pod.AddLine("{{- end }}");
        }
    }

    public override void SetImage(YamlMap container, Workload workload)
    {
        container.Add("image", Action($"include \"{names.Chart}.image\" {names.Values(workload)}.image | quote"));
        container.Add("imagePullPolicy", Action($"{names.Values(workload)}.image.pullPolicy"));
    }

    public override YamlNode Replicas(Workload workload) => workload.Scalable ? Action($"{names.Values(workload)}.replicas") : workload.Replicas;

    public override YamlNode Resources(Workload workload) => new YamlTemplate($"toYaml {names.Values(workload)}.resources");

    public override YamlNode SecretName(Workload workload) => Action($"include \"{names.Chart}.secretName\" $");

    // A name that stands twice is refused by some clients and lost by others: what the user says counts.
    public override void AddVariable(YamlList environment, Workload workload, string name, YamlMap variable, ValueExpression? text = null)
    {
        var isFree = $"not (hasKey ({names.Values(workload)}.extraEnv | default dict) \"{name}\")";
        environment.AddLine(text is not null && names.Reachable(text) is { } condition
            ? $"{{{{- if and ({isFree}) ({condition}) }}}}"
            : $"{{{{- if {isFree} }}}}");
        environment.Add(variable);
        environment.AddLine("{{- end }}");
    }

    public override void AddExtraEnvironment(YamlMap container, YamlList environment, Workload workload)
    {
        var values = $"{names.Values(workload)}.extraEnv";
        var isEmpty = environment.Count == 0;
        environment.AddLine($"{{{{- range $name, $value := {values} }}}}");
        environment.Add(new YamlMap { { "name", Action("$name") }, { "value", Action($"include \"{names.Chart}.text\" $value | quote") } });
        environment.AddLine("{{- end }}");
        if (isEmpty)
            container.AddLine($"{{{{- if {values} }}}}");
        container.Add("env", environment);
        if (isEmpty)
            container.AddLine("{{- end }}");
    }

    public override YamlMap ClaimSpec(Workload workload, VolumeMount volume)
    {
        var values = $"{names.Values(workload)}.persistence.{ChartNames.Key(volume.Name)}";
        return new YamlMap { { "accessModes", new YamlTemplate($"toYaml {values}.accessModes") } }
            .AddLine($"{{{{- with {values}.storageClass }}}}")
            .AddLine("storageClassName: {{ . | quote }}")
            .AddLine("{{- end }}")
            .Add("resources", new YamlMap { { "requests", new YamlMap { { "storage", Action($"{values}.size | quote") } } } });
    }

    public override YamlNode MountSecretName(Workload workload, BindMount mount)
    {
        var path = $"{names.Key(workload)}.mounts.{ChartNames.Key(mount.Name)}";
        return Action($"required \"{path}: name a Secret with the files of {mount.Source.Replace('\\', '/')}\" $.Values.{path} | quote");
    }

    // Cilium takes a block of addresses for what is outside the cluster: pods have to be named.
    public override void AddAnyAddress(YamlList egress, Workload workload)
    {
        var to = new YamlList()
            .AddLine("{{- range . }}")
            .Add(new YamlMap { { "ipBlock", new YamlMap { { "cidr", Action(". | quote") } } } })
            .AddLine("{{- end }}")
            .AddLine("{{- if or (has `0.0.0.0/0` .) (has `::/0` .) }}")
            .Add(new YamlMap { { "namespaceSelector", new YamlMap() } })
            .AddLine("{{- end }}");
        egress.AddLine($"{{{{- with {names.Values(workload)}.egressCidrs }}}}").Add(new YamlMap { { "to", to } }).AddLine("{{- end }}");
    }

    public override void AddReference(YamlList egress, Workload to, YamlMap rule)
    {
        if (!names.CanBeOutside(to))
        {
            egress.Add(rule);
            return;
        }
        egress.AddLine($"{{{{- if {names.Values(to)}.enabled }}}}");
        egress.Add(rule);
        egress.AddLine(to.Optional ? $"{{{{- else if {names.Values(to)}.external.host }}}}" : "{{- else }}");
        egress.Add(new YamlMap
        {
            {
                "ports", new YamlList(ServicePorts.Of(to).Select(p => new YamlMap
                {
                    { "protocol", p.Endpoint.Protocol == "udp" ? "UDP" : "TCP" },
                    { "port", Action($"{names.Values(to)}.external.ports.{ChartNames.Key(p.Name)}") },
                }))
            },
        });
        egress.AddLine("{{- end }}");
    }

    public override void AddIngressRules(YamlList ingress, Workload workload)
    {
        if (ChartTest.Of(Plan, workload) is not null)
        {
            ingress.Add(new YamlMap
            {
                { "from", new YamlList(new YamlMap { { "podSelector", new YamlMap { { "matchLabels", Selector(TestComponent) } } } }) },
                { "ports", NetworkPolicies.Ports(workload, workload.Endpoints.Select(static e => e.Name)) },
            });
        }
        var outside = Overlays.Outside(Plan).FirstOrDefault(o => o.Workload.Name == workload.Name);
        if (outside.Endpoint is not null)
            AddControllers(ingress, workload, outside.Endpoint);
        if (!workload.Endpoints.Any(static e => e.External))
            return;
        ingress.AddLine($"{{{{- if ne {names.Values(workload)}.service.type \"ClusterIP\" }}}}");
        ingress.Add(new YamlMap { { "ports", NetworkPolicies.Ports(workload, workload.Endpoints.Where(static e => e.External).Select(static e => e.Name)) } });
        ingress.AddLine("{{- end }}");
    }

    private void AddControllers(YamlList ingress, Workload workload, Endpoint endpoint)
    {
        // A selector of no namespaces is refused.
        ingress.AddLine($"{{{{- if and {names.Values(workload)}.ingress.host $.Values.networkPolicy.ingressNamespaces }}}}");
        ingress.Add(new YamlMap
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
                                    { "values", new YamlTemplate("toYaml $.Values.networkPolicy.ingressNamespaces") },
                                })
                            },
                        }
                    },
                })
            },
            { "ports", NetworkPolicies.Ports(workload, [endpoint.Name]) },
        });
        ingress.AddLine("{{- end }}");
    }

    public override void DescribeService(YamlMap spec, Workload workload)
    {
        if (!workload.Endpoints.Any(static e => e.External))
        {
            spec.Add("type", "ClusterIP");
            return;
        }
        spec.Add("type", Action($"{names.Values(workload)}.service.type"));
        spec.Add("sessionAffinity", Action($"{names.Values(workload)}.service.sessionAffinity"));
    }

    /// <summary>An action as a whole value.</summary>
    public static YamlScalar Action(string expression) => YamlScalar.Raw($"{{{{ {expression} }}}}");

    private static string Inside(string expression) => $"{{{{ {expression.Replace('"', '`')} }}}}";
}
