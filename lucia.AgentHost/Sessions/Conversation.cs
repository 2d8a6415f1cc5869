using Lucia.AgentHost.Chat;

namespace Lucia.AgentHost.Sessions;

/// <summary>
/// A conversation as a mergeable document: two copies that grew apart (two replicas, a time without Redis) merge by union of their turns,
/// and merging again changes nothing. Forgetting leaves a mark, so that an old copy cannot bring forgotten turns back.
/// </summary>
/// <param name="SessionId">The id.</param>
/// <param name="Turns">Oldest first.</param>
/// <param name="ForgottenAt">Turns up to this time are forgotten; null when nothing was.</param>
public sealed record Conversation(string SessionId, IReadOnlyList<Turn> Turns, DateTimeOffset? ForgottenAt = null)
{
    public static Conversation Empty(string sessionId) => new(sessionId, []);

    /// <summary>The union of both, without what either has forgotten, cut to the newest turns.</summary>
    public Conversation Merge(Conversation other, int maxTurns)
    {
        var forgotten = Later(ForgottenAt, other.ForgottenAt);
        var turns = Turns.Concat(other.Turns)
            .DistinctBy(turn => turn.Id)
            .Where(turn => forgotten is null || turn.At > forgotten)
            .OrderBy(turn => turn.At).ThenBy(turn => turn.Id, StringComparer.Ordinal)
            .TakeLast(maxTurns);
        return new(SessionId, [.. turns], forgotten);
    }

    /// <summary>This conversation without anything said until now.</summary>
    public Conversation Forget(DateTimeOffset now) => new(SessionId, [], now);

    private static DateTimeOffset? Later(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null ? right : right is null || left > right ? left : right;
}

/// <summary>One thing said and what came of it.</summary>
/// <param name="Id">Unique; merging goes by it.</param>
/// <param name="At">When the turn began.</param>
/// <param name="User">What the user said.</param>
/// <param name="Assistant">What Lucia answered.</param>
/// <param name="Agent">The agent that answered.</param>
/// <param name="Actions">What was done in the home.</param>
/// <param name="Calls">The tool calls, so that "turn it off again" has something to refer to.</param>
/// <param name="ToConfirm">Entities that the user was asked to confirm.</param>
public sealed record Turn(
    string Id, DateTimeOffset At, string User, string Assistant, string Agent,
    IReadOnlyList<ChatAction> Actions, IReadOnlyList<ToolExchange> Calls, IReadOnlyList<string> ToConfirm);

/// <summary>A tool call and its result, as they went to and from the model.</summary>
public sealed record ToolExchange(string Id, string Name, string Arguments, string Result);
