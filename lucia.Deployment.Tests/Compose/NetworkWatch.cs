using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>Somebody spoke to somebody first.</summary>
/// <param name="From">Who began.</param>
/// <param name="To">Whom it was meant for.</param>
/// <param name="What">For example <c>tcp 443</c> or <c>udp 53 asks for example.org</c>.</param>
internal sealed record Contact(IPAddress From, IPAddress To, string What)
{
    public override string ToString() => $"{From} -> {To} {What}";
}

/// <summary>
/// Sees every packet of this machine, those between containers included, and remembers who began a conversation with whom: new TCP connections, and whatever
/// has no connections (UDP, ICMP and the rest). Names that are looked up are remembered too.
/// </summary>
internal sealed class NetworkWatch : IDisposable
{
    private const int EveryProtocol = 0x0300; // ETH_P_ALL in network order
    private const int SocketLevel = 1, ForceReceiveBuffer = 33, PacketLevel = 263, PacketStatistics = 6;

    private readonly Socket _socket;
    private readonly Thread _reader;
    private readonly ConcurrentDictionary<Contact, bool> _contacts = new();
    private volatile bool _ended;

    private NetworkWatch(Socket socket)
    {
        _socket = socket;
        _reader = new Thread(Read) { IsBackground = true, Name = "network watch" };
        _reader.Start();
    }

    /// <summary>Begins to watch, or says why it may not.</summary>
    /// <exception cref="InvalidOperationException">It may not although CI=true: what guards every change does not go unguarded in silence.</exception>
    public static NetworkWatch? TryStart(out string reason)
    {
        reason = "";
        Socket? socket = null;
        try
        {
            socket = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)EveryProtocol) { ReceiveTimeout = 500 };
            // A burst must fit while this process waits for its turn.
            Span<byte> size = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(size, 128 * 1024 * 1024);
            socket.SetRawSocketOption(SocketLevel, ForceReceiveBuffer, size);
            return new NetworkWatch(socket);
        }
        catch (SocketException refused)
        {
            socket?.Dispose();
            reason = $"The packets of the container networks cannot be seen: {refused.Message}. That takes Linux, and root or the capabilities NET_RAW and NET_ADMIN.";
            if (Environment.GetEnvironmentVariable("CI") == "true") throw new InvalidOperationException($"{reason} Where CI=true that is no reason to look away: eng/test-target.sh compose gives them.", refused);
            return null;
        }
    }

    /// <summary>Every conversation that somebody within these networks began.</summary>
    public IReadOnlyList<Contact> BegunWithin(params IReadOnlyCollection<IPNetwork> networks) =>
        [.. _contacts.Keys.Where(contact => networks.Any(network => network.Contains(contact.From))).OrderBy(static contact => contact.ToString(), StringComparer.Ordinal)];

    /// <summary>Those of them that were meant for somebody outside.</summary>
    public IReadOnlyList<Contact> BegunWithOutsiders(params IReadOnlyCollection<IPNetwork> networks) =>
        [.. BegunWithin(networks).Where(contact => !networks.Any(network => network.Contains(contact.To)))];

    /// <summary>How many packets came faster than they could be looked at; anything but 0 makes the rest worthless.</summary>
    public int Missed()
    {
        Span<byte> statistics = stackalloc byte[8];
        _socket.GetRawSocketOption(PacketLevel, PacketStatistics, statistics);
        return BinaryPrimitives.ReadInt32LittleEndian(statistics[4..]);
    }

    public void Dispose()
    {
        _ended = true;
        _reader.Join();
        _socket.Dispose();
    }

    private void Read()
    {
        var frame = new byte[65536 + 64];
        while (!_ended)
        {
            try
            {
                var length = _socket.Receive(frame);
                if (Begun(frame.AsSpan(0, length)) is { } contact) _contacts.TryAdd(contact, true);
            }
            catch (SocketException quiet) when (quiet.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock or SocketError.Interrupted or SocketError.NetworkDown)
            {
                // Nothing came, or a network went away.
            }
        }
    }

    /// <summary>What an Ethernet frame begins; null when it belongs to something begun before, or to the upkeep of the network.</summary>
    internal static Contact? Begun(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 34) return null;
        var packet = frame[14..];
        switch (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]))
        {
            case 0x0800:
                var header = (packet[0] & 0xF) * 4;
                var laterFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF) != 0;
                if (laterFragment || packet.Length < header) return null;
                return Begun(packet[9], new IPAddress(packet[12..16]), new IPAddress(packet[16..20]), packet[header..]);
            case 0x86DD when packet.Length > 40:
                var to = new IPAddress(packet[24..40]);
                // Neighbours finding each other stay on the link.
                return to.IsIPv6Multicast || to.IsIPv6LinkLocal ? null : Begun(packet[6], new IPAddress(packet[8..24]), to, packet[40..]);
            default:
                return null;
        }
    }

    private static Contact? Begun(byte protocol, IPAddress from, IPAddress to, ReadOnlySpan<byte> segment) => protocol switch
    {
        6 when segment.Length >= 14 => (segment[13] & 0b01_0010) == 0b00_0010 ? new Contact(from, to, $"tcp {BinaryPrimitives.ReadUInt16BigEndian(segment[2..])}") : null,
        17 when segment.Length >= 8 => new Contact(from, to, Datagram(BinaryPrimitives.ReadUInt16BigEndian(segment[2..]), segment[8..])),
        1 when segment.Length >= 1 => segment[0] == 8 ? new Contact(from, to, "icmp echo") : null,
        58 when segment.Length >= 1 => segment[0] == 128 ? new Contact(from, to, "icmp echo") : null,
        // IGMP (2) tells the switch who listens to what; it stays on the link.
        1 or 2 or 6 or 17 or 58 => null,
        _ => new Contact(from, to, $"protocol {protocol}"),
    };

    private static string Datagram(int port, ReadOnlySpan<byte> data) => port == 53 ? $"udp 53 asks for {Question(data)}" : $"udp {port}";

    /// <summary>The name in the first question of a DNS message (RFC 1035, 4.1).</summary>
    private static string Question(ReadOnlySpan<byte> message)
    {
        var name = new StringBuilder();
        for (var at = 12; at < message.Length && message[at] is > 0 and < 64; at += message[at] + 1)
        {
            if (at + 1 + message[at] > message.Length) return "something garbled";
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(message.Slice(at + 1, message[at])));
        }

        return name.ToString();
    }
}
