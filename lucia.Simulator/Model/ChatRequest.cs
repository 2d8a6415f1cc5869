using System.Text.Json.Nodes;

namespace Lucia.Simulator.Model;

/// <summary>A tool call that the model makes, or made in an earlier message.</summary>
/// <param name="Id">Ties the result to the call.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">JSON as text, as OpenAI writes it; not always well-formed.</param>
internal sealed record ToolCall(string Id, string Name, string Arguments);

/// <summary>One message of the conversation.</summary>
internal sealed record ChatMessage(string Role, string Text, IReadOnlyList<ToolCall> Calls, string? ToolCallId);

/// <summary>The part of a chat completion request that the simulated model heeds.</summary>
internal sealed record ChatRequest(string Model, IReadOnlyList<ChatMessage> Messages, IReadOnlyList<Tool> Tools, bool Stream, bool IncludeUsage)
{
    private const int MaxMessages = 500;

    /// <summary>Reads a request, or says what is wrong with it and which parameter is to blame.</summary>
    public static ChatRequest? Read(JsonObject body, out (string Message, string Parameter) problem)
    {
        problem = default;
        if (body.String("model") is not { Length: > 0 } model)
            problem = ("you must provide a model parameter", "model");
        else if (body["messages"] is not JsonArray { Count: > 0 } messages)
            problem = ("Missing required parameter: 'messages'.", "messages");
        else if (messages.Count > MaxMessages)
            problem = ($"Invalid 'messages': array too long. Expected an array with maximum length {MaxMessages}.", "messages");
        else if (messages.Any(message => message.String("role") is null))
            problem = ("Missing required parameter: 'messages[].role'.", "messages");
        else
        {
            var none = body["tool_choice"].AsString() == "none";
            return new ChatRequest(
                model,
                [.. messages.Select(Message)],
                none ? [] : [.. (body["tools"] as JsonArray ?? []).Select(Tool.Read).OfType<Tool>()],
                body.Flag("stream") == true,
                body["stream_options"].Flag("include_usage") == true);
        }

        return null;
    }

    private static ChatMessage Message(JsonNode? json) => new(
        json.String("role")!,
        Content(json!["content"]),
        [.. (json["tool_calls"] as JsonArray ?? []).Select(call => new ToolCall(
            call.String("id") ?? "", call?["function"].String("name") ?? "", call?["function"].String("arguments") ?? ""))],
        json.String("tool_call_id"));

    /// <summary>Content is text, or parts of which only the text counts here.</summary>
    private static string Content(JsonNode? content) =>
        content is JsonArray parts ? string.Join('\n', parts.Select(part => part.String("text")).OfType<string>()) : content.AsString() ?? "";
}
