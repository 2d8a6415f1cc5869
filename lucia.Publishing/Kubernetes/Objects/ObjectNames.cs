using System.Security.Cryptography;
using System.Text;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>Names of objects and folders that are not simply a workload's, kept apart from those of all workloads.</summary>
internal static class ObjectNames
{
    /// <summary>
    /// The longest name of a StatefulSet. Its pods bear a label of the name, a hyphen and ten characters of a hash (controller-revision-hash), and a
    /// label has 63 at most.
    /// </summary>
    public const int LongestStatefulSet = 52;

    private static readonly string[] TakenFolders = ["secrets", "ingress", "loadbalancer"];

    /// <summary>The policy that denies whatever no other allows.</summary>
    public static string DefaultDeny(DeploymentPlan plan) => Apart(plan, "default-deny");

    /// <summary>The policy that lets ingress controllers in.</summary>
    public static string FromControllers(DeploymentPlan plan, Workload workload) => Apart(plan, workload.Name + "-ingress");

    /// <summary>The Service and the policy that let everybody in.</summary>
    public static string Outside(DeploymentPlan plan, Workload workload) => Apart(plan, Short(workload.Name, 55) + "-outside");

    /// <summary>The Deployment or StatefulSet.</summary>
    public static string Runner(DeploymentPlan plan, Workload workload) =>
        StorageObjects.IsStatefulSet(plan, workload) ? Short(workload.Name, LongestStatefulSet) : workload.Name;

    /// <summary>The folder of a workload's own files, which is no other folder's and none of the user's.</summary>
    public static string Folder(DeploymentPlan plan, Workload workload) =>
        TakenFolders.Contains(workload.Name) ? Apart(plan, workload.Name) : workload.Name;

    private static string Apart(DeploymentPlan plan, string name) => Naming.Unique(name, [.. plan.Workloads.Select(static w => w.Name)], '-');

    // What is cut off counts by its hash, so that two long names stay two.
    private static string Short(string name, int length) =>
        name.Length <= length ? name : $"{name[..(length - 9)].TrimEnd('-')}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";
}
