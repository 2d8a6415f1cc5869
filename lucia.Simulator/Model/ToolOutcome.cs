using System.Text.Json.Nodes;

namespace Lucia.Simulator.Model;

/// <summary>What a control tool says became of one entity. Success is what the tool calls success, and nothing else.</summary>
internal sealed record ToolOutcome(string EntityId, string? Name, bool Success, string? State, string? Error)
{
    public static IReadOnlyList<ToolOutcome> ReadAll(string result)
    {
        var json = Json.TryParse(result) ?? Json.TryParse(Candidate.Braced(result));
        var array = json as JsonArray ?? (json as JsonObject)?.Select(pair => pair.Value).OfType<JsonArray>().FirstOrDefault(items => items.Any(item => Candidate.Id(item) is not null));
        var items = array?.AsEnumerable() ?? (Candidate.Id(json) is not null ? [json] : []);
        return [.. items.Where(item => Candidate.Id(item) is not null && item is JsonObject entity && (entity.ContainsKey("success") || entity.ContainsKey("error") || entity.ContainsKey("ok")))
            .Select(item => new ToolOutcome(
                Candidate.Id(item)!,
                item.String("name"),
                (item.Flag("success") ?? item.Flag("ok")) == true && item.String("error") is null,
                item.String("state"),
                item.String("error")))];
    }

    /// <summary>The error of a result that has no entities in it.</summary>
    public static string? ErrorOf(string result)
    {
        var json = Json.TryParse(result) ?? Json.TryParse(Candidate.Braced(result));
        return json.String("error") ?? json?["error"].String("message") ?? json.String("detail")
            ?? (json is null && result.Contains("error", StringComparison.OrdinalIgnoreCase) ? result.Length > 300 ? result[..300] : result : null);
    }
}
