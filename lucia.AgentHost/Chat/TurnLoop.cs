using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Lucia.AgentHost.Agents;
using Lucia.AgentHost.Models;
using Lucia.AgentHost.Sessions;
using Lucia.AgentHost.Telemetry;
using Lucia.AgentHost.Tools;
using Lucia.ServiceDefaults;
using Microsoft.Extensions.AI;

namespace Lucia.AgentHost.Chat;

/// <summary>One turn: asks the model, runs the tools it calls, and again, until it answers; then keeps what was said.</summary>
internal sealed partial class TurnLoop(IChatClient model, ConversationStore conversations, PromptWriter prompts, TimeProvider time, ILogger<TurnLoop> log)
{
    /// <summary>Find, act, and a correction or two. A model that still calls after this is going in circles.</summary>
    private const int MostRounds = 8;

    private const int MostCallsInOneRound = 16;

    /// <summary>What is kept of a tool's result for the turns to come, in characters.</summary>
    private const int KeptResult = 4000;

    /// <summary>Runs a turn; events come as they happen, text as the model writes it.</summary>
    /// <param name="agent">Who answers.</param>
    /// <param name="request">What was said; validated.</param>
    /// <param name="sessionId">The conversation.</param>
    /// <param name="cancellation">The user gave up. What was done in the home until then is still kept.</param>
    /// <exception cref="DependencyException">The chat model failed.</exception>
    public async IAsyncEnumerable<TurnEvent> RunAsync(
        Agent agent, ChatRequest request, string sessionId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var activity = AgentTelemetry.Source.StartActivity("invoke_agent " + agent.Id);
        activity?.SetTag("gen_ai.operation.name", "invoke_agent").SetTag("gen_ai.agent.id", agent.Id).SetTag("gen_ai.conversation.id", sessionId);
        var traceId = (activity ?? Activity.Current)?.TraceId.ToHexString() ?? ActivityTraceId.CreateRandom().ToHexString();
        yield return new TurnStarted(sessionId, agent.Id, traceId);

        Resume();
        var began = time.GetTimestamp();
        var before = await conversations.ReadAsync(sessionId, cancellation);
        var turn = new TurnRecord(agent, request, time.GetUtcNow(), before?.Turns.LastOrDefault()?.ToConfirm ?? []);
        try
        {
            await using var events = ConverseAsync(turn, prompts.Write(agent, request, before), cancellation).GetAsyncEnumerator(cancellation);
            while (true)
            {
                Resume();
                try
                {
                    if (!await events.MoveNextAsync()) break;
                }
                catch (Exception exception)
                {
                    AgentTelemetry.Fail(activity, exception);
                    throw;
                }

                yield return events.Current;
            }
        }
        finally
        {
            Resume();
            // Also when the user left or the model failed half-way: what was done in the home is part of the conversation.
            if (turn.IsWorthKeeping) await conversations.AppendAsync(sessionId, turn.ToTurn(), CancellationToken.None);
        }

        Answered(agent.Id, time.GetElapsedTime(began).TotalMilliseconds, turn.Actions.Count(action => action.Success), turn.Actions.Count);
        yield return new ReplyFinished(new(sessionId, request.Message!, turn.Answer, agent.Id, turn.Actions, turn.NeedsInput, traceId));

        // After every event the caller's activity is the current one again; what comes next belongs to this one.
        void Resume() => Activity.Current = activity ?? Activity.Current;
    }

    private async IAsyncEnumerable<TurnEvent> ConverseAsync(TurnRecord turn, List<ChatMessage> messages, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var tools = turn.Agent.Tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
        var names = tools.Keys.ToHashSet(StringComparer.Ordinal);
        var options = new ChatOptions { Tools = [.. turn.Agent.Tools.Select(tool => tool.Declaration)] };

        for (var round = 1; round <= MostRounds; round++)
        {
            List<FunctionCallContent> calls = [];
            var said = new StringBuilder();
            var shown = 0;
            await foreach (var update in model.GetStreamingResponseAsync(messages, options, cancellation))
            {
                calls.AddRange(update.Contents.OfType<FunctionCallContent>());
                said.Append(update.Text);
                // A call printed as text is held back until it is clear what it is.
                var showable = ToolCallReader.Showable(said.ToString(), shown);
                if (showable == shown) continue;
                var text = turn.Say(said.ToString(shown, showable - shown), begins: shown == 0);
                shown = showable;
                yield return new TextAdded(text);
            }

            if (calls.Count == 0) calls.AddRange(ToolCallReader.Printed(said.ToString(shown, said.Length - shown), names));
            if (calls.Count == 0)
            {
                if (shown < said.Length) yield return new TextAdded(turn.Say(said.ToString(shown, said.Length - shown), begins: shown == 0));
                break;
            }

            messages.Add(new ChatMessage(ChatRole.Assistant, [.. Spoken(said.ToString(0, shown)), .. calls]));
            foreach (var call in calls.Take(MostCallsInOneRound))
            {
                cancellation.ThrowIfCancellationRequested();
                var outcome = await RunToolAsync(call, tools, turn);
                turn.Note(call, outcome, KeptResult);
                messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, outcome.Json)]));
                foreach (var action in outcome.Actions) yield return new ActionTaken(action);
            }

            // Every call needs its answer, or the next request is refused.
            foreach (var call in calls.Skip(MostCallsInOneRound))
                messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, ToolJson.Error("Too many calls at once; this one was not run."))]));
            if (round == MostRounds) GoingInCircles(MostRounds);
        }

        if (turn.Answer.Length == 0) yield return new TextAdded(turn.Say(Silent(turn), begins: true));
        if (Honesty.Correction(turn.Answer, turn.Actions, turn.NothingRan || turn.AwaitsConfirmation) is { } correction)
            yield return new TextAdded(turn.Say(correction, begins: true));
    }

    private async Task<ToolOutcome> RunToolAsync(FunctionCallContent call, Dictionary<string, HomeTool> tools, TurnRecord turn)
    {
        using var activity = AgentTelemetry.Source.StartActivity("execute_tool " + (tools.ContainsKey(call.Name) ? call.Name : "unknown"));
        activity?.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", call.Name).SetTag("gen_ai.tool.call.id", call.CallId);
        if (!tools.TryGetValue(call.Name, out var tool))
        {
            AgentTelemetry.Fail(activity, "unknown_tool");
            return new(ToolJson.Error($"There is no tool of that name. The tools are {string.Join(", ", tools.Keys)}."));
        }

        var raw = call.AdditionalProperties?.TryGetValue(OpenAIMessages.RawArguments, out var found) == true ? found as string ?? "" : "";
        if (ToolCallReader.Arguments(raw) is not { } arguments)
        {
            MalformedArguments(call.Name);
            AgentTelemetry.Fail(activity, "invalid_arguments");
            return new(ToolJson.Error("The arguments were not a JSON object. Call the tool again with valid JSON."));
        }

        try
        {
            // To its end, even when the user leaves: what was sent to the home cannot be called back, so it is read back and kept.
            var context = new ToolContext(turn.Request.Context?.Area, turn.AwaitingConfirmation);
            var outcome = await tool.InvokeAsync(new ToolArguments(arguments), context, CancellationToken.None);
            if (outcome.Actions.Any(action => !action.Success)) AgentTelemetry.Fail(activity, "not_confirmed");
            turn.SomethingRan();
            return outcome;
        }
        catch (ToolArgumentException exception)
        {
            AgentTelemetry.Fail(activity, "invalid_arguments");
            return new(ToolJson.Error(exception.Message));
        }
        catch (DependencyException exception)
        {
            AgentTelemetry.Fail(activity, exception);
            return new(ToolJson.Error(exception.Message));
        }
    }

    private static IEnumerable<AIContent> Spoken(string text) => text.Length > 0 ? [new TextContent(text)] : [];

    private static string Silent(TurnRecord turn) =>
        turn.Actions.Count == 0 ? "I have no answer to that. Please say it in other words."
        : turn.Actions.All(action => action.Success) ? string.Join(" ", turn.Actions.Select(action => $"{action.Name}: {action.State}."))
        : "That did not work.";

    [LoggerMessage(Level = LogLevel.Information, Message = "{Agent} answered in {Milliseconds:0} ms; {Confirmed} of {Actions} actions were confirmed.")]
    private partial void Answered(string agent, double milliseconds, int confirmed, int actions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The chat model still called tools after {Rounds} rounds; the turn was ended.")]
    private partial void GoingInCircles(int rounds);

    [LoggerMessage(Level = LogLevel.Information, Message = "The chat model called {Tool} with arguments that are no JSON; it was asked again.")]
    private partial void MalformedArguments(string tool);
}
