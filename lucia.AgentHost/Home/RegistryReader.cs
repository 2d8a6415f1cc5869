using System.Text.Json;

namespace Lucia.AgentHost.Home;

/// <summary>Reads the registries over a connection, and says what the token is not allowed to read instead of failing.</summary>
internal static class RegistryReader
{
    public static async Task<Registries> ReadAsync(HomeAssistantSocket socket, bool exposedOnly, CancellationToken cancellation)
    {
        List<string> notes = [];
        // Commands on one connection are answered in parallel.
        var areas = ListAsync("config/area_registry/list", "Areas cannot be read, so rooms are unknown.");
        var devices = ListAsync("config/device_registry/list", "Devices cannot be read, so some entities have no room.");
        var entities = ListAsync("config/entity_registry/list", "The entity registry cannot be read, so some entities have no room.");
        var exposed = ExposedAsync();

        var areaNames = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var area in await areas)
            if (Text(area, "area_id") is { } id && Text(area, "name") is { } name) areaNames[id] = name;

        var areaOfDevice = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var device in await devices)
            if (Text(device, "id") is { } id && Text(device, "area_id") is { } area) areaOfDevice[id] = area;

        var areaOfEntity = new Dictionary<string, string>(StringComparer.Ordinal);
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entity in await entities)
        {
            if (Text(entity, "entity_id") is not { } id) continue;
            if (Text(entity, "hidden_by") is not null || Text(entity, "disabled_by") is not null) hidden.Add(id);
            var area = Text(entity, "area_id") ?? (Text(entity, "device_id") is { } device ? areaOfDevice.GetValueOrDefault(device) : null);
            if (area is not null && areaNames.TryGetValue(area, out var name)) areaOfEntity[id] = name;
        }

        return new(areaNames, areaOfEntity, await exposed, hidden, notes);

        async Task<IReadOnlyList<JsonElement>> ListAsync(string command, string consequence)
        {
            try
            {
                var result = await socket.CommandAsync(command, cancellation);
                return result.ValueKind == JsonValueKind.Array ? [.. result.EnumerateArray()] : [];
            }
            catch (HomeAssistantRefusedException)
            {
                lock (notes) notes.Add(consequence);
                return [];
            }
        }

        async Task<IReadOnlySet<string>?> ExposedAsync()
        {
            if (!exposedOnly) return null;
            try
            {
                var result = await socket.CommandAsync("homeassistant/expose_entity/list", cancellation);
                return Exposed(result);
            }
            catch (HomeAssistantRefusedException)
            {
                lock (notes)
                    notes.Add("The list of exposed entities needs an administrator's token; every entity of HomeAssistant__AllowedDomains is used instead.");
                return null;
            }
        }
    }

    /// <summary>The answer's shape is <c>{"exposed_entities": {"light.x": {"conversation": true, "cloud.alexa": false}}}</c>.</summary>
    private static HashSet<string> Exposed(JsonElement result)
    {
        HashSet<string> exposed = new(StringComparer.Ordinal);
        if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("exposed_entities", out var entities)
            || entities.ValueKind != JsonValueKind.Object) return exposed;
        foreach (var entity in entities.EnumerateObject())
            if (entity.Value.ValueKind == JsonValueKind.Object && entity.Value.TryGetProperty("conversation", out var to) && to.ValueKind == JsonValueKind.True)
                exposed.Add(entity.Name);
        return exposed;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
