using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Helm;

/// <summary>
/// A value of the chart: what <c>values.yaml</c> says, what its schema demands and what the README tells come from this one tree.
/// </summary>
/// <param name="Key">Its key.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Default">What counts unless it is set; null for a group.</param>
/// <param name="Schema">JSON schema (draft-07) without the description.</param>
/// <param name="Children">The members of a group.</param>
internal sealed record ChartValue(string Key, string Description, JsonNode? Default, JsonObject Schema, IReadOnlyList<ChartValue> Children)
{
    public static ChartValue Group(string key, string description, params IEnumerable<ChartValue> children) =>
        new(key, description, null, new JsonObject { ["type"] = "object", ["additionalProperties"] = false }, [.. children]);

    public static ChartValue Text(string key, string description, string value, string? pattern = null)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (pattern is not null)
            schema["pattern"] = pattern;
        return new(key, description, value, schema, []);
    }

    public static ChartValue Choice(string key, string description, string value, params string[] allowed) =>
        new(key, description, value, new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. allowed.Select(static a => (JsonNode)a)]) }, []);

    public static ChartValue Flag(string key, string description, bool value) => new(key, description, value, new JsonObject { ["type"] = "boolean" }, []);

    public static ChartValue Number(string key, string description, int value, int minimum, int maximum) =>
        new(key, description, value, new JsonObject { ["type"] = "integer", ["minimum"] = minimum, ["maximum"] = maximum }, []);

    /// <summary>A text that may be written as a number or a flag, as <c>--set</c> and YAML do; a template reads it by <c>include "CHART.text"</c>.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="value">What counts unless it is set.</param>
    /// <param name="words">The words that are allowed beside nothing; any text when there are none.</param>
    public static ChartValue Scalar(string key, string description, string value, IReadOnlyList<string> words)
    {
        var schema = AnyScalar();
        if (words.Count > 0)
            schema["enum"] = new JsonArray([.. words.Append("").Distinct().Select(static w => (JsonNode)w), .. words.Select(Unquoted).OfType<JsonNode>()]);
        return new(key, description, value, schema, []);
    }

    /// <summary>An object of texts by name.</summary>
    public static ChartValue Texts(string key, string description) => new(
        key, description, new JsonObject(),
        new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } }, []);

    /// <summary>The same, of texts that may be written as numbers or flags.</summary>
    public static ChartValue Scalars(string key, string description) => new(
        key, description, new JsonObject(), new JsonObject { ["type"] = "object", ["additionalProperties"] = AnyScalar() }, []);

    public static ChartValue List(string key, string description, JsonObject items, params IEnumerable<JsonNode> values) =>
        new(key, description, new JsonArray([.. values]), new JsonObject { ["type"] = "array", ["items"] = items }, []);

    /// <summary>An object whose form Kubernetes knows better.</summary>
    public static ChartValue Open(string key, string description) =>
        new(key, description, new JsonObject(), new JsonObject { ["type"] = "object" }, []);

    /// <summary>Adds the value to <c>values.yaml</c>.</summary>
    public void AddTo(YamlMap map)
    {
        if (Children.Count == 0)
        {
            map.Add(Key, Yaml(Default!), Description);
            return;
        }
        var group = new YamlMap();
        foreach (var child in Children)
            child.AddTo(group);
        map.Add(Key, group, Description);
    }

    /// <summary>The schema of the value, members included.</summary>
    public JsonObject FullSchema()
    {
        var schema = new JsonObject { ["description"] = Description };
        foreach (var (name, value) in Schema)
            schema[name] = value?.DeepClone();
        if (Children.Count > 0)
        {
            var properties = new JsonObject();
            foreach (var child in Children)
                properties[child.Key] = child.FullSchema();
            schema["properties"] = properties;
        }
        return schema;
    }

    /// <summary>Adds a row for every value that is no group.</summary>
    public void AddRows(StringBuilder table, string path = "")
    {
        var full = path + Key;
        if (Children.Count == 0)
            table.Append($"| `{full}` | {Description.Replace("|", "\\|")} | `{Default!.ToJsonString(ValuesSchema.Json)}` |\n");
        foreach (var child in Children)
            child.AddRows(table, full + ".");
    }

    private static JsonObject AnyScalar() => new() { ["type"] = new JsonArray("string", "number", "boolean") };

    // What YAML makes of the word without quotes.
    private static JsonNode? Unquoted(string word) => word switch
    {
        "true" => true,
        "false" => false,
        _ => long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
    };

    private static YamlNode Yaml(JsonNode node)
    {
        switch (node)
        {
            case JsonObject map:
                var members = new YamlMap();
                foreach (var (name, value) in map)
                    members.Add(name, Yaml(value!));
                return members;
            case JsonArray list:
                return new YamlList(list.Select(static n => Yaml(n!)));
            default:
                return node.GetValueKind() == System.Text.Json.JsonValueKind.String
                    ? YamlScalar.Quoted(node.GetValue<string>())
                    : YamlScalar.Raw(node.ToJsonString());
        }
    }
}
