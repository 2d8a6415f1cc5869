using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lucia.Deployment.Tests.Kubernetes;

/// <summary>Answers as the service does, for scripts that ask it: its doors, its health, one agent.</summary>
internal sealed class StandInService : IAsyncDisposable
{
    public const string Key = "the-key-of-the-callers-of-this-house";

    private readonly WebApplication _app;

    private StandInService(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>Starts one.</summary>
    /// <param name="redis">The state of its Redis: <c>Healthy</c>, <c>Degraded</c>.</param>
    public static async Task<StandInService> StartAsync(string redis = "Healthy")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/alive", static () => "Alive");
        app.MapGet("/health/ready", static () => "Healthy");
        app.MapGet("/health", (HttpRequest request) => Results.Text(
            Knows(request) ? $$"""{"status":"{{redis}}","components":[{"name":"redis","status":"{{redis}}","latencyMs":1,"detail":"at redis:6379"}]}""" : $$"""{"status":"{{redis}}"}""", "application/json"));
        app.MapGet("/api/agents", static (HttpRequest request) => Knows(request) ? Results.Text("""[{"id":"home"}]""") : Results.StatusCode(401));
        app.MapGet("/", static (HttpResponse response) => { response.Headers.ContentSecurityPolicy = "default-src 'self'"; return "page"; });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new StandInService(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static bool Knows(HttpRequest request) => request.Headers["X-Api-Key"] == Key;
}
