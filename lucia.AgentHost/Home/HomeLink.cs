using System.Net.WebSockets;
using System.Text.Json;
using Lucia.Settings;

namespace Lucia.AgentHost.Home;

/// <summary>Keeps the house current: connects to Home Assistant, loads registries and states, follows events, and comes back after a loss.</summary>
internal sealed partial class HomeLink(House house, IHttpClientFactory clients, LuciaSettings settings, TimeProvider time, ILogger<HomeLink> log) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(30);
    private static readonly string[] RegistryEvents = ["entity_registry_updated", "device_registry_updated", "area_registry_updated"];

    private volatile string? _problem = "Not connected yet.";

    /// <summary>Why the house is not current, in the user's words; null when it is.</summary>
    public string? Problem => _problem;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.HomeAssistant is not { } home) return;
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(home, () => pause = FirstPause, stoppingToken);
                _problem = "Home Assistant closed the connection.";
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Note(Explain(exception), exception);
            }

            house.Lost();
            await Task.Delay(pause, time, stoppingToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private async Task FollowAsync(HomeAssistantSettings home, Action connected, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var loading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        loading.CancelAfter(LoadLimit);
        await using var socket = await HomeAssistantSocket.ConnectAsync(home.BaseUrl, home.AccessToken, clients.CreateClient(HomeHttp.Socket), loading.Token);
        var receiving = socket.ReceiveAsync(ending.Token);
        try
        {
            // Subscribed before the first read, so that no change falls in between.
            var registriesChanged = new SemaphoreSlim(0, 1);
            await socket.SubscribeAsync("state_changed", Apply, loading.Token);
            foreach (var registry in RegistryEvents)
                await socket.SubscribeAsync(registry, _ => Release(registriesChanged), loading.Token);
            await LoadAsync(socket, home, loading.Token);
            _problem = null;
            connected();
            Connected(home.BaseUrl.GetLeftPart(UriPartial.Authority), house.Entities.Count, house.Areas.Count);

            var following = FollowRegistriesAsync(socket, home, registriesChanged, ending.Token);
            await await Task.WhenAny(receiving, following);
        }
        finally
        {
            await ending.CancelAsync();
            await receiving.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task LoadAsync(HomeAssistantSocket socket, HomeAssistantSettings home, CancellationToken cancellation)
    {
        var states = socket.CommandAsync("get_states", cancellation);
        var registries = await RegistryReader.ReadAsync(socket, home.ExposedOnly, cancellation);
        house.Load(registries, (await states).EnumerateArray().Select(EntityState.Read).OfType<EntityState>());
    }

    private async Task FollowRegistriesAsync(HomeAssistantSocket socket, HomeAssistantSettings home, SemaphoreSlim changed, CancellationToken cancellation)
    {
        while (true)
        {
            await changed.WaitAsync(cancellation);
            // A restart of an integration fires hundreds of these: let them settle.
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation);
            house.Load(await RegistryReader.ReadAsync(socket, home.ExposedOnly, cancellation));
        }
    }

    private void Apply(JsonElement happened)
    {
        if (!happened.TryGetProperty("data", out var data)) return;
        if (data.TryGetProperty("new_state", out var next) && EntityState.Read(next) is { } state) house.Update(state);
        else if (data.TryGetProperty("entity_id", out var id) && id.GetString() is { } gone) house.Remove(gone);
    }

    private static void Release(SemaphoreSlim signal)
    {
        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already signalled.
        }
    }

    private static string Explain(Exception exception) => exception switch
    {
        HomeAssistantRefusedException { Code: "auth_invalid" } =>
            "Home Assistant refused the access token. Make a new long-lived token in your Home Assistant profile and set HomeAssistant__AccessToken.",
        WebSocketException or HttpRequestException or IOException or OperationCanceledException =>
            "Home Assistant cannot be reached. Check that it runs and that HomeAssistant__BaseUrl is right.",
        _ => "Home Assistant sent something that could not be read.",
    };

    private void Note(string problem, Exception exception)
    {
        // Said once per cause, not at every attempt.
        if (problem != _problem) Lost(problem, exception.GetType().Name);
        _problem = problem;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to Home Assistant at {Address}: {Entities} entities in {Areas} areas.")]
    private partial void Connected(string address, int entities, int areas);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} ({Cause}) Trying again in the background.")]
    private partial void Lost(string problem, string cause);
}
