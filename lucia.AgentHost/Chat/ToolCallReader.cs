using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Lucia.AgentHost.Chat;

/// <summary>
/// Reads tool calls the way small local models write them: arguments with trailing commas, single quotes or prose around them, and whole
/// calls printed as text.
/// </summary>
internal static partial class ToolCallReader
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 };

    /// <summary>The arguments as a JSON object, mended where the intention is plain; null when it is not.</summary>
    public static JsonElement? Arguments(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Parse("{}");
        if (Parse(text) is { } whole) return whole;
        var open = text.IndexOf('{', StringComparison.Ordinal);
        var close = text.LastIndexOf('}');
        if (open < 0 || close <= open) return null;
        var inner = text[open..(close + 1)];
        return Parse(inner) ?? (inner.Contains('"', StringComparison.Ordinal) ? null : Parse(PythonWords(inner.Replace('\'', '"'))));
    }

    /// <summary>
    /// How much of a text that is still being written can be shown: up to where it opens, or may be about to open, a call. A tag opens one anywhere,
    /// a brace only where a line begins.
    /// </summary>
    /// <param name="text">What has come so far.</param>
    /// <param name="shown">How much of it is shown already.</param>
    /// <returns>A position from <paramref name="shown"/> to the end of the text.</returns>
    public static int Showable(string text, int shown)
    {
        for (var at = shown; at < text.Length; at++)
            if (MayOpen(text.AsSpan(at), TagOpenings) || (BeginsLine(text, at) && MayOpen(text.AsSpan(at), LineOpenings)))
                return shown == 0 && string.IsNullOrWhiteSpace(text[..at]) ? 0 : at;
        return shown == 0 && string.IsNullOrWhiteSpace(text) ? 0 : text.Length;
    }

    /// <summary>The calls printed in a text, if that is all it is: <c>{"name":…,"arguments":…}</c>, alone, in a list, fenced or tagged.</summary>
    /// <param name="text">What the model said.</param>
    /// <param name="tools">The names that count.</param>
    public static IReadOnlyList<FunctionCallContent> Printed(string text, IReadOnlySet<string> tools)
    {
        List<FunctionCallContent> calls = [];
        var stripped = Tags().Replace(text, "\n").Trim();
        if (Parse(stripped) is { } one) Add(one);
        else if (ParseList(stripped) is { } list)
            foreach (var item in list.EnumerateArray()) Add(item);
        else
            foreach (var line in stripped.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                if (Parse(line) is { } element) Add(element);
        return calls;

        void Add(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Object) return;
            if (element.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object) element = function;
            if (!element.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String || !tools.Contains(name.GetString()!)) return;
            var arguments = element.TryGetProperty("arguments", out var found) || element.TryGetProperty("parameters", out found) ? found : default;
            var raw = arguments.ValueKind switch
            {
                JsonValueKind.Object => arguments.GetRawText(),
                JsonValueKind.String => arguments.GetString()!,
                _ => "{}",
            };
            calls.Add(Models.OpenAIMessages.Call("call_" + Guid.NewGuid().ToString("N")[..12], name.GetString()!, raw));
        }
    }

    private static readonly string[] TagOpenings = ["[TOOL_CALLS]", "```json", "```tool", "```\n{", "<tool_call>", "<function_call>", "<|tool_call|>", "<|python_tag|>"];

    private static readonly string[] LineOpenings = ["{", "[{"];

    private static bool MayOpen(ReadOnlySpan<char> rest, string[] openings)
    {
        foreach (var opening in openings)
            if (rest.StartsWith(opening, StringComparison.Ordinal) || opening.AsSpan().StartsWith(rest, StringComparison.Ordinal)) return true;
        return false;
    }

    private static bool BeginsLine(string text, int at)
    {
        while (at > 0 && text[at - 1] is (' ' or '\t')) at--;
        return at == 0 || text[at - 1] == '\n';
    }

    private static JsonElement? Parse(string text) => Parse(text, JsonValueKind.Object);

    private static JsonElement? ParseList(string text) => Parse(text, JsonValueKind.Array);

    private static JsonElement? Parse(string text, JsonValueKind kind)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            if (document.RootElement.ValueKind == kind) return document.RootElement.Clone();
            // Some servers encode the object once more, as a string.
            return kind == JsonValueKind.Object && document.RootElement.ValueKind == JsonValueKind.String && document.RootElement.GetString() is { } inner && inner.StartsWith('{')
                ? Parse(inner, kind) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string PythonWords(string text) => Python().Replace(text, match => match.Value switch { "True" => "true", "False" => "false", _ => "null" });

    [GeneratedRegex(@"\b(True|False|None)\b")]
    private static partial Regex Python();

    [GeneratedRegex(@"```(json|tool_call|tool_code)?|</?(tool_call|function_call)>|<\|/?(tool_call|python_tag)\|>|\[/?TOOL_CALLS\]")]
    private static partial Regex Tags();
}
