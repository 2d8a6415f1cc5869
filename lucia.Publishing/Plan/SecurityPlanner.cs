using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Profile;

namespace Lucia.Publishing.Plan;

/// <summary>Decides user, root file system, limits and checks: the profile first, then the table of known images, then what never hurts.</summary>
internal sealed class SecurityPlanner(DiagnosticBag diagnostics)
{
    public SecurityPlan Security(WorkloadResource resource, WorkloadProfile profile, KnownImage? known, IReadOnlyCollection<string> mounted)
    {
        var wish = profile.Security;
        var user = wish?.User ?? known?.User;
        var group = wish?.Group ?? (wish?.User is null ? known?.Group : wish.User);
        if (user is null && wish is null && resource is not ExecutableResource)
        {
            diagnostics.Report(
                DiagnosticCatalogue.SecurityOpen, resource.At, $"Nothing is known about the user of '{resource.Name}'; it keeps its image's user, capabilities and writable root.");
        }
        var readOnly = wish?.ReadOnlyRoot ?? (wish is null && known is { ReadOnlyRoot: true });
        var writable = (wish?.Writable is { Count: > 0 } own ? own : known?.Writable ?? [])
            .Concat(readOnly ? known?.DataPaths ?? [] : [])
            .Where(path => !mounted.Contains(path))
            .Distinct()
            .ToList();
        return new SecurityPlan(user, group, readOnly, writable, DropCapabilities: user is > 0 || wish is not null, wish?.Capabilities ?? []);
    }

    public static ResourceAmounts Limits(WorkloadProfile profile, KnownImage? known) => new(
        profile.Limits?.Cpu ?? known?.Cpu ?? "1", profile.Limits?.Memory ?? known?.Memory ?? "512Mi", profile.Limits?.Pids ?? 512);

    public static ResourceAmounts Requests(WorkloadProfile profile) =>
        new(profile.Requests?.Cpu ?? "50m", profile.Requests?.Memory ?? "128Mi", null);

    public HealthPlan Health(WorkloadResource resource, WorkloadProfile profile, KnownImage? known, IReadOnlyList<Endpoint> endpoints)
    {
        var first = endpoints.FirstOrDefault(static e => e.Protocol == "tcp")?.Name;
        if (profile.Health is { } health)
        {
            var check = Probe(health.Check, first);
            var liveness = Probe(health.Liveness, first) ?? check;
            return new HealthPlan(
                check, Probe(health.Startup, first) ?? Patient(liveness, 30), Probe(health.Readiness, first) ?? check ?? liveness, liveness);
        }
        if (known?.Check is { } command && !(known.Repository == "keycloak/keycloak" && !HasHealth(resource)))
        {
            var probe = new Probe(ProbeKind.Command, null, null, command, 10, 5, 6, known.GraceSeconds);
            return new HealthPlan(probe, Patient(probe, known.GraceSeconds), probe, probe with { IntervalSeconds = 30 });
        }
        diagnostics.Report(DiagnosticCatalogue.HealthOpen, resource.At, $"Nothing is known about the health of '{resource.Name}'.");
        if (first is null)
            return new HealthPlan(null, null, null, null);
        var open = new Probe(ProbeKind.Tcp, first, null, [], 10, 3, 3, 0);
        return new HealthPlan(null, Patient(open, 60), open, open with { IntervalSeconds = 30 });
    }

    private static bool HasHealth(WorkloadResource resource) =>
        resource.Environment.Any(static e => e.Key == "KC_HEALTH_ENABLED" && e.Value.Text == "true");

    // A start-up check asks often and long, so that the others need no delay of their own.
    private static Probe? Patient(Probe? probe, int seconds) =>
        probe is null ? null : probe with { IntervalSeconds = 2, Failures = Math.Max(30, seconds), GraceSeconds = 0 };

    private static Probe? Probe(ProbeProfile? profile, string? firstEndpoint)
    {
        if (profile is null)
            return null;
        var endpoint = profile.Command is null ? profile.Endpoint ?? firstEndpoint : null;
        var kind = profile.Command is not null ? ProbeKind.Command : profile.Path is not null ? ProbeKind.Http : ProbeKind.Tcp;
        return new Probe(
            kind, endpoint, kind == ProbeKind.Http ? profile.Path : null, profile.Command ?? [],
            profile.IntervalSeconds ?? 10, profile.TimeoutSeconds ?? 5, profile.Failures ?? 3, profile.GraceSeconds ?? 0);
    }
}
