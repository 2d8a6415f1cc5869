using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace Lucia.AgentHost.Home;

/// <summary>One authenticated connection to Home Assistant's WebSocket API: commands with answers, and events.</summary>
/// <remarks>Source: https://developers.home-assistant.io/docs/api/websocket</remarks>
internal sealed class HomeAssistantSocket : IAsyncDisposable
{
    // A large home's get_states is a few megabytes; more than this is no home.
    private const int LargestMessage = 64 * 1024 * 1024;

    private readonly ClientWebSocket _socket;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly ConcurrentDictionary<int, Action<JsonElement>> _subscriptions = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private int _lastId;

    private HomeAssistantSocket(ClientWebSocket socket) => _socket = socket;

    /// <summary>Connects and authenticates.</summary>
    /// <exception cref="HomeAssistantRefusedException">The access token was refused.</exception>
    /// <exception cref="WebSocketException">No connection.</exception>
    public static async Task<HomeAssistantSocket> ConnectAsync(Uri baseUrl, string accessToken, HttpMessageInvoker http, CancellationToken cancellation)
    {
        var address = new UriBuilder(new Uri(WithSlash(baseUrl), "api/websocket"));
        address.Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(20);
        socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        try
        {
            await socket.ConnectAsync(address.Uri, http, cancellation);
            var connection = new HomeAssistantSocket(socket);
            await connection.AuthenticateAsync(accessToken, cancellation);
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command and waits for its result.</summary>
    /// <param name="type">The command, such as <c>get_states</c>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HomeAssistantRefusedException">Home Assistant answered with an error, such as <c>unauthorized</c>.</exception>
    public Task<JsonElement> CommandAsync(string type, CancellationToken cancellation) =>
        SendAsync(type, null, Interlocked.Increment(ref _lastId), cancellation);

    /// <summary>Subscribes to an event type; the handler is called on the receiving loop, in order.</summary>
    public async Task SubscribeAsync(string eventType, Action<JsonElement> handler, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _lastId);
        _subscriptions[id] = handler;
        await SendAsync("subscribe_events", eventType, id, cancellation);
    }

    /// <summary>Receives until the connection ends; then every waiting command fails. Returns normally when Home Assistant closed it.</summary>
    public async Task ReceiveAsync(CancellationToken cancellation)
    {
        Exception? cause = null;
        try
        {
            while (await ReadAsync(cancellation) is { } message)
            {
                // Newer cores may coalesce messages into one array.
                if (message.ValueKind == JsonValueKind.Array)
                    foreach (var one in message.EnumerateArray()) Dispatch(one);
                else Dispatch(message);
            }
        }
        catch (Exception exception)
        {
            cause = exception;
            throw;
        }
        finally
        {
            foreach (var id in _waiting.Keys)
                if (_waiting.TryRemove(id, out var waiting)) waiting.TrySetException(cause as WebSocketException ?? new WebSocketException("The connection to Home Assistant ended."));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
            {
                // It is going away either way.
            }
        }

        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task AuthenticateAsync(string accessToken, CancellationToken cancellation)
    {
        await ExpectAsync("auth_required");
        await WriteAsync(writer =>
        {
            writer.WriteString("type", "auth");
            writer.WriteString("access_token", accessToken);
        }, cancellation);
        await ExpectAsync("auth_ok");

        async Task ExpectAsync(string expected)
        {
            var type = await ReadAsync(cancellation) is { } message && message.TryGetProperty("type", out var found) ? found.GetString() : null;
            if (type == "auth_invalid") throw new HomeAssistantRefusedException("auth_invalid", "Home Assistant refused the access token.");
            if (type != expected) throw new WebSocketException($"Home Assistant said \"{type ?? "nothing"}\" where {expected} was expected.");
        }
    }

    private async Task<JsonElement> SendAsync(string type, string? eventType, int id, CancellationToken cancellation)
    {
        var waiting = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = waiting;
        try
        {
            await WriteAsync(writer =>
            {
                writer.WriteNumber("id", id);
                writer.WriteString("type", type);
                if (eventType is not null) writer.WriteString("event_type", eventType);
            }, cancellation);
            return await waiting.Task.WaitAsync(cancellation);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    private void Dispatch(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("id", out var idElement) || !idElement.TryGetInt32(out var id)) return;
        switch (message.TryGetProperty("type", out var type) ? type.GetString() : null)
        {
            case "event" when _subscriptions.TryGetValue(id, out var handler) && message.TryGetProperty("event", out var happened):
                handler(happened);
                break;
            case "result" when _waiting.TryGetValue(id, out var waiting):
                if (message.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.True)
                    waiting.TrySetResult(message.TryGetProperty("result", out var result) ? result : default);
                else
                    waiting.TrySetException(HomeAssistantRefusedException.Read(message));
                break;
            default:
                break;
        }
    }

    private async Task WriteAsync(Action<Utf8JsonWriter> properties, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        await using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }

        await _sending.WaitAsync(cancellation);
        try
        {
            await _socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellation);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task<JsonElement?> ReadAsync(CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            var length = 0;
            while (true)
            {
                if (length == buffer.Length) buffer = Grow(buffer);
                var received = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
                if (received.MessageType == WebSocketMessageType.Close) return null;
                length += received.Count;
                if (!received.EndOfMessage) continue;
                using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
                return document.RootElement.Clone();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        if (buffer.Length >= LargestMessage) throw new WebSocketException("Home Assistant sent a message that is too large.");
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static Uri WithSlash(Uri address) => new(address.AbsoluteUri.TrimEnd('/') + "/");
}
