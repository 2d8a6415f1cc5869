using System.Text;
using Lucia.AgentHost.Agents;
using Lucia.AgentHost.Models;
using Lucia.AgentHost.Sessions;
using Lucia.AgentHost.Tools;
using Microsoft.Extensions.AI;

namespace Lucia.AgentHost.Chat;

/// <summary>What has happened in a turn so far.</summary>
internal sealed class TurnRecord(Agent agent, ChatRequest request, DateTimeOffset at, IEnumerable<string> awaitingConfirmation)
{
    private readonly StringBuilder _answer = new();
    private readonly List<ChatAction> _actions = [];
    private readonly List<ToolExchange> _calls = [];
    private readonly List<string> _toConfirm = [];

    public Agent Agent => agent;

    public ChatRequest Request => request;

    public IReadOnlySet<string> AwaitingConfirmation { get; } = awaitingConfirmation.ToHashSet(StringComparer.Ordinal);

    public string Answer => _answer.ToString();

    public IReadOnlyList<ChatAction> Actions => _actions;

    /// <summary>Whether no tool has run: none was called, or only with arguments or names that could not be used.</summary>
    public bool NothingRan { get; private set; } = true;

    public bool IsWorthKeeping => _answer.Length > 0 || _actions.Count > 0;

    /// <summary>Whether something waits for the user's yes.</summary>
    public bool AwaitsConfirmation => _toConfirm.Count > 0;

    public bool NeedsInput => AwaitsConfirmation || Answer.TrimEnd().EndsWith('?') || Answer.TrimEnd().EndsWith('？');

    /// <summary>Adds to the answer; a new beginning goes on a new paragraph.</summary>
    /// <returns>What was added, as it must be shown.</returns>
    public string Say(string text, bool begins)
    {
        var added = begins && _answer.Length > 0 ? "\n\n" + text : text;
        _answer.Append(added);
        return added;
    }

    public void SomethingRan() => NothingRan = false;

    public void Note(FunctionCallContent call, ToolOutcome outcome, int keptResult)
    {
        var raw = call.AdditionalProperties?.TryGetValue(OpenAIMessages.RawArguments, out var found) == true ? found as string ?? "{}" : "{}";
        var result = outcome.Json.Length <= keptResult ? outcome.Json : ToolJson.Error("The result was long and is no longer kept. Call the tool again.");
        _calls.Add(new(call.CallId, call.Name, raw, result));
        _actions.AddRange(outcome.Actions);
        _toConfirm.AddRange(outcome.ToConfirm);
    }

    public Turn ToTurn() => new(Guid.NewGuid().ToString("N"), at, request.Message!, Answer, agent.Id, _actions, _calls, _toConfirm);
}
