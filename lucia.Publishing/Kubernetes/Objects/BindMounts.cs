using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>
/// Files beside the manifest reach a cluster as a Secret (they may hold anything). Their names are not known while publishing: the last
/// segment tells a file from a folder, as tools do that cannot look.
/// </summary>
internal static class BindMounts
{
    /// <summary>Whether it looks like one file.</summary>
    public static bool IsFile(BindMount mount) => Path.GetExtension(Last(mount.Target)).Length > 1 && Path.GetExtension(Last(mount.Source)).Length > 1;

    /// <summary>The key of a single file.</summary>
    public static string FileName(BindMount mount) => Last(mount.Target);

    /// <summary>Tells what a cluster cannot do.</summary>
    public static void Check(DeploymentPlan plan, OutputFolder output)
    {
        foreach (var workload in plan.Workloads)
        {
            foreach (var mount in workload.BindMounts)
            {
                if (mount.Source.EndsWith(".sock", StringComparison.Ordinal) || mount.Source.StartsWith("/dev/", StringComparison.Ordinal))
                {
                    output.Diagnostics.Report(
                        DiagnosticCatalogue.NotExpressible, mount.At, $"'{workload.ResourceName}' mounts '{mount.Source}', a socket or device of one machine.",
                        $"Keep the workload from {output.Name} (`targets` in the deployment profile).");
                }
                else if (!mount.ReadOnly)
                {
                    output.Diagnostics.Report(
                        DiagnosticCatalogue.MountReadOnly, mount.At, $"'{workload.ResourceName}' may write to '{mount.Target}', which is read-only on a cluster.");
                }
            }
        }
    }

    private static string Last(string path) => path.TrimEnd('/', '\\').Split('/', '\\')[^1];
}
