using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using AIChatMessage = Microsoft.Extensions.AI.ChatMessage;
using AIFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using OpenAIFinishReason = OpenAI.Chat.ChatFinishReason;

namespace Lucia.AgentHost.Models;

/// <summary>The OpenAI SDK behind <see cref="IChatClient"/>: the only place that knows the SDK's chat types.</summary>
/// <param name="client">The SDK's client.</param>
/// <param name="provider">The provider's name in telemetry (<c>gen_ai.provider.name</c>).</param>
internal sealed class OpenAIChatClient(ChatClient client, string provider) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new(provider, client.Endpoint, client.Model);

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<AIChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatCompletion completion = await client.CompleteChatAsync(OpenAIMessages.From(messages), OpenAIMessages.From(options), cancellationToken);
        var message = new AIChatMessage(ChatRole.Assistant, [.. Contents(completion)]);
        return new ChatResponse(message)
        {
            ResponseId = completion.Id,
            ModelId = completion.Model,
            FinishReason = Reason(completion.FinishReason),
            Usage = completion.Usage is null ? null : Usage(completion.Usage),
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<AIChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Calls arrive in pieces, told apart by index; some servers repeat or omit id and name in later pieces.
        SortedDictionary<int, PartialCall> calls = [];
        var (begun, finished) = (false, false);
        var updates = client.CompleteChatStreamingAsync(OpenAIMessages.From(messages), OpenAIMessages.From(options), cancellationToken);
        await foreach (var update in updates.WithCancellation(cancellationToken))
        {
            finished |= update.FinishReason is not null;
            foreach (var piece in update.ToolCallUpdates) PartialCall.At(calls, piece.Index).Add(piece);

            var text = string.Concat(update.ContentUpdate.Select(part => part.Text)) + update.RefusalUpdate;
            var finish = update.FinishReason is { } reason ? Reason(reason) : (AIFinishReason?)null;
            // The first piece is passed on even when it is empty: it tells that the answer has begun.
            if (begun && text.Length == 0 && finish is null && update.Usage is null) continue;
            begun = true;
            var converted = new ChatResponseUpdate(ChatRole.Assistant, text)
            {
                ResponseId = update.CompletionId,
                ModelId = update.Model,
                FinishReason = finish,
            };
            if (update.Usage is not null) converted.Contents.Add(new UsageContent(Usage(update.Usage)));
            yield return converted;
        }

        // Half a sentence, or half the arguments of a call, must not pass for the whole.
        if (!begun) throw new InvalidDataException("The answer holds no part of a chat completion.");
        if (!finished) throw new EndOfStreamException("The answer ended without a finish reason.");
        if (calls.Count > 0) yield return new ChatResponseUpdate(ChatRole.Assistant, [.. calls.Values.Select(call => call.Finish())]);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType.IsInstanceOfType(client) ? client : null;

    public void Dispose()
    {
    }

    private static IEnumerable<AIContent> Contents(ChatCompletion completion)
    {
        var text = string.Concat(completion.Content.Select(part => part.Text)) + completion.Refusal;
        if (text.Length > 0) yield return new TextContent(text);
        foreach (var call in completion.ToolCalls)
            yield return OpenAIMessages.Call(call.Id, call.FunctionName, call.FunctionArguments.ToString());
    }

    private static AIFinishReason Reason(OpenAIFinishReason reason) => reason switch
    {
        OpenAIFinishReason.Length => AIFinishReason.Length,
        OpenAIFinishReason.ContentFilter => AIFinishReason.ContentFilter,
        OpenAIFinishReason.ToolCalls or OpenAIFinishReason.FunctionCall => AIFinishReason.ToolCalls,
        _ => AIFinishReason.Stop,
    };

    private static UsageDetails Usage(ChatTokenUsage usage) => new()
    {
        InputTokenCount = usage.InputTokenCount,
        OutputTokenCount = usage.OutputTokenCount,
        TotalTokenCount = usage.TotalTokenCount,
    };

    private sealed class PartialCall
    {
        private readonly StringBuilder _arguments = new();
        private string? _id;
        private string? _name;

        public static PartialCall At(SortedDictionary<int, PartialCall> calls, int index) =>
            calls.TryGetValue(index, out var call) ? call : calls[index] = new PartialCall();

        public void Add(StreamingChatToolCallUpdate piece)
        {
            if (!string.IsNullOrEmpty(piece.ToolCallId)) _id ??= piece.ToolCallId;
            if (!string.IsNullOrEmpty(piece.FunctionName)) _name ??= piece.FunctionName;
            if (piece.FunctionArgumentsUpdate is { } arguments) _arguments.Append(arguments);
        }

        public FunctionCallContent Finish() =>
            OpenAIMessages.Call(_id ?? "call_" + Guid.NewGuid().ToString("N")[..12], _name ?? "", _arguments.ToString());
    }
}
