using System.Text.Json.Nodes;

namespace Lucia.Simulator.Model;

/// <summary>A function tool of the request. What it is good for is read from its name, description and JSON schema; no tool is known in advance.</summary>
internal sealed class Tool
{
    private static readonly string[] SearchWords = ["find", "search", "list", "lookup", "discover"];
    private static readonly string[] ReadWords = ["get", "read", "state", "status", "query", "check"];
    private static readonly string[] Domains = ["light", "switch", "fan", "cover", "lock", "climate", "media_player", "scene", "script", "vacuum", "alarm"];
    private readonly HashSet<string> _nameWords;

    private Tool(string name, string description, JsonObject parameters)
    {
        (Name, Description, Properties) = (name, description, parameters["properties"] as JsonObject ?? []);
        Required = Json.Strings(parameters["required"]) ?? [];
        _nameWords = [.. name.ToLowerInvariant().Split('_', '-', '.')];
        Ids = Property("entity_ids", "entity_id", "entityids", "entityid", "entities", "ids", "targets", "target");
        Action = Property("state", "action", "command", "operation", "power");
    }

    public string Name { get; }

    public string Description { get; }

    public JsonObject Properties { get; }

    public IReadOnlyList<string> Required { get; }

    /// <summary>The property that takes entity ids.</summary>
    public string? Ids { get; }

    /// <summary>The property that says what to do with them.</summary>
    public string? Action { get; }

    public bool IsSearch => Ids is null && _nameWords.Overlaps(SearchWords);

    public bool IsRead => Ids is not null && Action is null && _nameWords.Overlaps(ReadWords);

    /// <summary>How well the tool fits for changing entities of a domain; 0 when it does not.</summary>
    public int FitsDomain(string domain)
    {
        if (Ids is null || IsRead || IsSearch)
            return 0;
        if (Mentions(Name, domain))
            return 3;
        if (Domains.Any(other => Mentions(Name, other)))
            return 0;
        return Mentions(Description, domain) ? 2 : Action is not null ? 1 : 0;
    }

    public string? Property(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            foreach (var (property, _) in Properties)
            {
                if (property.Equals(name, StringComparison.OrdinalIgnoreCase))
                    return property;
            }
        }

        return null;
    }

    public string? PropertyWith(string part, string? without = null) => Properties.Select(property => property.Key).FirstOrDefault(name =>
        name.Contains(part, StringComparison.OrdinalIgnoreCase) && (without is null || !name.Contains(without, StringComparison.OrdinalIgnoreCase)));

    public JsonNode? SchemaOf(string property) => Properties[property];

    /// <summary>Whether the property takes several ids in one call.</summary>
    public bool TakesMany => Ids is not null && (SchemaOf(Ids)?["items"] is not null || Type(SchemaOf(Ids)).Contains("array"));

    /// <summary>The schema's own word for what is meant: the first of <paramref name="synonyms"/> that its enum has.</summary>
    public JsonNode? Word(string property, params ReadOnlySpan<string> synonyms)
    {
        var schema = SchemaOf(property);
        if (Type(schema).Contains("boolean"))
            return synonyms.Contains("on");
        if (schema?["enum"] is not JsonArray values)
            return synonyms[0];
        foreach (var synonym in synonyms)
        {
            if (values.Select(value => value.AsString()).FirstOrDefault(value => synonym.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } word)
                return word;
        }

        return null;
    }

    public static Tool? Read(JsonNode? json) =>
        json?["function"] is JsonObject function && function.String("name") is { Length: > 0 } name
            ? new Tool(name, function.String("description") ?? "", function["parameters"] as JsonObject ?? [])
            : null;

    private static bool Mentions(string text, string domain) => text.Replace('_', ' ').Contains(domain.Replace('_', ' '), StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<string> Type(JsonNode? schema) => Json.Strings(schema?["type"]) ?? [];
}
