using System.Net.Http.Headers;
using System.Security.Cryptography;
using Lucia.Simulator.Faults;
using Lucia.Simulator.Home;

namespace Lucia.Simulator;

/// <summary>A simulator within this process, on a free loopback port and with a token of its own; made for tests.</summary>
public sealed class RunningSimulator : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningSimulator(WebApplication app, string token)
    {
        (_app, AccessToken) = (app, token);
        BaseAddress = new Uri(app.Urls.First());
        House = app.Services.GetRequiredService<House>();
        Faults = app.Services.GetRequiredService<FaultBook>();
    }

    /// <summary>For example <c>http://127.0.0.1:40123/</c>; what <c>HomeAssistant__BaseUrl</c> takes.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The model's address, ending in <c>/v1</c>.</summary>
    public Uri ModelEndpoint => new(BaseAddress, "/v1");

    /// <summary>The home's token and the model's key.</summary>
    public string AccessToken { get; }

    /// <summary>A value for <c>ConnectionStrings__chat-model</c>.</summary>
    public string ChatModelConnectionString => $"Endpoint={ModelEndpoint};AccessKey={AccessToken};Model=simulated-house;Provider=openai-compatible";

    /// <summary>A value for <c>ConnectionStrings__embedding-model</c>.</summary>
    public string EmbeddingModelConnectionString => $"Endpoint={ModelEndpoint};AccessKey={AccessToken};Model=simulated-embedding;Provider=openai-compatible";

    /// <summary>The house, to look at and to change behind the back of whoever uses it.</summary>
    public House House { get; }

    /// <summary>The faults that are due.</summary>
    public FaultBook Faults { get; }

    /// <summary>Starts a simulator and returns once it listens.</summary>
    /// <param name="tokensPerSecond">The pace of streamed answers; 0 is as fast as possible.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<RunningSimulator> StartAsync(double tokensPerSecond = 0, CancellationToken cancel = default)
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var app = SimulatorApp.Build(
            "--urls", "http://127.0.0.1:0",
            "--Simulator:AccessToken", token,
            "--Simulator:TokensPerSecond", tokensPerSecond.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "--Logging:LogLevel:Default", "Warning");
        try
        {
            await app.StartAsync(cancel);
            return new RunningSimulator(app, token);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that presents the token; the caller disposes of it.</summary>
    public HttpClient CreateClient()
    {
        var client = new HttpClient { BaseAddress = BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        return client;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
