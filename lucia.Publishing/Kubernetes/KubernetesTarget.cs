using System.Text;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Kubernetes;

/// <summary>Kustomize: a base, the overlays <c>dev</c> and <c>ha</c>, and components for what is off until asked for.</summary>
public sealed class KubernetesTarget : PublishTarget
{
    // https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
    private static readonly string[] Baseline =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    private const string Header = "Made by lucia-publish. Change it by an overlay of your own: publishing again replaces this file.";

    /// <inheritdoc/>
    public override string Name => "kubernetes";

    /// <inheritdoc/>
    public override string Description => "Kustomize base and overlays for `kubectl apply -k`.";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<Feature, FeatureSupport> Support { get; } = ClusterSupport.Table(
        settings: "ConfigMap made of base/.env",
        secrets: "Secret made of base/secrets/ by setup.sh",
        optional: "kustomize component",
        mounts: "read-only Secret that setup.sh makes of the files, flat and at most 1 MiB");

    /// <inheritdoc/>
    public override void Write(DeploymentPlan plan, OutputFolder output)
    {
        ClusterSupport.Check(plan, output);
        // Of the others setup.sh sees what they are.
        BindMounts.ReportGuesses(plan.Workloads.Where(static w => w.Optional), output);
        var dialect = new KustomizeDialect(plan);
        var configurations = plan.Workloads.Select(w => new ContainerConfiguration(plan, w)).ToList();
        var overlays = new Overlays(dialect, output);

        var resources = new List<string>();
        void Add(string path, YamlMap? map)
        {
            if (map is null)
                return;
            AddYaml(output, "base/" + path, map);
            resources.Add(path);
        }
        Add("namespace.yaml", NamespaceObject(dialect, output));
        Add($"{ObjectNames.DefaultDeny(plan)}-networkpolicy.yaml", NetworkPolicies.DefaultDeny(dialect));
        foreach (var (workload, volume) in StorageObjects.Shared(plan))
            Add($"{volume.Name}-claim.yaml", StorageObjects.Claim(dialect, workload, volume));
        var maps = new YamlList();
        var secrets = new YamlList();
        if (Settings(plan).Any())
            maps.Add(new YamlMap { { "name", KustomizeDialect.Settings }, { "envs", YamlList.Of([".env"]) } });
        foreach (var configuration in configurations.Where(static c => !c.Workload.Optional))
        {
            foreach (var (path, map) in Objects(dialect, configuration))
                Add(path, map);
            AddGenerators(dialect, configuration, "base", maps, secrets, output);
        }
        var built = plan.Workloads.Where(static w => !w.Optional && w.Image.IsBuilt).ToList();
        var images = new YamlList(built.DistinctBy(static w => w.Image.Repository).Select(static w => new YamlMap
        {
            { "name", w.Image.Repository },
            { "newName", w.Image.Repository },
            { "newTag", YamlScalar.Quoted(w.Image.Tag) },
        }));
        var kustomization = Kustomization(plan.Name).Add("resources", YamlList.Of(resources));
        if (plan.Workloads.Any(static w => w.BindMounts.Count > 0))
            kustomization.Add("components", YamlList.Of(["secrets/mounts"]));
        if (maps.Count > 0)
            kustomization.Add("configMapGenerator", maps);
        if (secrets.Count > 0)
            kustomization.Add("secretGenerator", secrets);
        if (maps.Count + secrets.Count > 0)
            kustomization.Add("generatorOptions", new YamlMap { { "labels", dialect.Labels(null) } });
        if (images.Count > 0)
            kustomization.Add("images", images);
        AddYaml(output, "base/kustomization.yaml", kustomization);

        foreach (var configuration in configurations.Where(static c => c.Workload.Optional))
            AddOptional(dialect, configuration, output);
        overlays.WriteDev();
        overlays.WriteHa();
        overlays.WriteIngress();
        OutsideComponent.Write(dialect, output);
        foreach (var setting in Settings(plan).Where(static s => s.Default?.AsSpan().IndexOfAny('\n', '\r') >= 0))
        {
            output.Diagnostics.Report(
                DiagnosticCatalogue.NotExpressible, setting.At,
                $"The default of '{setting.Name}' has several lines, which a line of .env cannot hold.", "Make it a file of the workload (`files` in the deployment profile).");
        }
        if (Settings(plan).Any())
            output.AddText("base/.env.example", SettingsFile.Write(plan));
        output.AddText(".gitignore", "base/.env\nsecrets/\n");
        output.AddText("setup.sh", new SetupScript(plan, configurations).Write(), executable: true);
        output.AddText("README.md", new KubernetesReadme(plan).Write());
    }

    /// <summary>The plain parameters that the objects use.</summary>
    internal static IEnumerable<PlanParameter> Settings(DeploymentPlan plan) => ContainerConfiguration.Uses(plan).Used.Where(static p => !p.IsSecret);

    internal static void AddYaml(OutputFolder output, string path, YamlNode root) => output.AddText(path, YamlText.Write(root, Header));

    internal static YamlMap Kustomization(string @namespace, string kind = "Kustomization") => new()
    {
        { "apiVersion", kind == "Component" ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1" },
        { "kind", kind },
        { "namespace", @namespace },
    };

    private static IEnumerable<(string Path, YamlMap? Map)> Objects(KustomizeDialect dialect, ContainerConfiguration configuration)
    {
        var workload = configuration.Workload;
        yield return ($"{workload.Name}-{(StorageObjects.IsStatefulSet(dialect.Plan, workload) ? "statefulset" : "deployment")}.yaml", ClusterObjects.Runner(dialect, configuration));
        yield return ($"{workload.Name}-service.yaml", ClusterObjects.Service(dialect, workload));
        yield return ($"{workload.Name}-networkpolicy.yaml", NetworkPolicies.For(dialect, workload));
        if (workload.Replicas > 1)
            yield return ($"{workload.Name}-poddisruptionbudget.yaml", ClusterObjects.DisruptionBudget(dialect, workload));
    }

    private static void AddGenerators(
        KustomizeDialect dialect, ContainerConfiguration configuration, string folder, YamlList maps, YamlList secrets, OutputFolder output)
    {
        var workload = configuration.Workload;
        var variables = configuration.Fixed.Where(PodTemplate.FitsConfigMap).ToList();
        if (variables.Count > 0)
        {
            // kustomize reads these lines as they are: no quotes, no escapes.
            output.AddText($"{folder}/{workload.Name}.env", string.Join('\n', variables.Select(v => $"{v.Name}={dialect.Fixed(v.Value)}")));
            maps.Add(new YamlMap { { "name", workload.Name + "-env" }, { "envs", YamlList.Of([workload.Name + ".env"]) } });
        }
        var files = configuration.Files.Where(static f => !f.IsSecret).ToList();
        foreach (var file in files)
        {
            output.Add(new OutputFile(
                $"{folder}/{workload.Name}-files/{file.Key}", Encoding.UTF8.GetBytes(dialect.Fixed(file.File.Content)), OutputFile.Readable));
        }
        if (files.Count > 0)
        {
            maps.Add(new YamlMap
            {
                { "name", workload.Name + "-files" }, { "files", YamlList.Of(files.Select(f => $"{f.Key}={workload.Name}-files/{f.Key}")) },
            });
        }
        if (configuration.NeedsSecret)
        {
            var keys = configuration.SecretParameters.Select(static p => p.Key).Concat(configuration.Derived.Select(static d => d.Key));
            secrets.Add(new YamlMap
            {
                { "name", KustomizeDialect.SecretsOf(workload) }, { "files", YamlList.Of(keys.Select(static k => $"{k}=secrets/{k}")) },
            });
        }
    }

    private static void AddOptional(KustomizeDialect dialect, ContainerConfiguration configuration, OutputFolder output)
    {
        var folder = $"components/{ObjectNames.Folder(dialect.Plan, configuration.Workload)}";
        var resources = new List<string>();
        foreach (var (path, map) in Objects(dialect, configuration))
        {
            if (map is null)
                continue;
            AddYaml(output, $"{folder}/{path}", map);
            resources.Add(path);
        }
        var maps = new YamlList();
        var secrets = new YamlList();
        AddGenerators(dialect, configuration, folder, maps, secrets, output);
        var kustomization = Kustomization(dialect.Plan.Name, "Component").Add("resources", YamlList.Of(resources));
        if (maps.Count > 0)
            kustomization.Add("configMapGenerator", maps);
        if (secrets.Count > 0)
            kustomization.Add("secretGenerator", secrets);
        AddYaml(output, $"{folder}/kustomization.yaml", kustomization);
    }

    private static YamlMap NamespaceObject(KustomizeDialect dialect, OutputFolder output)
    {
        var open = dialect.Plan.Workloads.Where(static w => !w.Security.IsRestricted).ToList();
        if (open.Count > 0)
        {
            output.Diagnostics.Report(
                DiagnosticCatalogue.PodSecurityBaseline, open[0].At,
                $"The level restricted would refuse the pods of {string.Join(", ", open.Select(static w => $"'{w.ResourceName}'"))}.");
        }
        var level = open.Count == 0 ? "restricted" : dialect.Plan.Workloads.SelectMany(static w => w.Security.Capabilities).All(Baseline.Contains) ? "baseline" : "privileged";
        var labels = dialect.Labels(null).Add("pod-security.kubernetes.io/enforce", level);
        if (level != "restricted")
            labels.Add("pod-security.kubernetes.io/warn", "restricted");
        return new YamlMap
        {
            { "apiVersion", "v1" },
            { "kind", "Namespace" },
            { "metadata", new YamlMap { { "name", dialect.Plan.Name }, { "labels", labels } } },
        };
    }
}
