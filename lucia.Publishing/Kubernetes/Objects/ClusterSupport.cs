using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;
using static Lucia.Publishing.Targets.SupportLevel;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>What a cluster can express, whichever way the objects get there.</summary>
internal static class ClusterSupport
{
    public static IReadOnlyDictionary<Feature, FeatureSupport> Table(string settings, string secrets, string optional, string mounts) => new Dictionary<Feature, FeatureSupport>
    {
        [Feature.Container] = new(Yes, "Deployment, or StatefulSet when it keeps data"),
        [Feature.Dockerfile] = new(Partly, "runs an image that a registry has to offer"),
        [Feature.Project] = new(Partly, "runs an image that a registry has to offer"),
        [Feature.Executable] = new(Partly, "runs an image that somebody has to make"),
        [Feature.Secrets] = new(Yes, secrets),
        [Feature.ComposedSecrets] = new(Yes, "joined by `$(NAME)` in the container's environment"),
        [Feature.EncodedSecrets] = new(Yes, "a second key of the Secret, encoded when it is made"),
        [Feature.SecretFiles] = new(Yes, "Secret volume"),
        [Feature.GeneratedSecrets] = new(Yes, "made once and kept"),
        [Feature.Parameters] = new(Yes, settings),
        [Feature.HttpEndpoints] = new(Yes, "Service"),
        [Feature.TcpEndpoints] = new(Yes, "Service"),
        [Feature.UdpEndpoints] = new(Yes, "Service"),
        [Feature.ExternalEndpoints] = new(Yes, "Ingress for HTTP, Service of type LoadBalancer for the rest; both off until asked for"),
        [Feature.Commands] = new(Yes, "`command` and `args`"),
        [Feature.Volumes] = new(Yes, "PersistentVolumeClaim, retained"),
        [Feature.BindMounts] = new(Partly, mounts),
        [Feature.Files] = new(Yes, "ConfigMap, or Secret when a secret flows in"),
        [Feature.BuildArguments] = new(Partly, "belong to the build of the image"),
        [Feature.HealthChecks] = new(Yes, "start-up, liveness and readiness probes"),
        [Feature.Limits] = new(Partly, "requests and limits; the number of processes is the node's to limit"),
        [Feature.Replicas] = new(Yes, "`replicas`, with a PodDisruptionBudget above one"),
        [Feature.Dependencies] = new(Partly, "pods start together and are restarted until what they need answers"),
        [Feature.Hardening] = new(Yes, "Pod Security level restricted where the image bears it"),
        [Feature.OptionalWorkloads] = new(Yes, optional),
    };

    /// <summary>Tells what a cluster does in another way, or not.</summary>
    public static void Check(DeploymentPlan plan, OutputFolder output)
    {
        BindMounts.Check(plan, output);
        foreach (var (workload, endpoint) in Overlays.Outside(plan).Where(static o => o.Endpoint.Scheme == "https"))
        {
            output.Diagnostics.Report(
                DiagnosticCatalogue.IngressToHttps, SourceLocation.Manifest with { Resource = workload.ResourceName },
                $"The only way into '{workload.ResourceName}' is its endpoint '{endpoint.Name}', which speaks https.");
        }
        foreach (var (_, volume) in StorageObjects.Shared(plan))
        {
            var users = plan.Workloads.Where(w => w.Volumes.Any(v => v.Name == volume.Name)).Select(static w => $"'{w.ResourceName}'").ToList();
            if (users.Count > 1)
                output.Diagnostics.Report(DiagnosticCatalogue.SharedVolume, volume.At, $"{string.Join(" and ", users)} share the volume '{volume.Name}'.");
        }
    }
}
