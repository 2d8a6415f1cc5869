using System.Text.RegularExpressions;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>
/// Files beside the manifest reach a cluster as a Secret (they may hold anything). The same manifest makes the same files wherever it lies, so
/// nobody looks at the disk while publishing: the profile tells a file from a folder, else their names do.
/// </summary>
internal static partial class BindMounts
{
    /// <summary>Whether it is one file.</summary>
    public static bool IsFile(BindMount mount) => mount.IsFile ?? (LooksLikeFile(mount.Source) && LooksLikeFile(mount.Target));

    /// <summary>Tells what a name was taken for, where nobody looks at the disk later either.</summary>
    public static void ReportGuesses(IEnumerable<Workload> workloads, OutputFolder output)
    {
        foreach (var workload in workloads)
        {
            foreach (var mount in workload.BindMounts.Where(static m => m.IsFile is null))
            {
                output.Diagnostics.Report(
                    DiagnosticCatalogue.MountGuessed, SourceLocation.Manifest with { Resource = workload.ResourceName },
                    $"'{mount.Source}' of '{workload.ResourceName}' is taken for a {(IsFile(mount) ? "file" : "folder")}.");
            }
        }
    }

    // conf.d, init.d and hidden folders are folders; Caddyfile and hosts are files without an extension.
    private static bool LooksLikeFile(string path) => !path.EndsWith('/') && !path.EndsWith('\\') && (WellKnown().IsMatch(Last(path))
        || (Path.GetExtension(Last(path)) is [_, _, ..] extension && extension != ".d" && Last(path) != extension && !extension.All(static c => c == '.' || char.IsAsciiDigit(c))));

    [GeneratedRegex("^(?:.*file|hosts|passwd|group|shadow|crontab|htpasswd|.htpasswd|.env|.npmrc|.pgpass|.netrc|.gitconfig|LICENSE|README)$", RegexOptions.IgnoreCase)]
    private static partial Regex WellKnown();

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
