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

    /// <summary>Whether a text that has begun like this may turn out to be a printed call, so that it is better not shown yet.</summary>
    public static bool MayBecomeCall(string text)
    {
        var start = text.TrimStart();
        return start.Length == 0 || Openings.Any(opening => start.StartsWith(opening, StringComparison.Ordinal) || opening.StartsWith(start, StringComparison.Ordinal));
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

    private static readonly string[] Openings = ["{", "[{", "[TOOL_CALLS]", "```json", "```tool", "```\n{", "<tool_call>", "<function_call>", "<|tool_call|>", "<|python_tag|>"];

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
