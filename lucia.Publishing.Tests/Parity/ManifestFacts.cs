using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>What the manifest and its profile say: the account that every output has to give.</summary>
internal static class ManifestFacts
{
    /// <summary>All that is said, before any target's exceptions.</summary>
    public static IEnumerable<Fact> Of(Workload workload, Glossary glossary) =>
    [
        .. workload.Environment.Select(e => e.IsSecret
            ? new Fact(FactKind.Secret, e.Name, Delivered(workload, glossary.Expected(workload, e.Value)))
            : new Fact(FactKind.Environment, e.Name, glossary.Expected(workload, e.Value))),
        .. workload.Files.Where(static f => f.Content.Parameters.Any()).Select(f => File(f.Path, glossary.Expected(workload, f.Content))),
        .. workload.Files.Where(static f => !f.Content.Parameters.Any()).Select(f => new Fact(FactKind.File, f.Path, glossary.Expected(workload, f.Content))),
        .. workload.Ports.Select(e => new Fact(FactKind.Port, Glossary.Name(workload, e), "")),
        .. workload.Endpoints.Where(static e => e.External).Select(e => new Fact(FactKind.Port, Glossary.Name(workload, Glossary.First(workload, e)), "outside")),
        .. workload.Volumes.Select(static v => new Fact(FactKind.Storage, v.Target, v.Name + (v.ReadOnly ? " ro" : ""))),
        .. workload.BindMounts.Select(static m => new Fact(FactKind.Storage, m.Target, $"{m.Source} beside the manifest{(m.ReadOnly ? " ro" : "")}")),
        .. Health(workload),
        .. workload.DependsOn.Select(static d => d.Workload)
            .Union(glossary.Plan.References.Where(r => r.From == workload.ResourceName).Select(static r => r.To))
            .Select(to => new Fact(FactKind.Dependency, glossary.Plan.Workload(to).Name, "")),
        .. workload.DependsOn.Select(d => new Fact(FactKind.Dependency, glossary.Plan.Workload(d.Workload).Name,
            $"service_{(d.Healthy && glossary.Plan.Workload(d.Workload).Health.Check is not null ? "healthy" : "started")}{(d.Required ? "" : ", or without")}")),
        .. Limits(workload.Limits),
        .. glossary.Plan.ReachesOutside(workload) ? [new Fact(FactKind.Outside, "addresses outside", "")] : Array.Empty<Fact>(),
    ];

    /// <summary>What the output of one target has to say of all workloads.</summary>
    public static TargetFacts Expected(string target, Glossary glossary)
    {
        var facts = new TargetFacts(target);
        foreach (var workload in glossary.Plan.Workloads)
        {
            var exceptions = ParityException.All.Where(e => e.Applies(target, workload)).ToList();
            var due = facts.Workload(workload.Name);
            due.UnionWith(Of(workload, glossary).Where(f => !exceptions.Exists(e => e.LeftOut?.Invoke(glossary.Plan, workload, f) == true)));
            due.UnionWith(exceptions.SelectMany(e => e.Instead?.Invoke(glossary.Plan, workload) ?? []));
        }
        return facts;
    }

    /// <summary>Takes from an output what nothing in the manifest answers to.</summary>
    public static TargetFacts WithoutUnasked(this TargetFacts facts, DeploymentPlan plan)
    {
        foreach (var workload in plan.Workloads.Where(w => facts.Workloads.ContainsKey(w.Name)))
        {
            var exceptions = ParityException.All.Where(e => e.Unasked is not null && e.Applies(facts.Target, workload)).ToList();
            facts.Workload(workload.Name).RemoveWhere(f => exceptions.Exists(e => e.Unasked!(plan, workload, f)));
        }
        return facts;
    }

    private static Fact File(string path, string content) =>
        new(FactKind.Secret, path[(path.LastIndexOf('/') + 1)..], $"file {content} in {path[..path.LastIndexOf('/')]}");

    private static string Delivered(Workload workload, string value) =>
        workload.SecretFiles is { } files ? $"file {value} in {files.Directory}" : $"environment {value}";

    private static IEnumerable<Fact> Health(Workload workload)
    {
        var health = workload.Health;
        foreach (var (name, probe) in new[] { ("startup", health.Startup), ("readiness", health.Readiness), ("liveness", health.Liveness) })
        {
            if (probe is null)
                continue;
            yield return new Fact(FactKind.Health, name, Probe(probe));
            // What comes after a start-up probe needs no time of its own to start.
            var grace = name == "startup" || health.Startup is null ? probe.GraceSeconds : 0;
            yield return Timing(name, probe.IntervalSeconds, probe.TimeoutSeconds, probe.Failures, grace);
        }
        if (health.Check is { Kind: ProbeKind.Command } check)
        {
            yield return new Fact(FactKind.Health, "check", string.Join(" | ", check.Command));
            yield return Timing("check", check.IntervalSeconds, check.TimeoutSeconds, check.Failures, check.GraceSeconds);
        }
    }

    /// <summary>When a check asks, and how often it may fail.</summary>
    public static Fact Timing(string check, object interval, object timeout, object failures, object grace) =>
        new(FactKind.Health, check + " timing", $"every {interval} s for {timeout} s, {failures} failures, {grace} s after the start");

    private static string Probe(Probe probe) => probe.Kind switch
    {
        ProbeKind.Http => $"GET {probe.Path} of {probe.Endpoint}",
        ProbeKind.Tcp => $"connect to {probe.Endpoint}",
        _ => string.Join(" | ", probe.Command),
    };

    private static IEnumerable<Fact> Limits(ResourceAmounts limits)
    {
        if (limits.Cpu is { } cpu)
            yield return new Fact(FactKind.Limit, "cpu", Amount.Cpu(cpu));
        if (limits.Memory is { } memory)
            yield return new Fact(FactKind.Limit, "memory", Amount.Memory(memory, 1000));
        if (limits.Pids is { } pids)
            yield return new Fact(FactKind.Limit, "pids", $"{pids}");
    }
}
