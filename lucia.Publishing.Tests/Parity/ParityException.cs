using Lucia.Publishing.Plan;
using Lucia.Publishing.Systemd;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Something that a target says otherwise than the others, and why.</summary>
/// <param name="What">What is different, in a few words.</param>
/// <param name="Reason">Why it has to be.</param>
/// <param name="Applies">To which workloads on which target.</param>
/// <param name="LeftOut">The facts that are not said there.</param>
/// <param name="Instead">The facts that are said in their place.</param>
/// <param name="Unasked">Facts of the output that nothing in the manifest answers to.</param>
internal sealed record ParityException(
    string What, string Reason, Func<string, Workload, bool> Applies, Func<DeploymentPlan, Workload, Fact, bool>? LeftOut = null,
    Func<DeploymentPlan, Workload, IEnumerable<Fact>>? Instead = null, Func<DeploymentPlan, Workload, Fact, bool>? Unasked = null)
{
    private static readonly string[] KestrelPorts = ["HTTP_PORTS", "HTTPS_PORTS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS"];

    /// <summary>All there are; a difference that is not here is a defect.</summary>
    public static IReadOnlyList<ParityException> All { get; } =
    [
        new("A project on a host gets ASPNETCORE_URLS in place of HTTP_PORTS.",
            "HTTP_PORTS listens at every address; a service of the host listens at loopback until a person opens it, at a port no other service has.",
            static (target, w) => OnHost(target, w) && w.Kind == WorkloadKind.Project && w.Ports.Any(static e => e.IsHttp),
            static (_, _, f) => f.Kind == FactKind.Environment && KestrelPorts.Contains(f.Name),
            static (_, w) => [new(FactKind.Environment, "ASPNETCORE_URLS", string.Join(';', w.Ports.Where(static e => e.IsHttp).Select(e => Glossary.Name(w, e))))]),
        new("A service of the host gets HOME, and the settings of addresses.",
            "Its user exists only while it runs and has no home; address and port, its own and those it calls, are settings of the machine, which no other target lets a process choose.",
            OnHost,
            Unasked: static (plan, _, f) => f.Kind == FactKind.Environment
                && (f.Name == "HOME" || plan.Workloads.SelectMany(static w => w.Endpoints).Any(e => f.Name == e.PortVariable || f.Name == e.BindVariable))),
        new("A service of the host has its secrets in a folder of systemd's.",
            "systemd chooses the folder of the credentials when the service starts; only a container's can be known before.",
            static (target, w) => OnHost(target, w) && w.SecretFiles?.Variable is not null,
            static (_, w, f) => f.Kind == FactKind.Environment && f.Name == w.SecretFiles!.Variable,
            static (_, w) => [new(FactKind.Environment, w.SecretFiles!.Variable!, "${CREDENTIALS_DIRECTORY}")]),
        new("A server of the host's packages has a configuration file with its secrets.",
            "Its package knows nothing of the container's command, which makes the same configuration; the file is a credential.",
            static (target, w) => OnHost(target, w) && w.Systemd is not null,
            Instead: static (_, w) => w.Systemd!.Files.Where(static f => f.IsSecret)
                .Select(static f => new Fact(FactKind.Secret, f.Path.Split('/')[^1], $"credential of {string.Concat(f.Content.Parameters.Where(static p => p.IsSecret).Select(static p => $"{{{p.Name}.value}}"))}"))),
        new("A service of the host keeps its data in a state directory.",
            "systemd makes it, owned by the service's passing user; there is nothing to mount.",
            OnHost,
            static (_, _, f) => f.Kind == FactKind.Storage,
            static (plan, w) => [new(FactKind.Storage, "StateDirectory", w.Systemd?.Profile.Unit ?? $"{plan.Name}-{w.Name}")]),
        new("Compose and Podman ask by a command inside the container only.",
            "Neither calls a path from outside; the paths are Kubernetes' probes.",
            static (target, w) => target == "compose" || InQuadlet(target, w),
            static (_, _, f) => f.Kind == FactKind.Health && !IsCheck(f)),
        new("Kubernetes has three probes in place of one check.",
            "Starting, serving and hanging are different questions there.",
            InCluster,
            static (_, _, f) => f.Kind == FactKind.Health && IsCheck(f)),
        new("A service of the host tells its state itself; its path is asked by 'install.sh doctor'.",
            "systemd knows sd_notify and the watchdog, no checks.",
            OnHost,
            static (_, _, f) => f.Kind == FactKind.Health && !(f.Name == "readiness" && f.Value.StartsWith("GET ", StringComparison.Ordinal)),
            static (_, w) => w.Systemd?.Profile.Notify == true ? [new(FactKind.Health, "notify", $"watchdog {w.Systemd.Profile.WatchdogSeconds?.ToString() ?? "off"}")] : []),
        new("Kubernetes limits no processes.",
            "The number of processes of a pod is a setting of the node (podPidsLimit), not of the pod.",
            InCluster,
            static (_, _, f) => f is { Kind: FactKind.Limit, Name: "pids" }),
        new("Only compose says what a dependency must have reached.",
            "Kubernetes starts everything at once and lets who is called first restart; systemd's 'wanted' order waits for the start that Notify= reports.",
            static (target, _) => target != "compose",
            static (_, _, f) => f.Kind == FactKind.Dependency && f.Value.Length > 0),
        new("A systemd bundle publishes nothing outside the machine.",
            "Everything listens at loopback; who opens it sets the address or puts a proxy before it.",
            static (target, _) => target == "systemd",
            static (_, _, f) => f is { Kind: FactKind.Port, Value: "outside" }),
        new("A Quadlet container that only containers call publishes no port.",
            "On Podman's network every port is reachable without a line for it.",
            InQuadlet,
            static (plan, w, f) => f.Kind == FactKind.Port && !w.Endpoints.Any(e => f.Name == Glossary.Name(w, Glossary.First(w, e))
                && (e.External || plan.References.Any(r => r.To == w.ResourceName && r.Endpoints.Contains(e.Name) && DeploymentHost.RunsOnHost(plan.Workload(r.From)))))),
        new("PostgreSQL has its data in a folder below its volume on Kubernetes.",
            "The root of a claim holds lost+found, which initdb refuses.",
            InCluster,
            Unasked: static (_, _, f) => f is { Kind: FactKind.Environment, Name: "PGDATA" }),
        new("What is published on compose, and what listens for others on a host, can call outside too.",
            "The network of published ports leads both ways, as does the filter of addresses of a service.",
            static (target, w) => (target == "compose" || OnHost(target, w)) && w.Endpoints.Any(static e => e.External),
            Instead: static (_, _) => [Outside]),
        new("A service of the host that calls containers can call outside too.",
            "The filter of addresses sees the container's, which Podman chooses.",
            OnHost,
            Instead: static (plan, w) => plan.References.Any(r => r.From == w.ResourceName && !DeploymentHost.RunsOnHost(plan.Workload(r.To))) ? [Outside] : []),
        new("Quadlet containers share one network, which leads outside.",
            "It carries the calls of the host's services too; Podman filters no addresses for a single container.",
            InQuadlet,
            static (_, _, f) => f.Kind == FactKind.Outside),
        new("Kubernetes has helping variables PARAMETER_….",
            "A joined value is made of variables that stand before it: $(NAME).",
            InCluster,
            Unasked: static (_, _, f) => f.Kind is FactKind.Environment or FactKind.Secret && f.Name.StartsWith("PARAMETER_", StringComparison.Ordinal)),
    ];

    private static Fact Outside => new(FactKind.Outside, "addresses outside", "");

    private static bool IsCheck(Fact fact) => fact.Name is "check" or "check timing";

    private static bool InCluster(string target, Workload workload) => target is "kubernetes" or "helm";

    private static bool OnHost(string target, Workload workload) => target == "systemd" && DeploymentHost.RunsOnHost(workload);

    private static bool InQuadlet(string target, Workload workload) => target == "systemd" && !DeploymentHost.RunsOnHost(workload);
}
