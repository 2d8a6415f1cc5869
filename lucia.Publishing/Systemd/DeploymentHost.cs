using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Systemd;

/// <summary>The host that units are made for: where everything lies, what is called how, who reaches whom at which address.</summary>
internal sealed class DeploymentHost
{
    private readonly Dictionary<string, string> _variables = [];
    private readonly HashSet<string> _running;
    private readonly string _subnet;

    public DeploymentHost(DeploymentPlan plan)
    {
        Plan = plan;
        // The same application always gets the same network, two applications hardly ever the same.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(plan.Name));
        _subnet = string.Create(CultureInfo.InvariantCulture, $"10.{128 + (hash[0] % 100)}.{hash[1]}");
        _running =
        [
            .. plan.Workloads
                .SelectMany(w => Environment(w).Select(static e => e.Value).Concat(w.Args ?? []).Concat(w.Entrypoint ?? []).Concat(Files(w).Select(static f => f.Content)))
                .SelectMany(static v => v.Parameters).Select(static p => p.Name),
        ];
        NameVariables();
    }

    public DeploymentPlan Plan { get; }

    /// <summary>Program, one folder a release.</summary>
    public string Program => $"/opt/{Plan.Name}";

    /// <summary>The release in use.</summary>
    public string Current => $"{Program}/current";

    /// <summary>Settings and credentials.</summary>
    public string Configuration => $"/etc/{Plan.Name}";

    public string EnvironmentFile => $"{Configuration}/{Plan.Name}.env";

    public string Target => $"{Plan.Name}.target";

    /// <summary>The containers' network.</summary>
    public string Subnet => $"{_subnet}.0/24";

    /// <summary>Where containers reach the host.</summary>
    public string Gateway => $"{_subnet}.1";

    public IEnumerable<Workload> Services => Plan.Workloads.Where(RunsOnHost);

    public IEnumerable<Workload> Containers => Plan.Workloads.Where(static w => !RunsOnHost(w));

    /// <summary>The secrets that something running needs; those of builds alone stay where images are built.</summary>
    public IEnumerable<PlanParameter> Secrets => Plan.Secrets.Where(p => _running.Contains(p.Name));

    /// <summary>The plain parameters that something running needs.</summary>
    public IEnumerable<PlanParameter> Settings => Plan.Settings.Where(p => _running.Contains(p.Name));

    /// <summary>Endpoints of the host's services that a container needs.</summary>
    public IReadOnlyList<(Workload Workload, Endpoint Endpoint)> Bridged =>
    [
        .. Plan.References.Where(r => RunsOnHost(Plan.Workload(r.To)) && !RunsOnHost(Plan.Workload(r.From)))
            .SelectMany(r => r.Endpoints.Select(e => (Plan.Workload(r.To), Plan.Workload(r.To).Endpoints.First(x => x.Name == e))))
            .Where(static b => b.Item2.Protocol == "tcp")
            .DistinctBy(static b => b.Item2.HostPort),
    ];

    /// <summary>Whether it runs on the host itself, not in a container.</summary>
    public static bool RunsOnHost(Workload workload) =>
        workload.Systemd?.Profile.Command is not null || workload.Kind is WorkloadKind.Project or WorkloadKind.Executable;

    /// <summary>Whether an own one may take its place: a server of the host's packages that runs where others run a container.</summary>
    public static bool IsReplaceable(Workload workload) => RunsOnHost(workload) && workload.Kind is (WorkloadKind.Container or WorkloadKind.Dockerfile);

    /// <summary>Whether it generates code at run time.</summary>
    public static bool IsJit(Workload workload) =>
        workload.Kind == WorkloadKind.Project || (workload.Systemd?.Profile.Jit ?? true);

    /// <summary>Unit name without its type.</summary>
    public string Unit(Workload workload) => workload.Systemd?.Profile.Unit ?? $"{Plan.Name}-{workload.Name}";

    /// <summary>The unit others order themselves after.</summary>
    public string Service(Workload workload) => Unit(workload) + ".service";

    /// <summary>The variable of the environment file that holds a plain parameter.</summary>
    public string Variable(string parameter) => _variables[parameter];

    /// <summary>All variables of the environment file but those of ports and addresses.</summary>
    public IReadOnlyDictionary<string, string> Variables => _variables;

    /// <summary>Whether the environment file has a variable of that name.</summary>
    public bool IsInFile(string name) => _variables.ContainsValue(name) || AddressVariables.Contains(name);

    private IEnumerable<string> AddressVariables =>
        Plan.Workloads.SelectMany(static w => w.Endpoints).SelectMany(static e => new[] { e.PortVariable, e.BindVariable }).OfType<string>();

    /// <summary>The image with its registry, as Podman wants it.</summary>
    public string Image(Workload workload)
    {
        var reference = workload.Image.Reference;
        if (workload.Image.IsBuilt)
            return reference.Split('/')[0].AsSpan().IndexOfAny('.', ':') >= 0 && reference.Contains('/') ? reference : $"localhost/{reference}";
        var slash = reference.IndexOf('/');
        if (slash < 0)
            return $"docker.io/library/{reference}";
        var registry = reference.AsSpan(0, slash);
        return registry.IndexOfAny('.', ':') >= 0 || registry.SequenceEqual("localhost") ? reference : $"docker.io/{reference}";
    }

    /// <summary>The environment as the host hands it over, the profile's own for systemd on top.</summary>
    public IReadOnlyList<EnvironmentVariable> Environment(Workload workload)
    {
        var own = workload.Systemd?.Environment ?? [];
        return [.. workload.Environment.Where(e => own.All(o => o.Name != e.Name)), .. own];
    }

    /// <summary>The configuration files that the unit reads.</summary>
    public static IReadOnlyList<PlannedFile> Files(Workload workload) =>
        workload.Systemd is { Files.Count: > 0 } systemd ? systemd.Files : workload.Files;

    /// <summary>The variables that hold the address of a replaceable server; in the environment file they lead to an own one.</summary>
    public IEnumerable<(string Name, string Value)> AddressesOf(Workload server) => Services
        .SelectMany(w => Environment(w).Select(e => (Variable: e, Value: HostValues.Of(this, w, e.Value).Text)))
        .Where(x => x.Variable.Value.Workloads.Contains(server.ResourceName) && x.Value is not null && Naming.IsShellName(x.Variable.Name))
        .Select(static x => (x.Variable.Name, x.Value!))
        .DistinctBy(static x => x.Name);

    /// <summary>What an endpoint's property is to a workload.</summary>
    public HostToken Address(Workload seenBy, EndpointPart part)
    {
        var other = Plan.Workload(part.Workload);
        var endpoint = Plan.Endpoint(part);
        return part.Property switch
        {
            EndpointProperty.Host => new TextToken(HostName(seenBy, other)),
            EndpointProperty.Port => Port(seenBy, other, endpoint),
            EndpointProperty.TargetPort => RunsOnHost(other) ? HostPort(endpoint) : new TextToken(Number(endpoint.TargetPort)),
            EndpointProperty.Scheme => new TextToken(endpoint.Scheme),
            EndpointProperty.TlsEnabled => new TextToken(endpoint.Scheme is "https" or "rediss" ? "True" : "False"),
            _ => throw new InvalidOperationException($"Unknown property {part.Property}."),
        };
    }

    /// <summary>The port of the host, by its variable where it has one.</summary>
    public static HostToken HostPort(Endpoint endpoint) => endpoint.PortVariable is { } variable
        ? new SettingToken(variable, Number(endpoint.HostPort))
        : new TextToken(Number(endpoint.HostPort));

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string HostName(Workload seenBy, Workload other)
    {
        if (RunsOnHost(seenBy))
            return "127.0.0.1";
        return RunsOnHost(other) ? Gateway : Unit(other);
    }

    private static HostToken Port(Workload seenBy, Workload other, Endpoint endpoint)
    {
        if (RunsOnHost(seenBy))
            return HostPort(endpoint);
        return new TextToken(Number(RunsOnHost(other) ? endpoint.HostPort : endpoint.TargetPort));
    }

    /// <summary>A plain parameter is called as the services read it, when they agree; else as compose's <c>.env</c> calls it.</summary>
    private void NameVariables()
    {
        var all = Services.SelectMany(Environment).ToList();
        HashSet<string> taken = [.. AddressVariables];
        foreach (var parameter in Plan.Settings)
        {
            var names = all.Where(e => e.Value.SoleParameter?.Name == parameter.Name).Select(static e => e.ShellName).Distinct().ToList();
            var agreed = names is [var only] && all.All(e => e.ShellName != only || e.Value.SoleParameter?.Name == parameter.Name) ? only : null;
            if (agreed is not null && taken.Add(agreed))
                _variables.Add(parameter.Name, agreed);
            else
                _variables.Add(parameter.Name, Naming.Unique(parameter.Variable, taken, '_'));
        }
    }
}
