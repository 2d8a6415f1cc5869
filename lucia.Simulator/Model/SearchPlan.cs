using System.Text.Json.Nodes;

namespace Lucia.Simulator.Model;

/// <summary>The searches to try for a target, the closest to the user's words first.</summary>
internal static class SearchPlan
{
    public static readonly string[] AreaNames = ["area", "room", "area_name", "location"];
    private static readonly string[] QueryNames = ["query", "search", "text", "q", "term", "keywords", "name"];
    private static readonly string[] DomainNames = ["domain", "kind", "type", "entity_type", "domains"];

    public static IReadOnlyList<JsonObject> For(Wish wish, Tool search)
    {
        var target = wish.Target;
        var domain = target.Kind
            ?? (wish.Act == Act.AskValue && target.Words.Any(word => word is "temperature" or "humidity") ? "sensor" : null)
            ?? (wish.State is "locked" or "unlocked" || wish.Act is Act.Lock or Act.Unlock ? "lock" : null);

        // A word like "window" names a kind that has no domain of its own; there, and for a tool without domains, it belongs to the query.
        var kindWord = search.Property(DomainNames) is null || target.Kind is "binary_sensor" ? target.KindWord : null;
        string words = Join([.. target.Words, kindWord]), area = Join(target.Area), everything = Join([.. target.Words, .. target.Area, target.KindWord]);
        string translatedWords = Translate(words), translatedArea = Translate(area);

        List<JsonObject> plan =
        [
            Arguments(search, words, area, domain),
            Arguments(search, translatedWords, translatedArea, domain),
            area.Length > 0 ? Arguments(search, Join([translatedWords, translatedArea]), "", domain) : Arguments(search, "", translatedWords, domain),
            Arguments(search, everything, "", null),
            Arguments(search, Translate(everything), "", null),
        ];
        return [.. plan.Where((arguments, index) => !plan.Take(index).Any(earlier => JsonNode.DeepEquals(earlier, arguments)))];
    }

    private static JsonObject Arguments(Tool search, string query, string area, string? domain)
    {
        var arguments = new JsonObject();
        var queryName = search.Property(QueryNames);
        var areaName = search.Property(AreaNames);
        if (areaName is null)
            query = Join([query, area]);
        else if (area.Length > 0)
            arguments[areaName] = area;
        if (queryName is not null && query.Length > 0)
            arguments[queryName] = query;
        if (domain is not null && search.Property(DomainNames) is { } domainName)
            arguments[domainName] = domain;
        foreach (var required in search.Required.Where(name => !arguments.ContainsKey(name)))
            arguments[required] = "";
        return arguments;
    }

    private static string Translate(string words) => Join([.. words.Split(' ').Select(Vocabulary.Translate)]);

    private static string Join(IEnumerable<string?> words) => string.Join(' ', words.Where(word => !string.IsNullOrEmpty(word)));
}
