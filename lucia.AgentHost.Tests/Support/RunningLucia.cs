using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lucia.AgentHost.Chat;
using Lucia.AgentHost.Home;
using Lucia.ServiceDefaults;
using Lucia.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lucia.AgentHost.Tests.Support;

/// <summary>What a test configures.</summary>
internal sealed record LuciaUnderTest
{
    /// <summary><c>ConnectionStrings__chat-model</c>; nobody listens at the default.</summary>
    public string ChatModel { get; init; } = "Endpoint=http://127.0.0.1:9/v1;Model=none;Provider=openai-compatible";

    public string? EmbeddingModel { get; init; }

    /// <summary>The home; null only chats.</summary>
    public RunningSimulator? Home { get; init; }

    public RedisServer? Redis { get; init; }

    public string? ApiKey { get; init; }

    /// <summary>How much faster the service's clock runs. Only where a wait is certain to run out: it shortens patience too.</summary>
    public double Hurry { get; init; } = 1;

    /// <summary>Whether the home will be followed; false where the test keeps it from that.</summary>
    public bool HomeAnswers { get; init; } = true;

    /// <summary>More settings, and other values of those above, by their configuration keys.</summary>
    public Dictionary<string, string?> More { get; init; } = [];

    public static LuciaUnderTest With(RunningSimulator simulator) => new() { ChatModel = simulator.ChatModelConnectionString, Home = simulator };
}

/// <summary>The real AgentHost within this process: real Kestrel on a port of its own, real settings, nothing replaced but the pace of its clock.</summary>
internal sealed class RunningLucia : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningLucia(WebApplication app, LogBook log, string? apiKey)
    {
        (_app, Log) = (app, log);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        if (apiKey is not null) Http.DefaultRequestHeaders.Authorization = new("Bearer", apiKey);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A caller with access.</summary>
    public HttpClient Http { get; }

    public LogBook Log { get; }

    public House House => _app.Services.GetRequiredService<House>();

    public static async Task<RunningLucia> StartAsync(LuciaUnderTest test)
    {
        // Of the machine's own environment nothing may reach the service.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "lucia.AgentHost", EnvironmentName = Environments.Production });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(Settings(test));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var log = new LogBook();
        builder.Logging.AddProvider(log);
        if (test.Hurry != 1) builder.Services.AddSingleton<TimeProvider>(new HurriedTime(test.Hurry));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));

        using var problems = new StringWriter();
        builder.TryAddLuciaSettings(problems, out var read).ShouldBeTrue(problems.ToString());
        var app = builder.BuildAgentHost(read!);
        await app.StartAsync(Cancellation);
        var lucia = new RunningLucia(app, log, test.ApiKey);
        if (test is { Home: not null, HomeAnswers: true }) await Eventually.TrueAsync(() => lucia.House.IsLive, "the home is followed");
        return lucia;
    }

    /// <summary>Says something and gives the raw answer.</summary>
    public Task<HttpResponseMessage> SayAsync(string message, string? sessionId = null, ChatContext? context = null) =>
        Http.PostAsJsonAsync("/api/chat", new ChatRequest(message, sessionId, null, context), JsonSerializerOptions.Web, Cancellation);

    /// <summary>Says something and expects an answer, as JSON.</summary>
    public async Task<ChatReply> ChatAsync(string message, string? sessionId = null, ChatContext? context = null)
    {
        using var response = await SayAsync(message, sessionId, context);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue(body);
        return JsonSerializer.Deserialize<ChatReply>(body, JsonSerializerOptions.Web)!;
    }

    /// <summary>Says something and reads the stream to its end.</summary>
    public async Task<StreamedReply> StreamAsync(string message, string? sessionId = null, ChatContext? context = null)
    {
        var response = await OpenStreamAsync(message, sessionId, context, Cancellation);
        List<StreamedEvent> events = [];
        await foreach (var happened in StreamedEvent.ReadAsync(await response.Content.ReadAsStreamAsync(Cancellation), Cancellation)) events.Add(happened);
        return new(response, events);
    }

    /// <summary>Says something and gives the stream as soon as it begins.</summary>
    public Task<HttpResponseMessage> OpenStreamAsync(string message, string? sessionId, ChatContext? context, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat")
        {
            Content = new StringContent(JsonSerializer.Serialize(new ChatRequest(message, sessionId, null, context), JsonSerializerOptions.Web), Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("text/event-stream");
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>A conversation; null when there is none.</summary>
    public async Task<SessionView?> SessionAsync(string sessionId)
    {
        using var response = await Http.GetAsync($"/api/sessions/{sessionId}", Cancellation);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<SessionView>(JsonSerializerOptions.Web, Cancellation) : null;
    }

    public async Task<JsonNode> HealthAsync() => (await Http.GetFromJsonAsync<JsonNode>("/health", Cancellation))!;

    /// <summary>Waits until a component is as expected; gives its detail.</summary>
    public async Task<string> UntilComponentAsync(string name, string status, string detail = "")
    {
        JsonNode? component = null;
        await Eventually.TrueAsync(
            async () =>
            {
                component = (await HealthAsync())["components"]!.AsArray().Single(found => found!["name"]!.GetValue<string>() == name);
                return component!["status"]!.GetValue<string>() == status && component["detail"]!.GetValue<string>().Contains(detail, StringComparison.Ordinal);
            },
            $"{name} is {status} ({detail})");
        return component!["detail"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static Dictionary<string, string?> Settings(LuciaUnderTest test)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase)
        {
            ["Logging:Console:LogLevel:Default"] = "None",
            ["ConnectionStrings:chat-model"] = test.ChatModel,
            ["ConnectionStrings:embedding-model"] = test.EmbeddingModel,
            ["HomeAssistant:BaseUrl"] = test.Home?.BaseAddress.AbsoluteUri,
            ["HomeAssistant:AccessToken"] = test.Home?.AccessToken,
            ["ConnectionStrings:redis"] = test.Redis is null ? null : $"127.0.0.1:{test.Redis.Port}",
            ["Redis:Password"] = test.Redis is null ? null : RedisServer.Password,
            ["Auth:ApiKey"] = test.ApiKey,
        };
        foreach (var (key, value) in test.More) settings[key] = value;
        return settings;
    }
}
