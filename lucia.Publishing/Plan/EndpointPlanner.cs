using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Profile;

namespace Lucia.Publishing.Plan;

/// <summary>Decides what each binding becomes: real scheme, target port, Service port, a host port free of clashes.</summary>
internal sealed class EndpointPlanner(DiagnosticBag diagnostics)
{
    private const int FirstAssigned = 8080;
    private const int FirstUnprivileged = 1024;
    private const int AboveTheirs = 8000;
    private readonly HashSet<(string Protocol, int Port)> _hostPorts = [];

    /// <summary>The endpoints of a workload, without host ports.</summary>
    public IReadOnlyList<Endpoint> Plan(WorkloadResource resource, WorkloadProfile profile)
    {
        var taken = resource.Bindings.Select(static b => b.TargetPort).OfType<int>().ToHashSet();
        var endpoints = new List<Endpoint>();
        foreach (var binding in resource.Bindings)
        {
            // A container that names its own https port brings its own certificate; a project has none.
            var loseTls = binding.Scheme == "https" && (resource is not ContainerResource || binding.TargetPort is null);
            if (loseTls)
            {
                diagnostics.Report(
                    DiagnosticCatalogue.HttpsBecomesHttp, binding.At, $"'{resource.Name}' has no certificate; its binding '{binding.Name}' serves http.");
            }
            var offered = profile.Endpoints.GetValueOrDefault(binding.Name) ?? new EndpointProfile();
            var target = binding.TargetPort ?? Assign(resource, binding, loseTls, endpoints, taken);
            endpoints.Add(new Endpoint
            {
                Name = binding.Name,
                At = binding.At,
                Scheme = loseTls ? "http" : binding.Scheme,
                DeclaredScheme = binding.Scheme,
                Protocol = binding.Protocol,
                Transport = binding.Transport,
                TargetPort = target,
                ServicePort = offered.ServicePort ?? binding.Port ?? target,
                External = offered.External ?? binding.External,
                HostPort = offered.ExternalPort ?? profile.Systemd?.Ports.GetValueOrDefault(binding.Name) ?? 0,
                PortVariable = offered.PortVariable,
                BindVariable = offered.BindVariable,
            });
        }
        return endpoints;
    }

    /// <summary>Gives every endpoint a port no other endpoint has on one host: wishes first, then external ones, then the rest.</summary>
    public IReadOnlyList<Workload> AssignHostPorts(IReadOnlyList<Workload> workloads)
    {
        var ports = new Dictionary<(string Workload, int Target, string Protocol), int>();
        foreach (var pass in (ReadOnlySpan<int>)[0, 1, 2])
        {
            foreach (var workload in workloads)
            {
                foreach (var endpoint in workload.Endpoints)
                {
                    var key = (workload.ResourceName, endpoint.TargetPort, endpoint.Protocol);
                    var due = pass == 2 || (pass == 0 ? endpoint.HostPort > 0 : endpoint.External);
                    if (!due || ports.ContainsKey(key))
                        continue;
                    var wish = endpoint.HostPort > 0 ? endpoint.HostPort : endpoint.ServicePort is 80 or 443 ? endpoint.TargetPort : endpoint.ServicePort;
                    // The profile says what it wants, and knows the host.
                    var privileged = endpoint.HostPort == 0 && wish < FirstUnprivileged;
                    ports[key] = Free(endpoint.Protocol, privileged ? wish + AboveTheirs : wish);
                    if (privileged && endpoint.External)
                    {
                        diagnostics.Report(
                            DiagnosticCatalogue.PortRaised, endpoint.At, $"'{workload.ResourceName}' is offered at port {ports[key]} of a host, not at {wish}.");
                    }
                }
            }
        }
        return
        [
            .. workloads.Select(workload => workload with
            {
                Endpoints = [.. workload.Endpoints.Select(e => e with { HostPort = ports[(workload.ResourceName, e.TargetPort, e.Protocol)] })],
            }),
        ];
    }

    /// <summary>
    /// Names the settings of what users outside type, the port and the address it is bound to, where the profile does not. Endpoints that share a
    /// port share them.
    /// </summary>
    /// <param name="workloads">The workloads.</param>
    /// <param name="application">The plan's name.</param>
    /// <param name="others">Names that other settings have.</param>
    public static IReadOnlyList<Workload> NameVariables(IReadOnlyList<Workload> workloads, string application, IEnumerable<string> others)
    {
        var endpoints = workloads.SelectMany(static w => w.Endpoints).ToList();
        HashSet<string> taken = [.. others, .. endpoints.SelectMany(static e => new[] { e.PortVariable, e.BindVariable }).OfType<string>()];
        var bind = endpoints.Select(static e => e.BindVariable).FirstOrDefault(static b => b is not null) ?? Naming.Unique(Naming.Variable(application) + "_BIND", taken, '_');
        var named = new List<Workload>();
        foreach (var workload in workloads)
        {
            var name = Naming.Variable(workload.Name);
            var offered = workload.Endpoints.GroupBy(static e => (e.TargetPort, e.Protocol)).Where(static g => g.Any(static e => e.External)).ToList();
            var ports = offered.ToDictionary(static g => g.Key, group => group.Select(static e => e.PortVariable).FirstOrDefault(static p => p is not null)
                ?? Naming.Unique(offered.Count == 1 ? $"{name}_PORT" : $"{name}_{Naming.Variable(group.First().Name)}_PORT", taken, '_'));
            var binds = offered.ToDictionary(static g => g.Key, group => group.Select(static e => e.BindVariable).FirstOrDefault(static b => b is not null) ?? bind);
            named.Add(workload with
            {
                Endpoints =
                [
                    .. workload.Endpoints.Select(e => e with
                    {
                        PortVariable = e.PortVariable ?? ports.GetValueOrDefault((e.TargetPort, e.Protocol)),
                        BindVariable = e.BindVariable ?? binds.GetValueOrDefault((e.TargetPort, e.Protocol)),
                    }),
                ],
            });
        }
        return named;
    }

    private int Free(string protocol, int wish)
    {
        while (!_hostPorts.Add((protocol, wish)))
            wish = wish >= 65535 ? 1024 : wish + 1;
        return wish;
    }

    private int Assign(
        WorkloadResource resource, BindingDeclaration binding, bool loseTls, List<Endpoint> endpoints, HashSet<int> taken)
    {
        // Kestrel listens on the http port alone; the https binding then means the same socket.
        if (loseTls && endpoints.Find(static e => e.Scheme == "http") is { } sibling)
            return sibling.TargetPort;
        if (resource is ContainerResource && binding.Port is { } port && taken.Add(port))
            return port;
        var assigned = FirstAssigned;
        while (!taken.Add(assigned))
            assigned++;
        var isHttp = binding.Scheme is "http" or "https" || binding.Transport is "http" or "http2" or "http3";
        diagnostics.Report(
            DiagnosticCatalogue.PortAssigned, binding.At, $"'{resource.Name}' is to listen at {assigned} for its binding '{binding.Name}'.",
            severity: isHttp ? null : Severity.Warning);
        return assigned;
    }
}
