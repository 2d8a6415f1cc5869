using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;

namespace Lucia.Publishing.Helm;

/// <summary>A chart: the same objects as on <see cref="KubernetesTarget"/>, named after the release and changed by values.</summary>
public sealed class HelmTarget : PublishTarget
{
    /// <inheritdoc/>
    public override string Name => "helm";

    /// <inheritdoc/>
    public override string Description => "Helm chart (apiVersion v2) with a strict schema of its values.";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<Feature, FeatureSupport> Support { get; } = ClusterSupport.Table(
        settings: "values, in a ConfigMap",
        secrets: "values or `existingSecret`",
        optional: "`enabled: false`",
        mounts: "read-only Secret that the user makes of the files, flat and at most 1 MiB");

    /// <inheritdoc/>
    public override void Write(DeploymentPlan plan, OutputFolder output)
    {
        ClusterSupport.Check(plan, output);
        BindMounts.ReportGuesses(plan.Workloads, output);
        if (plan.Workloads.FirstOrDefault(static w => w.Name == HelmDialect.TestComponent) is { } test)
        {
            output.Diagnostics.Report(
                DiagnosticCatalogue.NameCollision, SourceLocation.Manifest with { Resource = test.ResourceName }, $"'{test.ResourceName}' and the chart's own test both become '{test.Name}'.");
        }
        var names = new ChartNames(plan);
        var values = new ChartValues(plan, names);
        var all = values.All();
        var dialect = new HelmDialect(plan, names);
        var helpers = new ChartHelpers(plan, names, values);
        var files = new ChartFiles(plan, names, all);
        var templates = new ChartTemplates(plan, names, dialect, helpers);

        void Add(string path, string text) => output.AddText($"{plan.Name}/{path}", text);
        Add("Chart.yaml", files.Chart());
        Add(".helmignore", ".generated\n*.local.*\n");
        Add("values.yaml", files.Values());
        Add("values.dev.yaml", files.Development());
        Add("values.schema.json", ValuesSchema.Write($"Values of the chart {plan.Name}", all));
        Add("README.md", new ChartReadme(plan, names, values, all).Write());
        foreach (var (name, text) in new ChartSamples(plan, names, values).All())
            Add($"ci/{name}-values.yaml", text);
        Add("templates/_helpers.tpl", helpers.Write());
        Add("templates/NOTES.txt", new ChartNotes(plan, names, dialect, values).Write());
        foreach (var (path, text) in templates.All())
            Add($"templates/{path}", text);
        if (!templates.HasTests)
            output.Diagnostics.Report(DiagnosticCatalogue.NoChartTest, SourceLocation.Manifest, "No workload of the application can ask another by its own check.");
    }
}
