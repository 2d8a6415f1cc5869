using System.Text.Json.Nodes;

namespace Lucia.Simulator.Model;

/// <summary>An entity as a search or read tool told of it.</summary>
internal sealed record Candidate(string EntityId, string Name, string Area, string Domain, string State, JsonObject Attributes)
{
    /// <summary>Reads entities out of a tool's result: the first array of objects that have an id.</summary>
    public static IReadOnlyList<Candidate> ReadAll(string result)
    {
        var json = Json.TryParse(result) ?? Json.TryParse(Braced(result));
        var array = json as JsonArray ?? (json as JsonObject)?.Select(pair => pair.Value).OfType<JsonArray>().FirstOrDefault(items => items.Any(item => Id(item) is not null));
        return [.. (array ?? []).Where(item => Id(item) is not null).Select(item => new Candidate(
            Id(item)!,
            item.String("name") ?? item.String("friendly_name") ?? item?["attributes"].String("friendly_name") ?? Id(item)!,
            item.String("area") ?? item.String("area_name") ?? item.String("room") ?? "",
            item.String("domain") ?? Id(item)!.Split('.')[0],
            item.String("state") ?? "",
            item?["attributes"] as JsonObject ?? []))];
    }

    public static string? Id(JsonNode? item) => item.String("entity_id") ?? item.String("entityId") ?? item.String("id");

    public static string? Braced(string text) =>
        text.IndexOf('{') is var open and >= 0 && text.LastIndexOf('}') is var close && close > open ? text[open..(close + 1)] : null;
}
