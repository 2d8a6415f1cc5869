using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>
/// Gives every endpoint of a run its address. There is no proxy: clients use the port the resource listens on. Free ports are taken below the
/// range the kernel hands out to outgoing connections, so that nobody else is given one between here and the resource's own bind.
/// </summary>
internal static class EndpointPorts
{
    private const string Loopback = "127.0.0.1";
    private const int FirstFree = 20000;
    private const int LastFree = 32000;
    private static readonly ConcurrentDictionary<int, bool> HandedOut = new();

    /// <summary>Allocates the endpoints of all resources; returns what is wrong.</summary>
    /// <param name="resources">The resources.</param>
    /// <param name="randomize">Whether ports the model fixes are replaced by free ones, so that runs do not meet.</param>
    /// <param name="hint">Says how the port of a resource is changed, when that is known.</param>
    internal static IReadOnlyList<string> Allocate(IEnumerable<IResource> resources, bool randomize, Func<IResource, EndpointAnnotation, string?> hint)
    {
        List<string> problems = [];
        Dictionary<int, string> wanted = [];
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.EndpointAnnotations())
            {
                // A process that is not told its port listens where it says; a container's port is mapped to any.
                var port = resource is ContainerResource ? endpoint.Port : endpoint.TargetPort ?? endpoint.Port;
                if (randomize && (resource is ContainerResource || endpoint.TargetPort is null))
                    port = null;
                if (port is { } given && !wanted.TryAdd(given, $"'{resource.Name}'"))
                    problems.Add($"The endpoint '{endpoint.Name}' of '{resource.Name}' wants port {given}, which {wanted[given]} has; give one of them another.");
                else if (port is { } asked && !IsFree(asked))
                    problems.Add($"The endpoint '{endpoint.Name}' of '{resource.Name}' wants port {asked}, which another program has. Stop that program"
                        + $" (`ss -ltnp 'sport = :{asked}'` names it), or {hint(resource, endpoint) ?? "give the endpoint another port in AppHost.cs"}.");
                endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, AddressOf(endpoint), port ?? Free());
            }
        }

        return problems;
    }

    /// <summary>The endpoints of a further instance: ports of its own.</summary>
    internal static IReadOnlyDictionary<EndpointAnnotation, AllocatedEndpoint> ForReplica(IResource resource) =>
        resource.EndpointAnnotations().ToDictionary(endpoint => endpoint, endpoint => new AllocatedEndpoint(endpoint, AddressOf(endpoint), Free()));

    /// <summary>A port for the run itself: the usual one when nobody has it, else any free one.</summary>
    internal static int Take(int? usual) =>
        usual is { } port && IsFree(port) && IsFree(port, IPAddress.IPv6Loopback) && HandedOut.TryAdd(port, true) ? port : Free();

    internal static void Release(IEnumerable<AllocatedEndpoint> endpoints) => Release(endpoints.Select(endpoint => endpoint.Port));

    internal static void Release(IEnumerable<int> ports)
    {
        foreach (var port in ports)
            HandedOut.TryRemove(port, out _);
    }

    private static string AddressOf(EndpointAnnotation endpoint) =>
        IPAddress.TryParse(endpoint.TargetHost, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? endpoint.TargetHost
            : Loopback;

    private static int Free()
    {
        for (var tries = 0; tries < 10000; tries++)
        {
            var port = Random.Shared.Next(FirstFree, LastFree);
            if (HandedOut.TryAdd(port, true) && IsFree(port))
                return port;
        }

        throw new DistributedApplicationException($"No port between {FirstFree} and {LastFree} is free.");
    }

    private static bool IsFree(int port) => IsFree(port, IPAddress.Loopback);

    private static bool IsFree(int port, IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (!OperatingSystem.IsWindows())
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException error)
        {
            // Where there is no such address, nobody has its port.
            return error.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }
}
