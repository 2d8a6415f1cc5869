using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using AIChatMessage = Microsoft.Extensions.AI.ChatMessage;
using OpenAIChatMessage = OpenAI.Chat.ChatMessage;

namespace Lucia.AgentHost.Models;

/// <summary>Turns the abstraction's messages, tools and options into the OpenAI SDK's.</summary>
internal static class OpenAIMessages
{
    /// <summary>The key of <see cref="AIContent.AdditionalProperties"/> under which a call keeps the arguments as the model wrote them.</summary>
    public const string RawArguments = "raw_arguments";

    public static List<OpenAIChatMessage> From(IEnumerable<AIChatMessage> messages)
    {
        List<OpenAIChatMessage> converted = [];
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.System) converted.Add(new SystemChatMessage(message.Text));
            else if (message.Role == ChatRole.User) converted.Add(new UserChatMessage(message.Text));
            else if (message.Role == ChatRole.Assistant) converted.Add(Assistant(message));
            else converted.AddRange(message.Contents.OfType<FunctionResultContent>().Select(Result));
        }

        return converted;
    }

    public static ChatCompletionOptions From(ChatOptions? options)
    {
        var converted = new ChatCompletionOptions
        {
            Temperature = options?.Temperature,
            TopP = options?.TopP,
            MaxOutputTokenCount = options?.MaxOutputTokens,
        };
        foreach (var tool in options?.Tools?.OfType<AIFunctionDeclaration>() ?? [])
            converted.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText())));
        return converted;
    }

    /// <summary>A finished call. Arguments that are no JSON object are kept raw, for the turn loop to mend or to send back.</summary>
    public static FunctionCallContent Call(string id, string name, string arguments)
    {
        var call = new FunctionCallContent(id, name) { AdditionalProperties = new() { [RawArguments] = arguments } };
        return call;
    }

    private static AssistantChatMessage Assistant(AIChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>()
            .Select(call => ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(ArgumentsOf(call))))
            .ToList();
        if (calls.Count == 0) return new AssistantChatMessage(message.Text);
        var assistant = new AssistantChatMessage(calls);
        if (message.Text.Length > 0) assistant.Content.Add(ChatMessageContentPart.CreateTextPart(message.Text));
        return assistant;
    }

    // Several servers parse the arguments of earlier calls and refuse the whole request when they are no JSON.
    private static string ArgumentsOf(FunctionCallContent call) =>
        call.AdditionalProperties?.TryGetValue(RawArguments, out var raw) == true && raw is string text && IsObject(text) ? text : "{}";

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ToolChatMessage Result(FunctionResultContent result) => new(result.CallId, result.Result as string ?? "");
}
