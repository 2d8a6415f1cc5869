using System.Net.WebSockets;
using Lucia.Simulator.Faults;

namespace Lucia.Simulator.Home;

/// <summary>Accepts Home Assistant's WebSocket connections (developers.home-assistant.io/docs/api/websocket), at most a few dozen at once.</summary>
internal sealed class WebSocketApi(House house, HomeAssistantServices services, FaultBook faults, AccessToken token, CancellationToken stopping)
{
    private const int MaxConnections = 64;
    private readonly Lock _gate = new();
    private readonly HashSet<WebSocketConnection> _open = [];

    public void Map(WebApplication app) => app.Map("/api/websocket", AcceptAsync);

    /// <summary>Breaks every open connection without a closing handshake.</summary>
    public int DropAll()
    {
        lock (_gate)
        {
            foreach (var connection in _open)
                connection.Drop();
            return _open.Count;
        }
    }

    private async Task AcceptAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync("No WebSocket UPGRADE hdr: None\n Can \"Upgrade\" only to \"WebSocket\".", http.RequestAborted);
            return;
        }

        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        lock (_gate)
        {
            if (_open.Count >= MaxConnections)
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        using var connection = new WebSocketConnection(socket, house, services, faults, token, http.Abort, cancel.Token);
        lock (_gate)
            _open.Add(connection);
        try
        {
            await connection.RunAsync();
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException or IOException)
        {
            // The client left, was dropped on request, or the house is closing down: nobody is there to tell.
        }
        finally
        {
            lock (_gate)
                _open.Remove(connection);
        }
    }
}
