using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Helm;

/// <summary>
/// What <c>helm test</c> runs: a workload's own check in its own image, from another pod. A check that asks its own machine gets the
/// Service's address instead; one that ends in <c>--healthcheck</c> takes the address as its last argument.
/// </summary>
/// <param name="Command">Program and arguments; the address stands as <see cref="Address"/> or <see cref="Host"/>.</param>
internal sealed record ChartTest(IReadOnlyList<string> Command)
{
    /// <summary>Stands for the whole address in <see cref="Command"/>.</summary>
    public const string Address = "\u0001address\u0001";

    /// <summary>Stands for host and port.</summary>
    public const string Host = "\u0001host\u0001";

    /// <summary>The test of a workload, or null when its check cannot ask another pod.</summary>
    public static ChartTest? Of(DeploymentPlan plan, Workload workload)
    {
        if (workload.Optional || workload.Health.Check is not { Kind: ProbeKind.Command } check || Endpoint(workload) is not { } endpoint || !plan.Workloads.Contains(workload))
            return null;
        if (check.Command[^1] == "--healthcheck")
            return new ChartTest([.. check.Command, Address]);
        var own = new[] { $"127.0.0.1:{endpoint.TargetPort}", $"localhost:{endpoint.TargetPort}" };
        if (!check.Command.Any(c => own.Any(c.Contains)))
            return null;
        return new ChartTest([.. check.Command.Select(c => own.Aggregate(c, static (text, address) => text.Replace(address, Host)))]);
    }

    /// <summary>The endpoint the test asks.</summary>
    public static Endpoint? Endpoint(Workload workload) => workload.Endpoints.FirstOrDefault(static e => e.IsHttp);

    /// <summary>The command as a template has it.</summary>
    public IEnumerable<string> Render(ObjectDialect dialect, Workload workload)
    {
        var endpoint = Endpoint(workload)!;
        var host = $"{dialect.Host(workload)}:{dialect.Port(workload, endpoint)}";
        var path = workload.Health.Readiness is { Kind: ProbeKind.Http, Path: { } ready } ? ready : "/";
        return Command.Select(c => dialect.Escape(Expansion.Escape(c))
            .Replace(Address, $"{endpoint.Scheme}://{host}{dialect.Escape(path)}").Replace(Host, host));
    }
}
