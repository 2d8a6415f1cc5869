namespace Lucia.Publishing.Targets;

/// <summary>The targets there are.</summary>
public static class PublishTargets
{
    /// <summary>All targets, in the order in which they are offered.</summary>
    public static IReadOnlyList<PublishTarget> All { get; } =
        [new Compose.ComposeTarget(), new Kubernetes.KubernetesTarget(), new Helm.HelmTarget(), new Systemd.SystemdTarget()];
}
