using System.Text;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;
using static Lucia.Publishing.Helm.HelmDialect;

namespace Lucia.Publishing.Helm;

/// <summary>The templates of the objects, each with the condition it stands under.</summary>
internal sealed class ChartTemplates(DeploymentPlan plan, ChartNames names, HelmDialect dialect, ChartHelpers helpers)
{
    /// <summary>Whether <c>helm test</c> has something to run.</summary>
    public bool HasTests => plan.Workloads.Any(w => ChartTest.Of(plan, w) is not null);

    /// <summary>Paths below <c>templates/</c> and their texts.</summary>
    public IEnumerable<(string Path, string Text)> All()
    {
        if (KubernetesTarget.Settings(plan).Any())
            yield return ("settings.yaml", YamlText.Write(Settings()));
        if (plan.Workloads.Any(w => new ContainerConfiguration(plan, w).NeedsSecret))
            yield return ("secret.yaml", Secret());
        yield return ("default-deny-networkpolicy.yaml", When("$.Values.networkPolicy.enabled", NetworkPolicies.DefaultDeny(dialect)));
        foreach (var (workload, volume) in StorageObjects.Shared(plan))
            yield return ($"{volume.Name}-claim.yaml", YamlText.Write(StorageObjects.Claim(dialect, workload, volume)));
        foreach (var workload in plan.Workloads)
        {
            foreach (var (path, text) in Of(workload))
                yield return ($"{ObjectNames.Folder(plan, workload)}/{path}", text);
        }
        if (HasTests)
            yield return ("test-networkpolicy.yaml", When("$.Values.networkPolicy.enabled", TestPolicy()));
    }

    private IEnumerable<(string Path, string Text)> Of(Workload workload)
    {
        var configuration = new ContainerConfiguration(plan, workload);
        var values = names.Values(workload);
        var enabled = names.HasSwitch(workload) ? $"{values}.enabled" : null;
        string And(string condition) => enabled is null ? condition : $"and {enabled} ({condition})";

        var runner = ClusterObjects.Runner(dialect, configuration);
        yield return (StorageObjects.IsStatefulSet(plan, workload) ? "statefulset.yaml" : "deployment.yaml", When(enabled, runner));
        if (ClusterObjects.Service(dialect, workload) is { } service)
            yield return ("service.yaml", When(enabled, service));
        yield return ("networkpolicy.yaml", When(And("$.Values.networkPolicy.enabled"), NetworkPolicies.For(dialect, workload)));
        var variables = configuration.Fixed.Where(PodTemplate.FitsConfigMap).ToList();
        if (variables.Count > 0)
            yield return ("configmap.yaml", When(enabled, ClusterObjects.ConfigMap(dialect, workload.Name + "-env", workload, Variables(variables))));
        var files = configuration.Files.Where(static f => !f.IsSecret).ToList();
        if (files.Count > 0)
            yield return ("files.yaml", When(enabled, ClusterObjects.ConfigMap(dialect, workload.Name + "-files", workload, Data(files.Select(f => (f.Key, f.File.Content))))));
        if (workload.Scalable)
            yield return ("poddisruptionbudget.yaml", When(And($"gt (int {values}.replicas) 1"), ClusterObjects.DisruptionBudget(dialect, workload)));
        foreach (var (_, endpoint) in Overlays.Outside(plan).Where(o => o.Workload.Name == workload.Name))
            yield return ("ingress.yaml", When(And($"{values}.ingress.host"), Ingress(workload, endpoint)));
        if (ChartTest.Of(plan, workload) is { } test)
            yield return ("test.yaml", When(enabled, Test(workload, test)));
    }

    private YamlMap Variables(IEnumerable<EnvironmentVariable> variables)
    {
        var data = new YamlMap();
        foreach (var variable in variables)
        {
            var condition = names.Reachable(variable.Value);
            if (condition is not null)
                data.AddLine($"{{{{- if {condition} }}}}");
            data.Add(variable.Name, Text(dialect.Fixed(variable.Value)));
            if (condition is not null)
                data.AddLine("{{- end }}");
        }
        return data;
    }

    private YamlMap Data(IEnumerable<(string Key, Expressions.ValueExpression Value)> texts)
    {
        var data = new YamlMap();
        foreach (var (key, value) in texts)
            data.Add(key, Text(dialect.Fixed(value)));
        return data;
    }

    // A host may be a number to YAML once the template has run.
    private static YamlNode Text(string text) => text.StartsWith("{{", StringComparison.Ordinal) || !text.Contains('\n') ? YamlScalar.Quoted(text) : text;

    private YamlMap Settings()
    {
        var data = new YamlMap();
        var joined = ContainerConfiguration.Uses(plan).Joined;
        foreach (var setting in KubernetesTarget.Settings(plan))
        {
            var value = names.Setting(setting);
            if (setting.Required)
            {
                var about = (setting.Description ?? $"The parameter '{setting.Name}'.").ReplaceLineEndings(" ");
                data.Add(setting.Variable, Action($"required {ChartHelpers.Quote($"settings.{names.Key(setting)}: {about}")} ({value}) | quote"));
            }
            else if (joined.Contains(setting.Name))
            {
                data.Add(setting.Variable, Action($"{value} | quote"));
            }
            else
            {
                data.AddLine($"{{{{- with {value} }}}}").Add(setting.Variable, Action(". | quote")).AddLine("{{- end }}");
            }
        }
        return ClusterObjects.ConfigMap(dialect, "settings", null, data);
    }

    private string Secret()
    {
        var configurations = plan.Workloads.Select(w => new ContainerConfiguration(plan, w)).ToList();
        var data = new YamlMap();
        foreach (var key in configurations.SelectMany(static c => c.SecretParameters).Select(static p => p.Key).Distinct())
            data.Add(key, Action($"get $secrets \"{key}\" | b64enc | quote"));
        foreach (var derived in configurations.SelectMany(static c => c.Derived).DistinctBy(static d => d.Key))
            data.Add(derived.Key, Action($"{helpers.Join(derived.Value)} | b64enc | quote"));
        var metadata = new YamlMap { { "name", dialect.Name("secrets") }, { "namespace", dialect.Namespace }, { "labels", dialect.Labels(null) } };
        // Volumes outlive a release, so the passwords of what is in them have to.
        if (plan.Workloads.Any(static w => w.IsStateful))
            metadata.Add("annotations", new YamlMap { { "helm.sh/resource-policy", "keep" } });
        var secret = new YamlMap { { "apiVersion", "v1" }, { "kind", "Secret" }, { "metadata", metadata }, { "type", "Opaque" }, { "data", data } };
        return $"{{{{- if not $.Values.secrets.existingSecret }}}}\n{{{{- $secrets := include \"{names.Chart}.secrets\" $ | fromJson }}}}\n{YamlText.Write(secret)}{{{{- end }}}}\n";
    }

    private YamlMap Ingress(Workload workload, Endpoint endpoint)
    {
        var values = $"{names.Values(workload)}.ingress";
        var metadata = new YamlMap
        {
            { "name", dialect.Name(workload.Name) }, { "namespace", dialect.Namespace }, { "labels", dialect.Labels(workload) },
        };
        metadata.AddLine($"{{{{- with {values}.annotations }}}}").AddLine("annotations:").AddLine("  {{- toYaml . | nindent 4 }}").AddLine("{{- end }}");
        var backend = new YamlMap
        {
            { "name", dialect.Name(workload.Name) }, { "port", new YamlMap { { "name", ServicePorts.For(workload, endpoint).Name } } },
        };
        var spec = new YamlMap()
            .AddLine($"{{{{- with {values}.className }}}}")
            .AddLine("ingressClassName: {{ . }}")
            .AddLine("{{- end }}")
            .Add("rules", new YamlList(new YamlMap
            {
                { "host", Action($"{values}.host | quote") },
                {
                    "http", new YamlMap
                    {
                        {
                            "paths", new YamlList(new YamlMap
                            {
                                { "path", Action($"{values}.path") }, { "pathType", "Prefix" }, { "backend", new YamlMap { { "service", backend } } },
                            })
                        },
                    }
                },
            }))
            .AddLine($"{{{{- if {values}.tls.enabled }}}}")
            .Add("tls", new YamlList(new YamlMap
            {
                { "hosts", new YamlList(Action($"{values}.host | quote")) },
                { "secretName", Action($"default ({names.Component(workload.Name + "-tls")}) {values}.tls.secretName") },
            }))
            .AddLine("{{- end }}");
        return new YamlMap { { "apiVersion", "networking.k8s.io/v1" }, { "kind", "Ingress" }, { "metadata", metadata }, { "spec", spec } };
    }

    private YamlMap Test(Workload workload, ChartTest test)
    {
        var mounts = new YamlList();
        var volumes = new YamlList();
        foreach (var path in workload.Security.Writable)
        {
            var name = Naming.Label("writable" + path.TrimEnd('/').Replace('/', '-'));
            mounts.Add(new YamlMap { { "name", name }, { "mountPath", path } });
            volumes.Add(new YamlMap { { "name", name }, { "emptyDir", new YamlMap() } });
        }
        var template = new PodTemplate(dialect, new ContainerConfiguration(plan, workload));
        var container = new YamlMap { { "name", "check" } };
        dialect.SetImage(container, workload);
        container.Add("command", YamlList.Of(test.Render(dialect, workload)));
        container.Add("resources", dialect.Resources(workload));
        container.Add("securityContext", template.ContainerSecurity());
        if (mounts.Count > 0)
            container.Add("volumeMounts", mounts);
        var pod = new YamlMap
        {
            { "restartPolicy", "Never" },
            { "automountServiceAccountToken", false },
            { "enableServiceLinks", false },
            { "securityContext", template.PodSecurity() },
            { "containers", new YamlList(container) },
        };
        if (volumes.Count > 0)
            pod.Add("volumes", volumes);
        return new YamlMap
        {
            { "apiVersion", "v1" },
            { "kind", "Pod" },
            {
                "metadata", new YamlMap
                {
                    { "name", dialect.Name(workload.Name + "-test") },
                    { "namespace", dialect.Namespace },
                    { "labels", new YamlTemplate($"include \"{names.Chart}.labels\" (list $ \"{TestComponent}\")") },
                    {
                        "annotations", new YamlMap
                        {
                            { "helm.sh/hook", "test" },
                            { "helm.sh/hook-delete-policy", "before-hook-creation,hook-succeeded" },
                        }
                    },
                }
            },
            { "spec", pod },
        };
    }

    private YamlMap TestPolicy() => new()
    {
        { "apiVersion", "networking.k8s.io/v1" },
        { "kind", "NetworkPolicy" },
        { "metadata", ClusterObjects.Metadata(dialect, TestComponent, null) },
        {
            "spec", new YamlMap
            {
                { "podSelector", new YamlMap { { "matchLabels", dialect.Selector(TestComponent) } } },
                { "policyTypes", YamlList.Of(["Ingress", "Egress"]) },
                {
                    "egress", new YamlList(
                    [
                        new YamlMap { { "ports", new YamlList(NetworkPolicies.Port("UDP", 53), NetworkPolicies.Port("TCP", 53)) } },
                        .. plan.Workloads.Where(w => ChartTest.Of(plan, w) is not null).Select(w => new YamlMap
                        {
                            { "to", new YamlList(NetworkPolicies.Pods(dialect, w)) },
                            { "ports", NetworkPolicies.Ports(w, w.Endpoints.Select(static e => e.Name)) },
                        }),
                    ])
                },
            }
        },
    };

    private static string When(string? condition, YamlMap map)
    {
        var yaml = YamlText.Write(map);
        return condition is null ? yaml : new StringBuilder($"{{{{- if {condition} }}}}\n").Append(yaml).Append("{{- end }}\n").ToString();
    }
}
