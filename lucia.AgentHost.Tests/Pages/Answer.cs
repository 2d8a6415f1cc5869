using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>One answer of <see cref="ScriptedLucia"/>, as server-sent events or as problem details.</summary>
public sealed class Answer(HttpContext context)
{
    private const string SessionId = "a1b2";

    /// <summary>Signalled when the page goes away from this answer.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    public async Task OpenAsync()
    {
        context.Request.Headers.Accept.ToString().ShouldContain("text/event-stream");
        context.Response.ContentType = "text/event-stream";
        await SendAsync("session", new { sessionId = SessionId, agent = "home", traceId = "4bf92f3577b34da6" });
    }

    public async Task SayAsync(params string[] pieces)
    {
        foreach (var text in pieces)
            await SendAsync("delta", new { text });
    }

    public Task ActAsync(string target, string name, string? state, string? error = null) =>
        SendAsync("action", Action(target, name, state, error));

    public Task DoneAsync(string response, bool needsInput = false, params object[] actions) =>
        SendAsync("done", new { sessionId = SessionId, message = "", response, agent = "home", actions, needsInput, traceId = "4bf92f3577b34da6" });

    public Task FailAsync(int status, string title, string detail) => SendAsync("error", new { type = "about:blank", title, status, detail, traceId = "4bf92f3577b34da6" });

    /// <summary>Answers with the whole reply as JSON instead of a stream.</summary>
    public Task ReplyAsync(string response, params object[] actions) =>
        Results.Json(new { sessionId = SessionId, message = "", response, agent = "home", actions, needsInput = false, traceId = "4bf92f3577b34da6" })
            .ExecuteAsync(context);

    /// <summary>Sends <paramref name="events"/> as they are, a byte at a time: characters and line ends arrive in halves.</summary>
    public async Task SendBytesOneByOneAsync(string events)
    {
        foreach (var single in Encoding.UTF8.GetBytes(events))
        {
            await context.Response.Body.WriteAsync(new[] { single }, Aborted);
            await context.Response.Body.FlushAsync(Aborted);
        }
    }

    public async Task KeepAliveAsync()
    {
        await context.Response.WriteAsync(": still here\n\n", Aborted);
        await context.Response.Body.FlushAsync(Aborted);
    }

    public Task RefuseAsync(int status, string title, string detail) =>
        Results.Problem(detail, title: title, statusCode: status).ExecuteAsync(context);

    /// <summary>Cuts the connection, as a crash would.</summary>
    public void BreakOff() => context.Abort();

    public static object Action(string target, string name, string? state, string? error = null) =>
        new { tool = "control_light", target, name, success = error is null, error, state };

    private async Task SendAsync(string name, object data)
    {
        await context.Response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data)}\n\n", Aborted);
        await context.Response.Body.FlushAsync(Aborted);
    }
}
