using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Lucia.Settings;

namespace Lucia.AgentHost.Doctor;

/// <summary>Finds out why an address cannot be reached: the name, the port, the machine, or that localhost is not what the user thought.</summary>
internal static class Reach
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static bool IsKubernetes { get; } = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 };

    public static bool IsContainer { get; } =
        IsKubernetes || Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") is "true" or "1" || File.Exists("/.dockerenv") || File.Exists("/run/.containerenv");

    /// <summary>Opens a connection and closes it.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port.</param>
    /// <param name="setting">The setting that names them, for the remedy.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What is wrong; <see langword="null"/> when something listens there.</returns>
    public static async Task<Trouble?> TryAsync(string host, int port, string setting, CancellationToken cancellation)
    {
        try
        {
            await Dns.GetHostAddressesAsync(host, cancellation);
        }
        catch (SocketException)
        {
            return UnknownName(host, setting);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, limit.Token);
            return null;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused
                ? new($"Nothing listens at {host}:{port}.", Refused(host, setting, IsContainer, IsKubernetes))
                : new($"{host}:{port} cannot be reached ({exception.SocketErrorCode}).", $"Check that the machine is on and that no firewall is in between ({setting}).");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new($"{host}:{port} does not answer; packets to it are lost.", $"Check the address ({setting}), that the machine is on, and that no firewall drops the connection.");
        }
    }

    /// <summary>The same for the address of a web service; one that is reached through a proxy is left to the request itself.</summary>
    public static Task<Trouble?> TryAsync(Uri address, string setting, CancellationToken cancellation) =>
        HttpClient.DefaultProxy.IsBypassed(address) || HttpClient.DefaultProxy.GetProxy(address) is null
            ? TryAsync(address.IdnHost.Trim('[', ']'), address.Port, setting, cancellation)
            : Task.FromResult<Trouble?>(null);

    /// <summary>What to do when a connection is refused.</summary>
    internal static string Refused(string host, string setting, bool isContainer, bool isKubernetes)
    {
        var isLoopback = ListenAddress.IsLoopbackHost(host);
        if (isLoopback && isKubernetes)
            return $"In a pod, localhost is the pod itself. Put the name of a Service, or the address of the machine, into {setting}.";
        if (isLoopback && isContainer)
            return $"In a container, localhost is the container itself. Write host.docker.internal for the machine it runs on, in {setting}; what is to be reached must listen on 0.0.0.0 there.";
        if (host == "host.docker.internal")
            return $"It must listen on more than 127.0.0.1 of that machine: Ollama with OLLAMA_HOST=0.0.0.0, LM Studio with \"Serve on Local Network\". Check that it runs and that the port in {setting} is right.";
        return $"Check that it runs, and that address and port in {setting} are right.";
    }

    /// <summary>What is wrong when an HTTPS connection is not made.</summary>
    public static Trouble? Certificate(Exception exception, Uri address, string remedy)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is not AuthenticationException tls) continue;
            return tls.Message.Contains("frame", StringComparison.OrdinalIgnoreCase) || tls.Message.Contains("corrupted", StringComparison.OrdinalIgnoreCase)
                ? new($"{address.Authority} does not speak HTTPS.", "Write http:// in place of https://.")
                : new($"The certificate of {address.Authority} is not accepted: {tls.Message}", remedy);
        }

        return null;
    }

    private static Trouble UnknownName(string host, string setting)
    {
        var found = $"The name {host} is not known here.";
        if (host.EndsWith(".local", StringComparison.OrdinalIgnoreCase))
        {
            return new(found, (IsContainer ? "A container does not resolve .local names. " : "This machine does not resolve .local names (mDNS). ")
                + $"Use the IP address in {setting}, such as http://192.168.1.20:8123.");
        }

        return host == "host.docker.internal"
            ? new(found, "The container needs extra_hosts: host.docker.internal:host-gateway; or use the machine's IP address.")
            : new(found, $"Check the spelling in {setting}, or use the IP address.");
    }
}
