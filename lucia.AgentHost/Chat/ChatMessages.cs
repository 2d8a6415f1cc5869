namespace Lucia.AgentHost.Chat;

/// <summary>The body of <c>POST /api/chat</c>.</summary>
/// <param name="Message">What the user says; 1 to 8,000 characters.</param>
/// <param name="SessionId">The conversation to go on with; null begins one.</param>
/// <param name="AgentId">Who is to answer; null for the default.</param>
/// <param name="Context">Where and who the user is.</param>
public sealed record ChatRequest(string? Message, string? SessionId = null, string? AgentId = null, ChatContext? Context = null);

/// <param name="Area">The room the user is in, by name.</param>
/// <param name="DeviceId">The device spoken to.</param>
/// <param name="UserId">The user.</param>
/// <param name="Language">A BCP 47 tag such as <c>de</c>.</param>
public sealed record ChatContext(string? Area = null, string? DeviceId = null, string? UserId = null, string? Language = null);

/// <summary>The answer of <c>POST /api/chat</c>.</summary>
/// <param name="SessionId">The conversation.</param>
/// <param name="Message">What the user said.</param>
/// <param name="Response">What Lucia says.</param>
/// <param name="Agent">Who answered.</param>
/// <param name="Actions">What was done in the home, confirmed or not.</param>
/// <param name="NeedsInput">Whether Lucia asks something back.</param>
/// <param name="TraceId">For finding the turn in logs and traces.</param>
public sealed record ChatReply(
    string SessionId, string Message, string Response, string Agent, IReadOnlyList<ChatAction> Actions, bool NeedsInput, string TraceId);

/// <summary>What happens during a turn, in order; the last is <see cref="ReplyFinished"/>.</summary>
public abstract record TurnEvent;

public sealed record TurnStarted(string SessionId, string Agent, string TraceId) : TurnEvent;

public sealed record TextAdded(string Text) : TurnEvent;

public sealed record ActionTaken(ChatAction Action) : TurnEvent;

public sealed record ReplyFinished(ChatReply Reply) : TurnEvent;
