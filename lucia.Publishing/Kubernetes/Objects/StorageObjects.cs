using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>Claims: a StatefulSet's own, and those that several workloads share.</summary>
internal static class StorageObjects
{
    /// <summary>Whether the volume belongs to this workload alone and comes from its StatefulSet.</summary>
    public static bool IsOwn(DeploymentPlan plan, Workload workload, VolumeMount volume) =>
        !volume.ReadOnly && plan.Workloads.Count(w => w.Volumes.Any(v => v.Name == volume.Name)) == 1;

    /// <summary>Whether the workload is a StatefulSet.</summary>
    public static bool IsStatefulSet(DeploymentPlan plan, Workload workload) => workload.Volumes.Any(v => IsOwn(plan, workload, v));

    /// <summary>The kind of object that runs the workload.</summary>
    public static string Runner(DeploymentPlan plan, Workload workload) => IsStatefulSet(plan, workload) ? "StatefulSet" : "Deployment";

    /// <summary>Volumes that are claims of their own, with a workload that uses each.</summary>
    public static IEnumerable<(Workload Workload, VolumeMount Volume)> Shared(DeploymentPlan plan) => plan.Workloads
        .SelectMany(w => w.Volumes.Where(v => !IsOwn(plan, w, v)).Select(v => (w, v)))
        .DistinctBy(static s => s.v.Name);

    /// <summary>A claim that several workloads use.</summary>
    public static YamlMap Claim(ObjectDialect dialect, Workload workload, VolumeMount volume) => new()
    {
        { "apiVersion", "v1" },
        { "kind", "PersistentVolumeClaim" },
        { "metadata", ClusterObjects.Metadata(dialect, volume.Name, null) },
        { "spec", dialect.ClaimSpec(workload, volume) },
    };

    /// <summary>The claim templates of a StatefulSet.</summary>
    public static YamlList Templates(ObjectDialect dialect, Workload workload) => new(
        workload.Volumes.Where(v => IsOwn(dialect.Plan, workload, v)).DistinctBy(static v => v.Name).Select(v => new YamlMap
        {
            { "metadata", new YamlMap { { "name", v.Name }, { "labels", dialect.Selector(workload) } } },
            { "spec", dialect.ClaimSpec(workload, v) },
        }));
}
