using System.Text;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>A port of a Service and of the container behind it.</summary>
/// <param name="Endpoint">The endpoint it serves.</param>
/// <param name="Name">An IANA_SVC_NAME (RFC 6335): at most 15 lower-case letters, digits and hyphens with a letter among them.</param>
/// <param name="Port">The Service's port.</param>
internal sealed record ServicePort(Endpoint Endpoint, string Name, int Port);

/// <summary>The ports of a workload's Service: one per container port, with names and numbers that do not clash.</summary>
internal static class ServicePorts
{
    public static IReadOnlyList<ServicePort> Of(Workload workload)
    {
        var names = new HashSet<string>();
        var numbers = new HashSet<(string, int)>();
        var ports = new List<ServicePort>();
        foreach (var endpoint in workload.Ports)
        {
            var port = endpoint.ServicePort;
            if (!numbers.Add((endpoint.Protocol, port)))
            {
                port = endpoint.TargetPort;
                while (!numbers.Add((endpoint.Protocol, port)))
                    port++;
            }
            ports.Add(new ServicePort(endpoint, Naming.Unique(PortName(endpoint.Name), names, '-'), port));
        }
        return ports;
    }

    /// <summary>The port that serves an endpoint; several endpoints may share one.</summary>
    public static ServicePort For(Workload workload, Endpoint endpoint) =>
        Of(workload).First(p => p.Endpoint.TargetPort == endpoint.TargetPort && p.Endpoint.Protocol == endpoint.Protocol);

    private static string PortName(string name)
    {
        var label = new StringBuilder();
        foreach (var c in Naming.Label(name))
        {
            if (label.Length < 12 && !(c == '-' && label.Length > 0 && label[^1] == '-'))
                label.Append(c);
        }
        return label.ToString().TrimEnd('-');
    }
}
