using System.Text.Json;
using Lucia.Publishing.Diagnostics;

namespace Lucia.Publishing.Manifest;

/// <summary>A JSON value that knows where it stands, which System.Text.Json's own trees do not.</summary>
internal sealed class JsonNode(JsonTokenType kind, string text, SourceLocation at)
{
    /// <summary>StartObject, StartArray, String, Number, True, False or Null.</summary>
    public JsonTokenType Kind => kind;

    /// <summary>The text of a string or number, else empty.</summary>
    public string Text => text;

    public SourceLocation At => at;

    public List<KeyValuePair<string, JsonNode>> Members { get; } = [];

    public List<JsonNode> Items { get; } = [];

    public JsonNode? this[string name]
    {
        get
        {
            foreach (var (key, value) in Members)
            {
                if (key == name)
                    return value;
            }
            return null;
        }
    }

    public string KindName => kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        _ => "null",
    };
}
