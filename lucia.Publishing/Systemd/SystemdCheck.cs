using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Systemd;

/// <summary>What a host cannot do as the plan has it.</summary>
internal static class SystemdCheck
{
    /// <summary>Reports everything; false when something forbids making the units.</summary>
    public static bool Run(DeploymentPlan plan, DiagnosticBag diagnostics)
    {
        var before = diagnostics.Errors.Count();
        foreach (var workload in plan.Workloads)
        {
            foreach (var files in DeploymentHost.Files(workload).GroupBy(static f => f.Path.Split('/')[^1]).Where(static g => g.Count() > 1))
            {
                diagnostics.Report(
                    DiagnosticCatalogue.SystemdFileClash, files.ElementAt(1).At, $"'{workload.ResourceName}' has {files.Count()} configuration files named '{files.Key}'.");
            }
            if (workload.Replicas > 1)
                diagnostics.Report(DiagnosticCatalogue.SystemdOneReplica, workload.At, $"'{workload.ResourceName}' asks for {workload.Replicas} replicas; one runs.");
            foreach (var mount in workload.BindMounts.Where(static m => !m.ReadOnly && !m.IsAbsolute))
            {
                diagnostics.Report(
                    DiagnosticCatalogue.SystemdMountInRelease, mount.At,
                    $"'{workload.ResourceName}' may write to '{mount.Source}', which is part of the release.");
            }
            if (!DeploymentHost.RunsOnHost(workload))
                continue;
            var fromContainers = plan.References.Where(r => r.To == workload.ResourceName && !DeploymentHost.RunsOnHost(plan.Workload(r.From)));
            foreach (var reference in fromContainers)
            {
                foreach (var endpoint in workload.Endpoints.Where(e => e.Protocol == "udp" && reference.Endpoints.Contains(e.Name)))
                {
                    diagnostics.Report(
                        DiagnosticCatalogue.SystemdUdpToHost, endpoint.At,
                        $"The container '{reference.From}' needs the UDP endpoint '{endpoint.Name}' of '{workload.ResourceName}', which runs on the host.");
                }
            }
        }
        return diagnostics.Errors.Count() == before;
    }
}
