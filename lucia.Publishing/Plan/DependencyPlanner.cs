using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Profile;

namespace Lucia.Publishing.Plan;

/// <summary>Who talks to whom, and who waits for whom without a circle.</summary>
internal static class DependencyPlanner
{
    /// <summary>Every workload whose address flows into another.</summary>
    public static IReadOnlyList<WorkloadReference> References(IReadOnlyList<Workload> workloads)
    {
        var references = new List<WorkloadReference>();
        foreach (var workload in workloads)
        {
            var values = workload.Environment.Select(static e => e.Value)
                .Concat(workload.Entrypoint ?? [])
                .Concat(workload.Args ?? [])
                .Concat(workload.Files.Select(static f => f.Content))
                .Concat(workload.Systemd?.Environment.Select(static e => e.Value) ?? [])
                .Concat(workload.Systemd?.Files.Select(static f => f.Content) ?? []);
            var used = values.SelectMany(static v => v.Parts).OfType<Expressions.EndpointPart>()
                .Where(p => p.Workload != workload.ResourceName)
                .GroupBy(static p => p.Workload, static p => p.Endpoint);
            references.AddRange(used.Select(g => new WorkloadReference(workload.ResourceName, g.Key, [.. g.Distinct()])));
        }
        return references;
    }

    /// <summary>Adds the waits: what the profile says, else the references; whatever would close a circle is left out.</summary>
    public static IReadOnlyList<Workload> AddWaits(
        IReadOnlyList<Workload> workloads, IReadOnlyList<WorkloadReference> references, DeploymentProfile profile,
        AspireManifest manifest, DiagnosticBag diagnostics)
    {
        var byName = workloads.ToDictionary(static w => w.ResourceName);
        var waits = workloads.ToDictionary(static w => w.ResourceName, static _ => new List<Dependency>());
        foreach (var workload in workloads)
        {
            var own = profile.Workloads.GetValueOrDefault(workload.ResourceName)?.DependsOn ?? new Dictionary<string, DependencyProfile>();
            var wished = own.Where(d => byName.ContainsKey(d.Key)).Select(static d => (Name: d.Key, Wish: d.Value));
            var implied = references.Where(r => r.From == workload.ResourceName && !own.ContainsKey(r.To))
                .Select(static r => (Name: r.To, Wish: new DependencyProfile()));
            foreach (var (name, wish) in wished.Concat(implied))
            {
                if (Reaches(waits, name, workload.ResourceName))
                {
                    diagnostics.Report(
                        DiagnosticCatalogue.DependencyCycle, manifest.Find(workload.ResourceName)!.At,
                        $"'{workload.ResourceName}' and '{name}' refer to each other; '{workload.ResourceName}' does not wait.");
                    continue;
                }
                var other = byName[name];
                waits[workload.ResourceName].Add(new Dependency(name, wish.Healthy && other.Health.Check is not null, wish.Required && !other.Optional));
            }
        }
        return [.. workloads.Select(w => w with { DependsOn = waits[w.ResourceName] })];
    }

    private static bool Reaches(Dictionary<string, List<Dependency>> waits, string from, string to)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var name))
        {
            if (name == to)
                return true;
            if (seen.Add(name))
            {
                foreach (var next in waits[name])
                    open.Push(next.Workload);
            }
        }
        return false;
    }
}
