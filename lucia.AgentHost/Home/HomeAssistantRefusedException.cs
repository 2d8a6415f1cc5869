using System.Text.Json;

namespace Lucia.AgentHost.Home;

/// <summary>Home Assistant answered a WebSocket command with an error.</summary>
/// <param name="code">Home Assistant's code, such as <c>unauthorized</c>, <c>unknown_command</c> or <c>auth_invalid</c>.</param>
/// <param name="message">Home Assistant's words.</param>
internal sealed class HomeAssistantRefusedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    public static HomeAssistantRefusedException Read(JsonElement answer)
    {
        var error = answer.TryGetProperty("error", out var found) ? found : default;
        return new(Text("code") ?? "unknown_error", Text("message") ?? "Home Assistant refused the command.");

        string? Text(string name) => error.ValueKind == JsonValueKind.Object && error.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
