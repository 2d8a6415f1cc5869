using System.Buffers;
using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// One gRPC call over HTTP/2 (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): every message follows five bytes, a flag for
/// compression and a length, and the outcome is in the trailers.
/// </summary>
internal sealed class GrpcExchange(HttpContext context)
{
    internal const string ContentType = "application/grpc";

    private const int Preamble = 5;
    private const int LongestRequest = 64 * 1024;

    internal CancellationToken Aborted => context.RequestAborted;

    /// <summary>Sends the headers, for which a caller waits before it reads a stream.</summary>
    internal async Task BeginAsync()
    {
        context.Response.ContentType = ContentType;
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>The caller's one message.</summary>
    /// <exception cref="InvalidDataException">It is compressed, too long or cut short.</exception>
    internal async Task<byte[]> ReadAsync()
    {
        var preamble = new byte[Preamble];
        try
        {
            await context.Request.Body.ReadExactlyAsync(preamble, context.RequestAborted);
            var length = BinaryPrimitives.ReadUInt32BigEndian(preamble.AsSpan(1));
            if (preamble[0] != 0 || length > LongestRequest)
                throw new InvalidDataException($"A message is plain and at most {LongestRequest} bytes long.");
            var message = new byte[length];
            await context.Request.Body.ReadExactlyAsync(message, context.RequestAborted);
            return message;
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("The message ends too early.");
        }
    }

    internal async Task WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var writer = context.Response.BodyWriter;
        Begin(writer.GetSpan(Preamble), message.Length);
        writer.Advance(Preamble);
        writer.Write(message.Span);
        await writer.FlushAsync(cancellationToken);

        static void Begin(Span<byte> preamble, int length)
        {
            preamble[0] = 0;
            BinaryPrimitives.WriteInt32BigEndian(preamble[1..], length);
        }
    }

    internal void End(GrpcStatus status, string? message = null)
    {
        context.Response.ContentType ??= ContentType;
        context.Response.AppendTrailer("grpc-status", ((int)status).ToString(CultureInfo.InvariantCulture));
        if (message is not null)
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
    }
}

/// <summary>How a call ends (https://grpc.io/docs/guides/status-codes).</summary>
internal enum GrpcStatus
{
    Ok = 0,
    InvalidArgument = 3,
    Unimplemented = 12,
    Internal = 13,
    Unauthenticated = 16
}
