using System.Text.RegularExpressions;
using Lucia.AgentHost.Agents;
using Lucia.AgentHost.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lucia.AgentHost.Chat;

/// <summary><c>POST /api/chat</c>, as JSON or as a stream of server-sent events, and <c>/api/sessions/{id}</c>.</summary>
internal static partial class ChatApi
{
    private const int LongestMessage = 8000;

    public static IEndpointRouteBuilder MapChatApi(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/chat", ChatAsync);
        app.MapGet("/api/sessions/{id}", ReadAsync);
        app.MapDelete("/api/sessions/{id}", ForgetAsync);
        return app;
    }

    private static async Task<IResult> ChatAsync(ChatRequest request, AgentDirectory agents, TurnLoop turns, TurnLimit limit, HttpContext http)
    {
        var agent = request.AgentId is { Length: > 0 } id ? agents.Find(id) : agents.Default;
        if (Problems(request, agent) is { Count: > 0 } problems)
            return new ProblemResult(StatusCodes.Status400BadRequest, string.Join(' ', problems));

        using var lease = await limit.EnterAsync(http.RequestAborted);
        if (!lease.IsAcquired)
        {
            http.Response.Headers.RetryAfter = "5";
            return new ProblemResult(StatusCodes.Status429TooManyRequests, "Too many conversations at once. Try again in a moment.");
        }

        var sessionId = request.SessionId is { Length: > 0 } given ? given : Guid.NewGuid().ToString("N");
        var events = turns.RunAsync(agent!, request, sessionId, http.RequestAborted);
        if (WantsStream(http.Request)) return await EventStream.WriteAsync(http, events);
        await foreach (var happened in events)
            if (happened is ReplyFinished finished) return TypedResults.Ok(finished.Reply);
        throw new InvalidOperationException("A turn ended without a reply.");
    }

    private static async Task<Results<Ok<SessionView>, ProblemResult>> ReadAsync(string id, ConversationStore conversations, CancellationToken cancellation)
    {
        if (!SessionId().IsMatch(id)) return NoSession();
        return await conversations.ReadAsync(id, cancellation) is { } conversation
            ? TypedResults.Ok(new SessionView(conversation.SessionId,
                [.. conversation.Turns.Select(turn => new TurnView(turn.Id, turn.At, turn.User, turn.Assistant, turn.Agent, turn.Actions))]))
            : NoSession();
    }

    private static async Task<Results<NoContent, ProblemResult>> ForgetAsync(string id, ConversationStore conversations, CancellationToken cancellation)
    {
        if (!SessionId().IsMatch(id)) return NoSession();
        await conversations.ForgetAsync(id, cancellation);
        return TypedResults.NoContent();
    }

    private static ProblemResult NoSession() =>
        new(StatusCodes.Status404NotFound, "There is no such conversation; it may have ended or been forgotten.");

    private static List<string> Problems(ChatRequest request, Agent? agent)
    {
        List<string> problems = [];
        if (string.IsNullOrWhiteSpace(request.Message)) problems.Add("\"message\" is empty.");
        else if (request.Message.Length > LongestMessage) problems.Add($"\"message\" is longer than {LongestMessage} characters.");
        if (request.SessionId is { Length: > 0 } id && !SessionId().IsMatch(id)) problems.Add("\"sessionId\" may have 1 to 64 letters, digits, hyphens and underscores.");
        if (agent is null) problems.Add("\"agentId\" names no agent. GET /api/agents lists them.");
        return problems;
    }

    private static bool WantsStream(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(accept => accept.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex SessionId();
}

/// <summary>The answer of <c>GET /api/sessions/{id}</c>.</summary>
/// <param name="SessionId">The id.</param>
/// <param name="Turns">Oldest first.</param>
public sealed record SessionView(string SessionId, IReadOnlyList<TurnView> Turns);

/// <param name="Id">Unique.</param>
/// <param name="At">When the turn began.</param>
/// <param name="User">What the user said.</param>
/// <param name="Assistant">What Lucia answered.</param>
/// <param name="Agent">Who answered.</param>
/// <param name="Actions">What was done in the home.</param>
public sealed record TurnView(string Id, DateTimeOffset At, string User, string Assistant, string Agent, IReadOnlyList<ChatAction> Actions);
