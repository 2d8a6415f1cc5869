using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lucia.AppHost.Tests.Support;

/// <summary>The whole model, running: AgentHost, Redis and simulator, as <c>./lucia run</c> starts them, on random ports.</summary>
internal sealed partial class House : IAsyncDisposable
{
    private const string SimulatorToken = "simulator-token-of-a-test";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IDistributedApplicationTestingBuilder _builder;
    private readonly DistributedApplication _app;

    private House(IDistributedApplicationTestingBuilder builder, DistributedApplication app)
    {
        _builder = builder;
        _app = app;
        Lucia = app.CreateHttpClient("agenthost");
        Simulator = app.CreateHttpClient("simulator");
        Simulator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SimulatorToken);
    }

    /// <summary>The AgentHost, as a client on this machine sees it.</summary>
    public HttpClient Lucia { get; private set; }

    /// <summary>The simulator with its token: control, journal, faults.</summary>
    public HttpClient Simulator { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts everything and waits until all of it is healthy and the AgentHost knows the house.</summary>
    public static async Task<House> StartAsync(params string[] arguments)
    {
        List<string> all = [$"--Parameters:simulator-access-token={SimulatorToken}", .. arguments];
        KeepToItself(all);
        // Disposed of with the application: it holds the entry point that the application was built by.
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.lucia_AppHost>([.. all], Cancellation);
        var app = await builder.BuildAsync(Cancellation);
        try
        {
            await app.StartAsync(Cancellation);
            foreach (var resource in new[] { "redis", "simulator", "agenthost" })
                await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, Cancellation).WaitAsync(Patience, Cancellation);
            var house = new House(builder, app);
            await house.UntilHealthAsync("Healthy");
            return house;
        }
        catch
        {
            // Nobody else could: what has started would go on running.
            await app.DisposeAsync();
            await builder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Parts from what another house on this machine would share; the embedded engine does so by itself.</summary>
    static partial void KeepToItself(List<string> arguments);

    /// <summary>Stops, starts or restarts a resource the way a dashboard would, and follows its new address.</summary>
    public async Task CommandAsync(string resource, string command)
    {
        var result = await _app.ResourceCommands.ExecuteCommandAsync(
            _app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(candidate => candidate.Name == resource), command, Cancellation);
        result.Success.ShouldBeTrue(result.Message);
        if (command != "resource-stop")
            // Not WaitForResourceHealthyAsync: a restart passes through a state from which Aspire expects nothing more.
            await _app.ResourceNotifications.WaitForResourceAsync(resource, static change => change.Snapshot.HealthStatus == HealthStatus.Healthy, Cancellation).WaitAsync(Patience, Cancellation);
        Lucia = _app.CreateHttpClient("agenthost");
    }

    public async Task<JsonElement> ChatAsync(string message, string sessionId)
    {
        var response = await Lucia.PostAsJsonAsync("/api/chat", new { message, sessionId }, Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(Cancellation));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    public Task<JsonElement> HealthAsync() => Lucia.GetFromJsonAsync<JsonElement>("/health", Cancellation);

    public Task UntilHealthAsync(string status) => UntilAsync(async () => (await HealthAsync()).GetProperty("status").GetString() == status);

    /// <summary>Waits until something holds, for a minute unless told otherwise.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(patience ?? Patience);
        while (!await condition()) await Task.Delay(50, limit.Token);
    }

    /// <summary>What the user and Lucia have said, oldest first.</summary>
    public async Task<IReadOnlyList<string>> SaidAsync(string sessionId)
    {
        var session = await Lucia.GetFromJsonAsync<JsonElement>($"/api/sessions/{sessionId}", Cancellation);
        return [.. session.GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("user").GetString()!)];
    }

    /// <summary>The state of an entity, from the simulated home itself.</summary>
    public async Task<string> StateAsync(string entityId) =>
        (await Simulator.GetFromJsonAsync<JsonElement>($"/api/states/{entityId}", Cancellation)).GetProperty("state").GetString()!;

    /// <summary>Makes the simulator misbehave.</summary>
    public async Task MisbehaveAsync(object fault)
    {
        var response = await Simulator.PostAsJsonAsync("/simulator/faults", new { faults = new[] { fault } }, Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _builder.DisposeAsync();
    }
}
