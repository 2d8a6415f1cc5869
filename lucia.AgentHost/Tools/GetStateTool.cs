using System.Text.Json;
using Lucia.AgentHost.Home;

namespace Lucia.AgentHost.Tools;

/// <summary>Reads the current state of entities, with the attributes that people ask about.</summary>
public sealed class GetStateTool(House house) : HomeTool(
    "get_state",
    "Reads the current state of entities in detail: brightness, colour, temperature, battery and so on.",
    """
    {
      "type": "object",
      "properties": {
        "entity_ids": { "type": "array", "items": { "type": "string" }, "description": "Entity ids from find_entities." }
      },
      "required": ["entity_ids"],
      "additionalProperties": false
    }
    """)
{
    private static readonly string[] Told =
    [
        "unit_of_measurement", "device_class", "brightness", "color_temp_kelvin", "rgb_color", "supported_color_modes",
        "current_temperature", "temperature", "hvac_action", "current_position", "battery_level", "media_title", "volume_level", "percentage",
    ];

    public override Task<ToolOutcome> InvokeAsync(ToolArguments arguments, ToolContext context, CancellationToken cancellation)
    {
        var ids = arguments.Texts("entity_ids");
        if (ids.Count == 0) throw new ToolArgumentException("\"entity_ids\" is missing. Call find_entities to get entity ids.");
        var json = ToolJson.Object(writer =>
        {
            writer.WriteStartArray("entities");
            foreach (var id in ids.Take(25)) Write(writer, id);
            writer.WriteEndArray();
        });
        return Task.FromResult(new ToolOutcome(json));
    }

    private void Write(Utf8JsonWriter writer, string id)
    {
        writer.WriteStartObject();
        writer.WriteString("entity_id", id);
        if (house.Find(id) is not { } entity)
        {
            writer.WriteString("error", "There is no such entity. Entity ids come from find_entities.");
        }
        else
        {
            writer.WriteString("name", entity.Name);
            if (entity.Area is not null) writer.WriteString("area", entity.Area);
            writer.WriteString("state", entity.State);
            writer.WriteStartObject("attributes");
            foreach (var name in Told)
                if (entity.Current.Attributes.ValueKind == JsonValueKind.Object && entity.Current.Attributes.TryGetProperty(name, out var value)
                    && value.ValueKind != JsonValueKind.Null)
                {
                    writer.WritePropertyName(name);
                    value.WriteTo(writer);
                }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
