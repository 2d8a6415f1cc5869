using System.Globalization;
using System.Text.Json;

namespace Lucia.AgentHost.Tools;

/// <summary>The arguments of a call, read the way small models write them: numbers as text, one id where a list belongs.</summary>
/// <param name="element">A JSON object.</param>
public readonly struct ToolArguments(JsonElement element)
{
    /// <summary>A text; null when absent or empty.</summary>
    public string? Text(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? string.IsNullOrWhiteSpace(value.GetString()) ? null : value.GetString()!.Trim()
        : value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? value.GetRawText()
        : throw new ToolArgumentException($"\"{name}\" must be a text.");

    /// <summary>A list of texts; one text counts as a list of one, also one with commas.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (Find(name) is not { } value) return [];
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            JsonValueKind.Array => [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
                ? item.GetString()!.Trim() : throw new ToolArgumentException($"\"{name}\" must be a list of texts.")).Where(item => item.Length > 0)],
            _ => throw new ToolArgumentException($"\"{name}\" must be a list of texts."),
        };
    }

    /// <summary>A whole number within bounds; null when absent.</summary>
    public int? Integer(string name, int least, int most)
    {
        if (Find(name) is not { } value) return null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()!.TrimEnd('%', ' ') : value.GetRawText();
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            throw new ToolArgumentException($"\"{name}\" must be a number from {least} to {most}.");
        return (int)Math.Round(number);
    }

    public bool Flag(string name) => Find(name) is { } value
        && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && bool.TryParse(value.GetString(), out var flag) && flag));

    /// <summary>One of a few words, in any case; null when absent.</summary>
    public string? Choice(string name, params ReadOnlySpan<string> choices)
    {
        if (Text(name) is not { } text) return null;
        // A model that was asked for "on" may well say true.
        var wanted = text.ToLowerInvariant() switch { "true" => "on", "false" => "off", var other => other };
        foreach (var choice in choices)
            if (choice == wanted) return choice;
        throw new ToolArgumentException($"\"{name}\" must be one of {string.Join(", ", choices!)}.");
    }

    private JsonElement? Find(string name)
    {
        foreach (var property in element.EnumerateObject())
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind != JsonValueKind.Null) return property.Value;
        return null;
    }
}
