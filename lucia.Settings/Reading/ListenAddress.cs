using System.Net;

namespace Lucia.Settings;

/// <summary>Where the service listens.</summary>
public static class ListenAddress
{
    /// <summary>Whether only this machine can reach an address such as <c>http://localhost:5000</c>, <c>http://[::1]:80</c> or <c>http://unix:/run/lucia.sock</c>.</summary>
    /// <remarks>Wildcards and names other than localhost are taken for addresses of the network.</remarks>
    public static bool IsLoopback(string address)
    {
        var start = address.IndexOf("://", StringComparison.Ordinal);
        var rest = start < 0 ? address : address[(start + 3)..];
        if (rest.StartsWith("unix:/", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("pipe:/", StringComparison.OrdinalIgnoreCase))
            return true;

        return IsLoopbackHost(rest.Split('/')[0]);
    }

    /// <summary>Whether a host, with or without a port, names this machine: <c>localhost:5000</c>, <c>[::1]</c>.</summary>
    public static bool IsLoopbackHost(string host)
    {
        var name = host.StartsWith('[') && host.IndexOf(']', StringComparison.Ordinal) is > 0 and var end
            ? host[1..end]
            : host.Split(':')[0];
        return string.Equals(name, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }
}
