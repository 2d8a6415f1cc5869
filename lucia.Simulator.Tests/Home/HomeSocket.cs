using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Tests.Home;

/// <summary>A plain WebSocket to the simulated home; messages in the order in which they come.</summary>
internal sealed class HomeSocket(ClientWebSocket socket) : IDisposable
{
    private int _id;

    public static async Task<HomeSocket> OpenAsync(RunningSimulator simulator, CancellationToken cancel)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{simulator.BaseAddress.Authority}/api/websocket"), cancel);
        return new HomeSocket(socket);
    }

    public static async Task<HomeSocket> LogInAsync(RunningSimulator simulator, CancellationToken cancel)
    {
        var home = await OpenAsync(simulator, cancel);
        (await home.ReceiveAsync(cancel))["type"]!.GetValue<string>().ShouldBe("auth_required");
        await home.SendAsync(new JsonObject { ["type"] = "auth", ["access_token"] = simulator.AccessToken }, cancel);
        (await home.ReceiveAsync(cancel))["type"]!.GetValue<string>().ShouldBe("auth_ok");
        return home;
    }

    public Task SendAsync(JsonNode message, CancellationToken cancel) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, cancel);

    public async Task<JsonNode> ReceiveAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var whole = new MemoryStream();
        var buffer = new byte[8192];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, limit.Token);
            if (part.MessageType == WebSocketMessageType.Close)
                throw new WebSocketException("closed");
            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return JsonNode.Parse(whole.ToArray())!;
        }
    }

    /// <summary>Sends a command and waits for its result; events that come first are left out.</summary>
    public async Task<JsonNode> AskAsync(string type, CancellationToken cancel, JsonObject? rest = null)
    {
        var message = rest ?? [];
        message["id"] = ++_id;
        message["type"] = type;
        await SendAsync(message, cancel);
        while (true)
        {
            var answer = await ReceiveAsync(cancel);
            if (answer["type"]!.GetValue<string>() is "result" or "pong" && answer["id"]!.GetValue<int>() == _id)
                return answer;
        }
    }

    public async Task<JsonNode> EventAsync(CancellationToken cancel)
    {
        while (true)
        {
            var message = await ReceiveAsync(cancel);
            if (message["type"]!.GetValue<string>() == "event")
                return message["event"]!;
        }
    }

    public void Dispose() => socket.Dispose();
}
