using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lucia.Publishing.Helm;

/// <summary><c>values.schema.json</c>: draft-07, as Helm 3.12 knows no newer one. A misspelt value is an error.</summary>
internal static class ValuesSchema
{
    public static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Indented = new(Json) { WriteIndented = true, NewLine = "\n" };

    public static string Write(string title, IReadOnlyList<ChartValue> values)
    {
        var properties = new JsonObject();
        foreach (var value in values)
            properties[value.Key] = value.FullSchema();
        // A chart that has this one as a part hands these down.
        properties["global"] = new JsonObject { ["description"] = "Values of a chart that this one is a part of.", ["type"] = "object" };
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = title,
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        }.ToJsonString(Indented);
    }
}
