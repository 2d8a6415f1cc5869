using System.Net;
using System.Net.Sockets;

namespace Lucia.AppHost.Tests.Support;

internal static class Ports
{
    /// <summary>Whether somebody listens on a port of 127.0.0.1.</summary>
    public static bool IsOpen(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
