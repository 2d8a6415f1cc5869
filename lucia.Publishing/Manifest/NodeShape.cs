using System.Globalization;
using System.Text.Json;
using Lucia.Publishing.Diagnostics;

namespace Lucia.Publishing.Manifest;

/// <summary>Reads typed values from a JSON object, reports what does not fit, and in the end what was not asked for.</summary>
internal sealed class NodeShape(JsonNode node, DiagnosticBag diagnostics, DiagnosticDefinition wrongKind)
{
    private readonly HashSet<string> _asked = [];

    public NodeShape(JsonNode node, DiagnosticBag diagnostics) : this(node, diagnostics, DiagnosticCatalogue.WrongKind)
    {
    }

    public JsonNode Node => node;

    public DiagnosticBag Diagnostics => diagnostics;

    public JsonNode? Get(string name, JsonTokenType kind, string expected, bool required = false)
    {
        _asked.Add(name);
        var value = node[name];
        if (value is null || value.Kind == JsonTokenType.Null)
        {
            if (required)
                diagnostics.Report(DiagnosticCatalogue.MissingProperty, node.At.Child(name), $"'{name}' is missing.", $"Add '{name}': {expected}.");
            return null;
        }
        if (value.Kind == kind)
            return value;
        diagnostics.Report(wrongKind, value.At, $"'{name}' is {value.KindName}.", $"It must be {expected}.");
        return null;
    }

    public string? String(string name, bool required = false) => Clean(Get(name, JsonTokenType.String, "a text", required))?.Text;

    public ManifestText? Text(string name, bool required = false) => Clean(Get(name, JsonTokenType.String, "a text", required)) is { } value
        ? new ManifestText(value.Text, value.At)
        : null;

    public bool? Flag(string name, bool required = false)
    {
        _asked.Add(name);
        var value = node[name];
        if (value?.Kind is JsonTokenType.True or JsonTokenType.False)
            return value.Kind == JsonTokenType.True;
        // azd's and older writers' manifests carry flags as texts.
        if (value is { Kind: JsonTokenType.String } && bool.TryParse(value.Text, out var flag))
            return flag;
        _ = value is null && !required ? null : Get(name, JsonTokenType.True, "true or false", required);
        return null;
    }

    public int? Number(string name, int least, int most, DiagnosticDefinition outside)
    {
        if (Get(name, JsonTokenType.Number, $"a whole number from {least} to {most}") is not { } value)
            return null;
        if (int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        diagnostics.Report(outside, value.At, $"'{name}' is {value.Text}.", $"Give a whole number from {least} to {most}.");
        return null;
    }

    public NodeShape? Object(string name, bool required = false) => Get(name, JsonTokenType.StartObject, "an object", required) is { } value
        ? new NodeShape(value, diagnostics, wrongKind)
        : null;

    /// <summary>The members of an object, each an object itself.</summary>
    public IEnumerable<(string Name, NodeShape Shape)> Objects(string name)
    {
        foreach (var (key, value) in Get(name, JsonTokenType.StartObject, "an object")?.Members ?? [])
        {
            if (value.Kind == JsonTokenType.StartObject)
                yield return (key, new NodeShape(value, diagnostics, wrongKind));
            else
                diagnostics.Report(wrongKind, value.At, $"'{key}' is {value.KindName}.", "It must be an object.");
        }
    }

    /// <summary>The items of a list, each an object.</summary>
    public IEnumerable<NodeShape> ObjectList(string name)
    {
        foreach (var item in Get(name, JsonTokenType.StartArray, "a list of objects")?.Items ?? [])
        {
            if (item.Kind == JsonTokenType.StartObject)
                yield return new NodeShape(item, diagnostics, wrongKind);
            else
                diagnostics.Report(wrongKind, item.At, $"An item of '{name}' is {item.KindName}.", "It must be an object.");
        }
    }

    public IReadOnlyList<ManifestText> Texts(string name)
    {
        var texts = new List<ManifestText>();
        foreach (var item in Get(name, JsonTokenType.StartArray, "a list of texts")?.Items ?? [])
        {
            if (item.Kind != JsonTokenType.String)
                diagnostics.Report(wrongKind, item.At, $"An item of '{name}' is {item.KindName}.", "It must be a text.");
            else if (Clean(item) is not null)
                texts.Add(new ManifestText(item.Text, item.At));
        }
        return texts;
    }

    public IReadOnlyList<KeyValuePair<string, ManifestText>> TextMap(string name) => [.. Texts(name, mayBeNull: false).Select(static t => new KeyValuePair<string, ManifestText>(t.Key, t.Value!))];

    /// <summary>As <see cref="TextMap"/>, where null means something, too.</summary>
    public IReadOnlyList<KeyValuePair<string, ManifestText?>> NullableTextMap(string name) => Texts(name, mayBeNull: true);

    private List<KeyValuePair<string, ManifestText?>> Texts(string name, bool mayBeNull)
    {
        var texts = new List<KeyValuePair<string, ManifestText?>>();
        foreach (var (key, value) in Get(name, JsonTokenType.StartObject, "an object of texts")?.Members ?? [])
        {
            if (mayBeNull && value.Kind == JsonTokenType.Null)
                texts.Add(new(key, null));
            else if (value.Kind != JsonTokenType.String)
                diagnostics.Report(wrongKind, value.At, $"'{key}' is {value.KindName}.", "It must be a text; put numbers, true and false in quotes.");
            else if (Clean(value) is not null)
                texts.Add(new(key, new ManifestText(value.Text, value.At)));
        }
        return texts;
    }

    /// <summary>Marks members as known without reading them.</summary>
    public void Know(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            _asked.Add(name);
    }

    /// <summary>Reports every member nobody asked for.</summary>
    public void Finish(DiagnosticDefinition unknown)
    {
        foreach (var (key, value) in node.Members)
        {
            if (!_asked.Contains(key))
                diagnostics.Report(unknown, value.At, $"'{key}' is not known here and is left out.", Suggestion.For(key, _asked, "properties"));
        }
    }

    private JsonNode? Clean(JsonNode? value)
    {
        if (value is null || !value.Text.Contains('\0'))
            return value;
        diagnostics.Report(DiagnosticCatalogue.InvalidText, value.At, "The text holds a NUL character.");
        return null;
    }
}
