using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Tests;

/// <summary>A test with a simulator of its own, over real HTTP.</summary>
public abstract class SimulatorTest : IAsyncLifetime
{
    protected RunningSimulator Simulator { get; private set; } = null!;

    protected HttpClient Client { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Simulator = await RunningSimulator.StartAsync(cancel: Cancel);
        Client = Simulator.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Client.Dispose();
        await Simulator.DisposeAsync();
    }

    protected async Task<JsonNode> GetAsync(string path) => (await Client.GetFromJsonAsync<JsonNode>(path, Cancel))!;

    protected Task<HttpResponseMessage> PostAsync(string path, JsonNode body) => Client.PostAsJsonAsync(path, body, Cancel);

    protected async Task<JsonNode> PostForJsonAsync(string path, JsonNode body)
    {
        using var response = await PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    protected async Task FaultAsync(string json)
    {
        using var response = await Client.PostAsync("/simulator/faults", new StringContent($$"""{"faults":[{{json}}]}""", null, "application/json"), Cancel);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(Cancel));
    }

    protected HttpClient Anonymous(string? token = null)
    {
        var client = new HttpClient { BaseAddress = Simulator.BaseAddress };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}
