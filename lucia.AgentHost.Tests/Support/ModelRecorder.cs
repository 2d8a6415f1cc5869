using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lucia.AgentHost.Tests.Support;

/// <summary>A model that answers whatever a test wants and keeps the headers it was sent, for what aimock does not show or do.</summary>
internal sealed class ModelRecorder : IAsyncDisposable
{
    public const string Key = "canary-key-of-the-recorder";

    private readonly WebApplication _app;

    private ModelRecorder(WebApplication app) => _app = app;

    /// <summary>What was asked, in order. A key is written as <c>KEY</c>, so that no failure prints one.</summary>
    public ConcurrentQueue<RecordedRequest> Requests { get; } = new();

    public string Connection(string provider, string path = "/v1", string model = "some-model", string? key = Key) =>
        $"Endpoint={_app.Urls.Single()}{path};Model={model};Provider={provider}" + (key is null ? "" : $";AccessKey={key}");

    /// <param name="answer">Answers a request, given its body.</param>
    public static async Task<ModelRecorder> StartAsync(Func<HttpContext, JsonNode, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var recorder = new ModelRecorder(app);
        app.Run(async context =>
        {
            var body = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
            recorder.Requests.Enqueue(new(
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString().Replace(Key, "KEY", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase),
                body));
            await answer(context, body);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return recorder;
    }

    /// <summary>Answers with words, in the smallest stream there is.</summary>
    public static Task SayAsync(HttpContext context, string words) => StreamAsync(context, Chunk(words), """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", "[DONE]");

    /// <summary>One piece of an answer.</summary>
    public static string Chunk(string words) =>
        new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["content"] = words }, ["finish_reason"] = null }) }.ToJsonString();

    public static async Task StreamAsync(HttpContext context, params string[] data)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var line in data)
        {
            await context.Response.WriteAsync($"data: {line}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}

/// <summary>One request to a model.</summary>
internal sealed record RecordedRequest(string Target, IReadOnlyDictionary<string, string> Headers, JsonNode Body);
