using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;

namespace Lucia.Publishing.Plan;

/// <summary>Every name of the profile must be one of the manifest.</summary>
internal sealed class ProfileCheck(AspireManifest manifest, DeploymentProfileResource profile, DiagnosticBag diagnostics)
{
    private static readonly string[] TargetNames = ["compose", "kubernetes", "helm", "systemd"];

    public void Run()
    {
        var workloads = manifest.Resources.OfType<WorkloadResource>().ToList();
        var names = workloads.Select(static w => w.Name).ToList();
        foreach (var (name, workload) in profile.Profile.Workloads)
        {
            var node = profile.Node["workloads"]?[name];
            if (workloads.Find(w => w.Name == name) is not { } resource)
            {
                Unknown(node, name, names, "workloads");
                continue;
            }
            var bindings = resource.Bindings.Select(static b => b.Name).ToList();
            Each(node?["endpoints"], workload.Endpoints.Keys, bindings, "bindings");
            Each(node?["systemd"]?["ports"], workload.Systemd?.Ports.Keys ?? [], bindings, "bindings");
            Each(node?["volumes"], workload.Volumes.Keys, [.. resource.Volumes.Select(static v => v.Name).OfType<string>()], "volumes");
            Each(node?["bindMounts"], workload.BindMounts.Keys, [.. resource.BindMounts.Select(static m => m.Target)], "bind mounts");
            Each(node?["dependsOn"], workload.DependsOn.Keys, [.. names.Where(n => n != name)], "workloads");
            foreach (var target in (workload.Targets ?? []).Except(TargetNames))
            {
                diagnostics.Report(
                    DiagnosticCatalogue.ProfileUnknownName, node!["targets"]!.Items.Find(i => i.Text == target)?.At ?? node["targets"]!.At,
                    $"There is no target '{target}'.", Suggestion.For(target, TargetNames, "targets"));
            }
            if (workload.Development?.Build is { } build && RelativePath.From(build.Context, build.Dockerfile) is null)
            {
                diagnostics.Report(
                    DiagnosticCatalogue.ProfileInvalid, node!["development"]!["build"]!["dockerfile"]!.At,
                    $"'{build.Dockerfile}' is not below the context '{build.Context}', from which compose looks for it.",
                    $"Write its path from the context on, such as '{build.Context.TrimEnd('/')}/FOLDER/{build.Dockerfile}'.");
            }
            foreach (var (probeName, probe) in Probes(workload.Health))
            {
                if (probe?.Endpoint is { } endpoint && !bindings.Contains(endpoint))
                    Unknown(node?["health"]?[probeName]?["endpoint"], endpoint, bindings, "bindings");
                else if (probe is { Command: null } && bindings.Count == 0)
                    diagnostics.Report(DiagnosticCatalogue.ProfileInvalid, node!["health"]![probeName]!.At, $"'{name}' has no binding to ask.", "Give the check a 'command'.");
            }
            if (workload.Health?.Check is { Command: null })
                diagnostics.Report(DiagnosticCatalogue.ProfileInvalid, node!["health"]!["check"]!.At, "'check' runs inside the container and needs a 'command'.");
        }
        var parameters = manifest.Resources.OfType<ParameterResource>().Select(static p => p.Name).ToList();
        Each(profile.Node["parameters"], profile.Profile.Parameters.Keys, parameters, "parameters");
    }

    private static IEnumerable<(string, Profile.ProbeProfile?)> Probes(Profile.HealthProfile? health) =>
        [("check", health?.Check), ("startup", health?.Startup), ("readiness", health?.Readiness), ("liveness", health?.Liveness)];

    private void Each(JsonNode? node, IEnumerable<string> used, IReadOnlyCollection<string> known, string what)
    {
        foreach (var name in used)
        {
            if (!known.Contains(name))
                Unknown(node?[name] ?? node, name, known, what);
        }
    }

    private void Unknown(JsonNode? node, string name, IReadOnlyCollection<string> known, string what) => diagnostics.Report(
        DiagnosticCatalogue.ProfileUnknownName, node?.At ?? profile.At, $"The deployment profile names '{name}', which is not in the manifest.",
        Suggestion.For(name, known, what));
}
