using System.Net.WebSockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Lucia.Simulator.Faults;

namespace Lucia.Simulator.Home;

/// <summary>One client on the WebSocket: authentication, then commands and the events it subscribed to.</summary>
internal sealed class WebSocketConnection : IDisposable
{
    /// <summary>Home Assistant gives a client that much to fall behind, too (MAX_PENDING_MSG).</summary>
    private const int MaxPending = 4096;
    private const int MaxMessageBytes = 1024 * 1024;
    private const int MaxSubscriptions = 100;
    private static readonly TimeSpan AuthenticationTime = TimeSpan.FromSeconds(10);
    private static readonly string[] NeedsAdmin = ["config/", "homeassistant/expose_entity"];

    private readonly WebSocket _socket;
    private readonly House _house;
    private readonly HomeAssistantServices _services;
    private readonly FaultBook _faults;
    private readonly AccessToken _token;
    private readonly Action _drop;
    private readonly CancellationTokenSource _cancel;
    private readonly Channel<JsonObject> _outbox = Channel.CreateBounded<JsonObject>(new BoundedChannelOptions(MaxPending) { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Func<HouseEvent, JsonNode?>> _subscriptions = [];
    private long _lastId;
    private bool _coalesce;
    private volatile bool _ended;

    public WebSocketConnection(
        WebSocket socket, House house, HomeAssistantServices services, FaultBook faults, AccessToken token, Action drop, CancellationToken cancel)
    {
        (_socket, _house, _services, _faults, _token, _drop) = (socket, house, services, faults, token, drop);
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    }

    public void Dispose()
    {
        _house.Happened -= Forward;
        _cancel.Dispose();
    }

    public void Drop()
    {
        _drop();
        _socket.Abort();
    }

    public async Task RunAsync()
    {
        if (!await AuthenticateAsync())
            return;

        _house.Happened += Forward;
        var writing = WriteAsync();
        try
        {
            while (await ReceiveAsync(_cancel.Token) is { } text)
            {
                if (Json.TryParse(text) is not { } message)
                    break;
                foreach (var command in message as JsonArray ?? [message])
                    Handle(command as JsonObject ?? []);
            }
        }
        finally
        {
            _ended = true;
            _house.Happened -= Forward;
            _outbox.Writer.TryComplete();
            await _cancel.CancelAsync();
            await Task.WhenAny(writing);
        }

        await CloseAsync();
    }

    private async Task<bool> AuthenticateAsync()
    {
        await SendAsync(new JsonObject { ["type"] = "auth_required", ["ha_version"] = HomeJson.Version });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token);
        limit.CancelAfter(AuthenticationTime);
        var message = Json.TryParse(await ReceiveAsync(limit.Token));
        if (message.String("type") != "auth" || message.String("access_token") is not { } presented)
        {
            await SendAsync(new JsonObject { ["type"] = "auth_invalid", ["message"] = "Auth message incorrectly formatted: required key not provided" });
            await CloseAsync();
            return false;
        }

        if (!_token.Matches(presented) || _faults.Take("/api/websocket", FaultKind.HomeUnauthorized) is not null)
        {
            await SendAsync(new JsonObject { ["type"] = "auth_invalid", ["message"] = "Invalid access token or password" });
            await CloseAsync();
            return false;
        }

        await SendAsync(new JsonObject { ["type"] = "auth_ok", ["ha_version"] = HomeJson.Version });
        return true;
    }

    private void Handle(JsonObject message)
    {
        var type = message.String("type");
        if (message.Number("id") is not ({ } number and > 0) || number != Math.Floor(number) || type is null)
        {
            Send(new JsonObject { ["id"] = message["id"]?.DeepClone(), ["type"] = "result", ["success"] = false, ["error"] = Error("invalid_format", "Message incorrectly formatted.") });
            return;
        }

        var id = (long)number;
        if (_faults.Take(type, FaultKind.HomeSocketDrop) is not null)
        {
            Drop();
            return;
        }

        if (id <= _lastId)
        {
            Fail(id, "id_reuse", "Identifier values have to increase.");
            return;
        }

        _lastId = id;
        if (NeedsAdmin.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal)) && _faults.Take(type, FaultKind.HomeNotAdmin) is not null)
            Fail(id, "unauthorized", "Unauthorized");
        else
            Run(id, type, message);
    }

    private void Run(long id, string type, JsonObject message)
    {
        switch (type)
        {
            case "ping":
                Send(new JsonObject { ["id"] = id, ["type"] = "pong" });
                break;
            case "supported_features":
                _coalesce = message["features"].Number("coalesce_messages") > 0;
                Succeed(id, null);
                break;
            case "auth/current_user":
                Succeed(id, HomeJson.User());
                break;
            case "get_states":
                Succeed(id, HomeJson.States(_house));
                break;
            case "get_config":
                Succeed(id, HomeJson.Config(_house));
                break;
            case "get_services":
                Succeed(id, _services.ToJson());
                break;
            case "get_panels":
                Succeed(id, new JsonObject());
                break;
            case "config/floor_registry/list":
                Succeed(id, HomeJson.Floors(_house));
                break;
            case "config/area_registry/list":
                Succeed(id, HomeJson.Areas(_house));
                break;
            case "config/device_registry/list":
                Succeed(id, HomeJson.Devices(_house));
                break;
            case "config/entity_registry/list":
                Succeed(id, HomeJson.Entities(_house));
                break;
            case "config/entity_registry/list_for_display":
                Succeed(id, HomeJson.EntitiesForDisplay(_house));
                break;
            case "config/label_registry/list":
                Succeed(id, new JsonArray());
                break;
            case "homeassistant/expose_entity/list":
                Succeed(id, HomeJson.Exposure(_house));
                break;
            case "subscribe_events":
                var wanted = message.String("event_type");
                Subscribe(id, it => wanted is null || wanted == "*" || it.Type == wanted ? it.ToJson() : null);
                break;
            case "subscribe_entities":
                SubscribeEntities(id, message);
                break;
            case "unsubscribe_events":
                Unsubscribe(id, message);
                break;
            case "call_service":
                _ = CallServiceAsync(id, message);
                break;
            default:
                Fail(id, "unknown_command", "Unknown command.");
                break;
        }
    }

    private bool Subscribe(long id, Func<HouseEvent, JsonNode?> select)
    {
        lock (_gate)
        {
            if (_subscriptions.Count >= MaxSubscriptions)
            {
                Fail(id, "not_allowed", $"At most {MaxSubscriptions} subscriptions.");
                return false;
            }

            _subscriptions[id] = select;
        }

        Succeed(id, null);
        return true;
    }

    private void SubscribeEntities(long id, JsonObject message)
    {
        if (Json.Strings(message["entity_ids"]) is not { } only)
        {
            Fail(id, "invalid_format", "expected a list for dictionary value @ data['entity_ids']");
            return;
        }

        // First everything there is, then what differs from it: no change may fall between the two.
        _house.Observe(all =>
        {
            bool Wanted(string entityId) => only.Count == 0 || only.Contains(entityId);
            if (!Subscribe(id, it => it.Type == HouseEvent.StateChanged && Wanted(it.EntityId) ? it.ToCompressedJson() : null))
                return;
            var states = new JsonObject();
            foreach (var state in all.Where(state => Wanted(state.EntityId)))
                states[state.EntityId] = state.ToCompressedJson();
            Send(Event(id, new JsonObject { ["a"] = states }));
        });
    }

    private void Unsubscribe(long id, JsonObject message)
    {
        bool known;
        lock (_gate)
            known = message.Number("subscription") is { } subscription && _subscriptions.Remove((long)subscription);
        if (known)
            Succeed(id, null);
        else
            Fail(id, "not_found", "Subscription not found.");
    }

    private async Task CallServiceAsync(long id, JsonObject message)
    {
        if (message.String("domain") is not { } domain || message.String("service") is not { } service)
        {
            Fail(id, "invalid_format", "required key not provided @ data['domain']");
            return;
        }

        try
        {
            var call = new ServiceCall(domain, service, message["service_data"] as JsonObject ?? [], message["target"] as JsonObject ?? [], "websocket");
            var outcome = await _services.CallAsync(call, _cancel.Token);
            var result = new JsonObject { ["context"] = outcome.Context.ToJson() };
            if (message.Flag("return_response") == true)
                result["response"] = outcome.Response;
            Succeed(id, result);
        }
        catch (ServiceNotFound missing)
        {
            var error = Error("not_found", missing.Message);
            error["translation_key"] = "service_not_found";
            error["translation_domain"] = "homeassistant";
            error["translation_placeholders"] = new JsonObject { ["domain"] = missing.Domain, ["service"] = missing.Service };
            Fail(id, error);
        }
        catch (InvalidServiceData invalid)
        {
            Fail(id, "invalid_format", invalid.Message);
        }
        catch (ServiceValidation invalid)
        {
            Fail(id, "service_validation_error", "Validation error: " + invalid.Message);
        }
        catch (ServiceRefused failed)
        {
            Fail(id, "home_assistant_error", failed.Message);
        }
        catch (OperationCanceledException)
        {
            // The connection is gone, and its answer with it.
        }
    }

    private void Forward(HouseEvent happened)
    {
        lock (_gate)
        {
            foreach (var (id, select) in _subscriptions)
            {
                if (select(happened) is { } payload)
                    Send(Event(id, payload));
            }
        }
    }

    private static JsonObject Event(long id, JsonNode payload) => new() { ["id"] = id, ["type"] = "event", ["event"] = payload };

    private static JsonObject Error(string code, string message) => new() { ["code"] = code, ["message"] = message };

    private void Succeed(long id, JsonNode? result) => Send(new JsonObject { ["id"] = id, ["type"] = "result", ["success"] = true, ["result"] = result });

    private void Fail(long id, string code, string message) => Fail(id, Error(code, message));

    private void Fail(long id, JsonObject error) => Send(new JsonObject { ["id"] = id, ["type"] = "result", ["success"] = false, ["error"] = error });

    /// <summary>A client that does not keep up is cut off, as Home Assistant cuts it off.</summary>
    private void Send(JsonObject message)
    {
        if (!_outbox.Writer.TryWrite(message) && !_ended)
            _ = Task.Run(Drop);
    }

    private async Task WriteAsync()
    {
        var cancel = _cancel.Token;
        while (await _outbox.Reader.WaitToReadAsync(cancel))
        {
            while (_outbox.Reader.TryRead(out var message))
            {
                if (!_coalesce || !_outbox.Reader.TryRead(out var next))
                {
                    await SendAsync(message);
                    continue;
                }

                var batch = new JsonArray(message, next);
                while (batch.Count < 100 && _outbox.Reader.TryRead(out next))
                    batch.Add((JsonNode)next);
                await SendAsync(batch);
            }
        }
    }

    private async Task SendAsync(JsonNode message) => await _socket.SendAsync(Json.Bytes(message), WebSocketMessageType.Text, endOfMessage: true, _cancel.Token);

    private async Task<string?> ReceiveAsync(CancellationToken cancel)
    {
        var buffer = new byte[4096];
        using var whole = new MemoryStream();
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), cancel);
            if (part.MessageType != WebSocketMessageType.Text || whole.Length + part.Count > MaxMessageBytes)
                return null;
            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return System.Text.Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
        }
    }

    private async Task CloseAsync()
    {
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
    }
}
