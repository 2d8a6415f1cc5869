using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Lucia.AgentHost.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>
/// The real chat page on a real Kestrel, with an API that answers what a test scripts. Each message takes the next script of
/// <see cref="Answers"/>; a message without one is a 500.
/// </summary>
public sealed class ScriptedLucia : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedLucia(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    public Uri Address { get; }

    public ConcurrentQueue<Func<Answer, Task>> Answers { get; } = new();

    /// <summary>Bodies of POST /api/chat that passed the key, in order.</summary>
    public ConcurrentQueue<JsonNode> Messages { get; } = new();

    public ConcurrentDictionary<string, string> Sessions { get; } = new();

    public string Health { get; set; } = """{"status":"Healthy","version":"0.1.0","commit":"0123456789","components":[],"simulated":[]}""";

    public string? ApiKey { get; set; }

    /// <param name="prefix">The path that everything lives below, such as <c>/lucia</c>, as behind a reverse proxy.</param>
    public static async Task<ScriptedLucia> StartAsync(string prefix = "")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        ScriptedLucia? lucia = null;
        app.UsePathBase(prefix);
        app.Use((context, next) => lucia!.GuardAsync(context, next));
        app.UseRouting();
        app.MapPages();
        app.MapGet("/health", (HttpRequest request) => Json(lucia!.HasKey(request) ? lucia.Health : """{"status":"Healthy"}"""));
        app.MapGet("/api/agents", () => Json("[]"));
        app.MapGet("/api/sessions/{id}", (string id) => lucia!.Sessions.TryGetValue(id, out var session) ? Json(session) : Results.NotFound());
        app.MapDelete("/api/sessions/{id}", (string id) => lucia!.Sessions.TryRemove(id, out _) ? Results.NoContent() : Results.NotFound());
        app.MapPost("/api/chat", (HttpContext context) => lucia!.ChatAsync(context));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return lucia = new ScriptedLucia(app, new Uri($"{app.Urls.Single()}{prefix}/"));
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private static IResult Json(string json) => Results.Text(json, "application/json");

    private bool HasKey(HttpRequest request) => ApiKey is null || request.Headers.Authorization == $"Bearer {ApiKey}";

    private Task GuardAsync(HttpContext context, RequestDelegate next) =>
        context.Request.Path.StartsWithSegments("/api") && !HasKey(context.Request)
            ? Results.Problem("Send the API key.", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context)
            : next(context);

    private async Task ChatAsync(HttpContext context)
    {
        Messages.Enqueue((await JsonNode.ParseAsync(context.Request.Body))!);
        if (Answers.TryDequeue(out var script))
            await script(new Answer(context));
        else
            await Results.Problem("The test has no script for this message.").ExecuteAsync(context);
    }
}
