using System.Text.Json;

namespace Lucia.AgentHost.Home;

/// <summary>One entity's state as Home Assistant reports it.</summary>
/// <param name="EntityId">Such as <c>light.kitchen_ceiling</c>.</param>
/// <param name="State">Such as <c>on</c>, <c>21.5</c> or <c>unavailable</c>.</param>
/// <param name="Attributes">A JSON object.</param>
public sealed record EntityState(string EntityId, string State, JsonElement Attributes)
{
    public string Domain => EntityId[..Math.Max(EntityId.IndexOf('.', StringComparison.Ordinal), 0)];

    /// <summary>The name people use; Home Assistant has merged the user's own name into it.</summary>
    public string Name => Text("friendly_name") ?? EntityId;

    public bool IsUnavailable => State is "unavailable" or "unknown";

    public string? Text(string attribute) =>
        Attributes.ValueKind == JsonValueKind.Object && Attributes.TryGetProperty(attribute, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    public double? Number(string attribute) =>
        Attributes.ValueKind == JsonValueKind.Object && Attributes.TryGetProperty(attribute, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble() : null;

    public IReadOnlyList<string> Texts(string attribute) =>
        Attributes.ValueKind == JsonValueKind.Object && Attributes.TryGetProperty(attribute, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)] : [];

    /// <summary>Reads one element of <c>/api/states</c> or of a <c>state_changed</c> event; null when it is none.</summary>
    public static EntityState? Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("entity_id", out var id) || id.GetString() is not { Length: > 0 } entityId
            || !element.TryGetProperty("state", out var state)) return null;
        var attributes = element.TryGetProperty("attributes", out var found) ? found.Clone() : default;
        return new(entityId, state.GetString() ?? "unknown", attributes);
    }
}
