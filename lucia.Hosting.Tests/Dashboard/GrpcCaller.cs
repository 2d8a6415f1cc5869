using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Aspire.Hosting.Tests.Dashboard;

/// <summary>Calls the resource service as the dashboard does.</summary>
internal sealed class GrpcCaller(Uri address, string? key) : IDisposable
{
    private readonly HttpClient _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A call with one message; the answer's messages are read as they come.</summary>
    internal async Task<GrpcAnswer> CallAsync(string method, IMessage? message = null)
    {
        var body = message?.ToByteArray() ?? [];
        var frame = new byte[body.Length + 5];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame, 5);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"/aspire.v1.DashboardService/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } }
        };
        if (key is not null)
            request.Headers.Add("x-resource-service-api-key", key);
        return new GrpcAnswer(await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation));
    }

    public void Dispose() => _http.Dispose();
}

internal sealed class GrpcAnswer(HttpResponseMessage response) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The next message; null when there is none any more.</summary>
    internal async Task<T?> NextAsync<T>()
        where T : class, IMessage<T>, new()
    {
        var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        var preamble = new byte[5];
        if (await stream.ReadAtLeastAsync(preamble, 5, throwOnEndOfStream: false, Cancellation).AsTask().WaitAsync(Patience, Cancellation) < 5)
            return null;
        preamble[0].ShouldBe((byte)0);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(preamble.AsSpan(1))];
        await stream.ReadExactlyAsync(message, Cancellation);
        return new MessageParser<T>(() => new T()).ParseFrom(message);
    }

    /// <summary>The status in the trailers, once everything was read.</summary>
    internal async Task<string?> StatusAsync()
    {
        await (await response.Content.ReadAsStreamAsync(Cancellation)).CopyToAsync(Stream.Null, Cancellation).WaitAsync(Patience, Cancellation);
        return response.TrailingHeaders.Concat(response.Headers).FirstOrDefault(header => header.Key == "grpc-status").Value?.Single();
    }

    public void Dispose() => response.Dispose();
}
