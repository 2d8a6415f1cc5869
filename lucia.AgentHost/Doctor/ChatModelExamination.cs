using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lucia.AgentHost.Chat;
using Lucia.AgentHost.Home;
using Lucia.AgentHost.Models;
using Lucia.AgentHost.Tools;
using Lucia.Settings;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using AIChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Lucia.AgentHost.Doctor;

/// <summary>
/// The chat model: it can be reached, takes the key, exists, writes word by word, and, what all of Lucia rests on, calls a tool and reads the result.
/// </summary>
internal sealed class ChatModelExamination(LuciaSettings settings)
    : Examination(["chat-model", "chat-streaming", "tool-calling"], TimeSpan.FromSeconds(90))
{
    private const string Instructions = "You look after a home. What is in it you learn from find_entities alone: call it before you answer. Then answer in one short sentence.";
    private const string Question = "Which lights are on in the kitchen?";
    private const string Result = """{"entities":[{"entity_id":"light.kitchen_ceiling","name":"Kitchen ceiling","area":"Kitchen","domain":"light","state":"on"}],"total":1,"truncated":false}""";

    protected override string WhenTooSlow =>
        "A local model may still be loading: try again. If it is always this slow, use a smaller one, or a machine with a graphics card.";

    protected override async IAsyncEnumerable<Finding> FindAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var model = new ModelConsultation(ModelRole.Chat, settings.ChatModel);
        if (await model.ReachAsync(cancellation) is { } unreachable)
        {
            yield return unreachable.Fails("chat-model");
            yield break;
        }

        var client = new OpenAIChatClient(new ChatClient(model.Endpoint.Model, model.Endpoint.Authentication, model.Options), "doctor");
        var (trouble, first, pieces) = await ListenAsync(model, client, cancellation);
        if (trouble is not null)
        {
            yield return trouble.Fails("chat-model");
            yield break;
        }

        yield return new("chat-model", CheckStatus.Pass, FormattableString.Invariant(
            $"{settings.ChatModel.Model} at {settings.ChatModel.Endpoint.GetLeftPart(UriPartial.Authority)} answers; its first word came after {first.TotalSeconds:0.0} s."));
        yield return pieces > 1
            ? new("chat-streaming", CheckStatus.Pass, $"It writes as it thinks: {pieces} pieces for five words.")
            : new("chat-streaming", CheckStatus.Warn, "The whole answer comes at once, so that one waits in front of an empty page.", "Check that no proxy between Lucia and the model collects answers (buffering), and that the server streams.");
        yield return await CallAsync(model, client, cancellation);
    }

    private static async Task<(Trouble? Trouble, TimeSpan First, int Pieces)> ListenAsync(ModelConsultation model, OpenAIChatClient client, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        TimeSpan? first = null;
        var pieces = 0;
        try
        {
            await foreach (var update in client.GetStreamingResponseAsync([new(ChatRole.User, "Count from one to five, in words.")], null, cancellation))
            {
                if (update.Text.Length == 0) continue;
                first ??= Stopwatch.GetElapsedTime(start);
                pieces++;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return (await model.ExplainAsync(exception, cancellation), default, 0);
        }

        return first is { } took
            ? (null, took, pieces)
            : (new("The model answers with nothing.", $"Try another model in {model.Setting}; one that only completes text, or only makes embeddings, cannot chat."), default, 0);
    }

    /// <summary>Asks what only the tool can answer, and answers its call, as a turn would.</summary>
    private async Task<Finding> CallAsync(ModelConsultation model, OpenAIChatClient client, CancellationToken cancellation)
    {
        const string Name = "tool-calling";
        var tool = new FindEntitiesTool(new House(settings), new MeaningSearch(null));
        var options = new ChatOptions { Tools = [tool.Declaration] };
        List<AIChatMessage> messages = [new(ChatRole.System, Instructions), new(ChatRole.User, Question)];
        try
        {
            var asked = await client.GetStreamingResponseAsync(messages, options, cancellation).ToChatResponseAsync(cancellation);
            var calls = asked.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
            if (calls.Count == 0) return Spoken(asked.Text, tool.Name, model);

            var call = calls[0];
            var raw = call.AdditionalProperties?.TryGetValue(OpenAIMessages.RawArguments, out var text) == true ? text as string ?? "" : "";
            if (call.Name != tool.Name) return new(Name, CheckStatus.Fail, "It called a tool that was not offered.", model.OtherModel);
            if (ToolCallReader.Arguments(raw) is null) return new(Name, CheckStatus.Fail, "It called the tool with arguments that are no JSON.", model.OtherModel);

            messages.Add(new(ChatRole.Assistant, [call]));
            messages.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, Result)]));
            var answered = await client.GetStreamingResponseAsync(messages, options, cancellation).ToChatResponseAsync(cancellation);
            return answered.Text.Length > 0 || answered.Messages.Any(message => message.Contents.OfType<FunctionCallContent>().Any())
                ? new(Name, CheckStatus.Pass, "It calls a tool, reads the result and goes on.")
                : new(Name, CheckStatus.Warn, "It calls a tool, and has nothing to say to the result.", model.OtherModel);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return (await model.ExplainAsync(exception, cancellation)).Fails(Name);
        }
    }

    private static Finding Spoken(string text, string tool, ModelConsultation model) => ToolCallReader.Printed(text, new HashSet<string> { tool }).Count > 0
        ? new("tool-calling", CheckStatus.Warn, "It writes its tool calls as text. Lucia understands that, but small slips will cost answers.", model.OtherModel)
        : new("tool-calling", CheckStatus.Fail, "It answers with text in place of calling a tool, so it can switch nothing and knows nothing of the home.", model.OtherModel);
}
