namespace Lucia.Publishing.Plan;

/// <summary>Checks of a workload; null where nothing is known.</summary>
/// <param name="Check">A command inside the container: compose's health check, Quadlet's.</param>
/// <param name="Startup">Whether it has started.</param>
/// <param name="Readiness">Whether it can serve.</param>
/// <param name="Liveness">Whether it must be restarted.</param>
public sealed record HealthPlan(Probe? Check, Probe? Startup, Probe? Readiness, Probe? Liveness);

/// <summary>One check.</summary>
/// <param name="Kind">How it asks.</param>
/// <param name="Endpoint">The endpoint asked, for HTTP and TCP.</param>
/// <param name="Path">The HTTP path.</param>
/// <param name="Command">Program and arguments; a shell in it reads the container's environment.</param>
/// <param name="IntervalSeconds">Between checks.</param>
/// <param name="TimeoutSeconds">That a check may take.</param>
/// <param name="Failures">In a row that count.</param>
/// <param name="GraceSeconds">After the start in which a failure does not count.</param>
public sealed record Probe(
    ProbeKind Kind, string? Endpoint, string? Path, IReadOnlyList<string> Command, int IntervalSeconds, int TimeoutSeconds, int Failures, int GraceSeconds);

/// <summary>How a check asks.</summary>
public enum ProbeKind
{
    /// <summary>GET; 200 to 399 is healthy.</summary>
    Http,

    /// <summary>The port is open.</summary>
    Tcp,

    /// <summary>Exit 0 is healthy.</summary>
    Command,
}
