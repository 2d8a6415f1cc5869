namespace Lucia.Publishing.Plan;

/// <summary>What is to be deployed, in terms every target understands. Lists keep the manifest's order.</summary>
public sealed record DeploymentPlan
{
    /// <summary>Compose project, namespace, chart, unit prefix: a DNS label.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence, where the profile has one.</summary>
    public string? Description { get; init; }

    /// <summary>The application's version; <c>0.1.0</c> when nothing is known.</summary>
    public string Version { get; init; } = "0.1.0";

    /// <summary>Home page, where the profile has one.</summary>
    public string? Url { get; init; }

    /// <summary>Whether the manifest brought a deployment profile.</summary>
    public bool HasProfile { get; init; }

    /// <summary>What runs.</summary>
    public required IReadOnlyList<Workload> Workloads { get; init; }

    /// <summary>Every parameter that some workload or build uses.</summary>
    public required IReadOnlyList<PlanParameter> Parameters { get; init; }

    /// <summary>Images that have to be built.</summary>
    public required IReadOnlyList<ImageBuild> Builds { get; init; }

    /// <summary>Who talks to whom, waits or not; the network policy.</summary>
    public required IReadOnlyList<WorkloadReference> References { get; init; }

    /// <summary>Every resource name of the manifest; none may be left in braces in an output.</summary>
    public required IReadOnlyList<string> ResourceNames { get; init; }

    /// <summary>The secret parameters.</summary>
    public IEnumerable<PlanParameter> Secrets => Parameters.Where(static p => p.IsSecret);

    /// <summary>The plain parameters.</summary>
    public IEnumerable<PlanParameter> Settings => Parameters.Where(static p => !p.IsSecret);

    /// <summary>
    /// The plan of one target (<c>compose</c>, <c>kubernetes</c>, <c>helm</c>, <c>systemd</c>): workloads the profile keeps from it are gone,
    /// with the waits, references, builds and parameters that were theirs alone.
    /// </summary>
    public DeploymentPlan For(string target)
    {
        var gone = Workloads.Where(w => w.Targets is { } targets && !targets.Contains(target)).Select(static w => w.ResourceName).ToHashSet();
        return gone.Count == 0 ? this : this with
        {
            Workloads =
            [
                .. Workloads.Where(w => !gone.Contains(w.ResourceName))
                    .Select(w => w with { DependsOn = [.. w.DependsOn.Where(d => !gone.Contains(d.Workload))] }),
            ],
            References = [.. References.Where(r => !gone.Contains(r.From) && !gone.Contains(r.To))],
            Builds = [.. Builds.Where(b => !gone.Contains(b.ResourceName))],
            Parameters =
            [
                .. Parameters.Select(p => p with { UsedBy = [.. p.UsedBy.Where(u => !gone.Contains(u))] }).Where(static p => p.UsedBy.Count > 0),
            ],
        };
    }

    /// <summary>
    /// Whether a workload may call addresses outside the deployment, on every target that can keep it from doing so: as the profile says;
    /// where it says nothing, its own code can, and so can whatever a person configures, as any setting may be an address. An image of a
    /// registry without settings of a person's, such as a database with a generated password, cannot.
    /// </summary>
    public bool ReachesOutside(Workload workload) => workload.Egress ?? (workload.Kind != WorkloadKind.Container
        || Parameters.Any(p => p.Generate is null && p.UsedBy.Contains(workload.ResourceName)));

    /// <summary>The workload of a resource name.</summary>
    public Workload Workload(string resourceName) => Workloads.First(w => w.ResourceName == resourceName);

    /// <summary>The parameter of that name.</summary>
    public PlanParameter Parameter(string name) => Parameters.First(p => p.Name == name);

    /// <summary>The endpoint a value refers to.</summary>
    public Endpoint Endpoint(Expressions.EndpointPart part) => Workload(part.Workload).Endpoints.First(e => e.Name == part.Endpoint);
}

/// <summary>One workload uses another's address.</summary>
/// <param name="From">Resource name of the one that calls.</param>
/// <param name="To">Resource name of the one that is called.</param>
/// <param name="Endpoints">Names of the endpoints used.</param>
public sealed record WorkloadReference(string From, string To, IReadOnlyList<string> Endpoints);
