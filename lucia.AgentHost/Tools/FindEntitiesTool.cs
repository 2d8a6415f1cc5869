using Lucia.AgentHost.Home;

namespace Lucia.AgentHost.Tools;

/// <summary>Looks entities up by words, room and kind. The only source of entity ids.</summary>
public sealed class FindEntitiesTool(House house, MeaningSearch meaning) : HomeTool(
    "find_entities",
    "Finds devices and sensors of the home by name, room or kind, with their entity ids and current states. Call this first: entity ids must come from here.",
    """
    {
      "type": "object",
      "properties": {
        "query": { "type": "string", "description": "Words from the name of what is looked for, such as \"ceiling light\" or \"coffee machine\". Leave out to list everything." },
        "area": { "type": "string", "description": "The room, such as \"Kitchen\". Leave out when the user named none." },
        "domain": { "type": "string", "description": "The kind, such as light, switch, sensor, climate, cover, lock. Leave out when unsure." }
      },
      "additionalProperties": false
    }
    """)
{
    /// <summary>More than this overflows the context of a small model; the model is told to narrow the search instead.</summary>
    private const int Most = 25;

    public override async Task<ToolOutcome> InvokeAsync(ToolArguments arguments, ToolContext context, CancellationToken cancellation)
    {
        var (query, area, domain) = (arguments.Text("query"), arguments.Text("area"), arguments.Text("domain"));
        var entities = house.Entities;
        var areas = house.Areas;
        if (area is not null && !areas.Any(name => EntitySearch.SameArea(name, area)))
            return new(NotFound($"There is no room called \"{area}\".", areas));

        var found = EntitySearch.Find(entities, query, area, domain, context.Area);
        if (found.Count == 0 && query is not null) found = await meaning.FindAsync(entities, query, area, domain, cancellation);
        return new(found.Count == 0 ? NotFound("Nothing was found.", areas) : Found(found));
    }

    private static string Found(IReadOnlyList<Entity> found) => ToolJson.Object(writer =>
    {
        writer.WriteStartArray("entities");
        foreach (var entity in found.Take(Most))
        {
            writer.WriteStartObject();
            writer.WriteString("entity_id", entity.Id);
            writer.WriteString("name", entity.Name);
            if (entity.Area is not null) writer.WriteString("area", entity.Area);
            writer.WriteString("domain", entity.Domain);
            writer.WriteString("state", entity.State);
            if (entity.Current.Text("unit_of_measurement") is { } unit) writer.WriteString("unit", unit);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("total", found.Count);
        writer.WriteBoolean("truncated", found.Count > Most);
    });

    private static string NotFound(string message, IReadOnlyList<string> areas) => ToolJson.Object(writer =>
    {
        writer.WriteStartArray("entities");
        writer.WriteEndArray();
        writer.WriteNumber("total", 0);
        writer.WriteString("message", message);
        writer.WriteStartArray("areas");
        foreach (var area in areas) writer.WriteStringValue(area);
        writer.WriteEndArray();
    });
}
