using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Lucia.AgentHost.Tests.Support;

/// <summary>
/// Ports that nobody listens on, and that nobody is given by chance until the test binds one: they lie outside the range that the system takes its own
/// choices from, and as long as this process lives no other process of the tests gets them.
/// </summary>
internal static class FreePort
{
    // Between the ports of well-known servers and those that Kubernetes gives to services (30000 and up).
    private const int First = 20000, Last = 29999;

    private static readonly string Reservations = Path.Combine(Path.GetTempPath(), $"lucia-test-ports-{Environment.UserName}");
    private static readonly ConcurrentDictionary<int, FileStream> Reserved = new();

    /// <summary>Another one at each call.</summary>
    public static int Next()
    {
        Directory.CreateDirectory(Reservations);
        var (first, last) = Outside(Ephemeral());
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = Random.Shared.Next(first, last + 1);
            if (Reserve(port) is not { } reservation) continue;
            if (IsFree(port) && Reserved.TryAdd(port, reservation)) return port;
            reservation.Dispose();
        }

        throw new InvalidOperationException($"There is no free port between {first} and {last}.");
    }

    /// <summary>Where to choose from, when the system itself chooses from a range.</summary>
    internal static (int First, int Last) Outside((int First, int Last) ephemeral)
    {
        if (ephemeral.Last < First || ephemeral.First > Last) return (First, Last);
        // A range of somebody's own: the larger rest, if there is any worth mentioning.
        var (below, above) = ((First: 1024, Last: ephemeral.First - 1), (First: ephemeral.Last + 1, Last: 65535));
        var rest = below.Last - below.First > above.Last - above.First ? below : above;
        return rest.Last - rest.First < 1000 ? (First, Last) : rest;
    }

    /// <summary>Linux says it in a file; Windows and macOS begin at 49152 (RFC 6335).</summary>
    internal static (int First, int Last) Ephemeral()
    {
        const string Told = "/proc/sys/net/ipv4/ip_local_port_range";
        if (!File.Exists(Told)) return (49152, 65535);
        var range = File.ReadAllText(Told).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return (int.Parse(range[0], CultureInfo.InvariantCulture), int.Parse(range[1], CultureInfo.InvariantCulture));
    }

    /// <summary>A file that one process holds at a time; the system lets go of it when the process ends, however it does.</summary>
    private static FileStream? Reserve(int port)
    {
        try
        {
            return new FileStream(Path.Combine(Reservations, $"{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>At any address: a published port and a stub that listens everywhere need that.</summary>
    private static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
