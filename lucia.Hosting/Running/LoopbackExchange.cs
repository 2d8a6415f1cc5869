using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>
/// Sends a few bytes and reads the first answer. A refused connection is the usual answer of a process that is starting, asked fifty times a
/// second, so it is a result here and no exception; and no HTTP stack is loaded for a status line.
/// </summary>
internal static class LoopbackExchange
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The first bytes of the answer, at least <paramref name="expected"/> unless the peer ended; null when nobody listens.</summary>
    internal static async Task<byte[]?> TryAsync(IPEndPoint address, ReadOnlyMemory<byte> request, int expected, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (!await ConnectAsync(socket, address, bounded.Token))
            return null;
        await socket.SendAsync(request, bounded.Token);
        var answer = new byte[512];
        var length = 0;
        while (length < expected)
        {
            var read = await socket.ReceiveAsync(answer.AsMemory(length), bounded.Token);
            if (read == 0)
                break;
            length += read;
        }

        return answer[..length];
    }

    private static async Task<bool> ConnectAsync(Socket socket, EndPoint address, CancellationToken cancellationToken)
    {
        var connected = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var connection = new SocketAsyncEventArgs { RemoteEndPoint = address };
        connection.Completed += (_, e) => connected.TrySetResult(e.SocketError == SocketError.Success);
        if (!socket.ConnectAsync(connection))
            return connection.SocketError == SocketError.Success;
        try
        {
            return await connected.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Socket.CancelConnectAsync(connection);
            await connected.Task;
            throw;
        }
    }
}
