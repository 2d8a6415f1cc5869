using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lucia.AppHost.Tests.Support;

namespace Lucia.AppHost.Tests.Dashboard;

/// <summary>One run of the AppHost with the official dashboard, as a person starts it, shared by the tests that look at it.</summary>
public sealed partial class RunWithDashboard : IAsyncLifetime
{
    private const string ApiKey = "key-of-the-dashboard-tests";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private AppHostProgram? _run;

    internal AppHostProgram Run => _run ?? throw new InvalidOperationException("It has not started.");

    /// <summary>The dashboard's login address.</summary>
    internal Uri Login { get; private set; } = new("about:blank");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _run = AppHostProgram.StartWith(new Dictionary<string, string> { ["AppHost__NoDashboard"] = "false", ["AppHost__DashboardApiKey"] = ApiKey });
        await _run.UntilPageAsync();
        await House.UntilAsync(() => Task.FromResult(LoginLine().IsMatch(_run.Output) || (_run.Output.Contains("No dashboard") ? throw new InvalidOperationException(_run.Output) : false)));
        Login = new Uri(LoginLine().Match(_run.Output).Groups[1].Value);
    }

    public ValueTask DisposeAsync()
    {
        _run?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>What the dashboard has been told, from its own API.</summary>
    internal async Task<JsonElement> TelemetryAsync(string what)
    {
        using var http = new HttpClient { BaseAddress = Login, DefaultRequestHeaders = { { "x-api-key", ApiKey } } };
        return await http.GetFromJsonAsync<JsonElement>($"/api/telemetry/{what}?limit=500", Cancellation);
    }

    /// <summary>Says one sentence to Lucia.</summary>
    internal async Task ChatAsync(string message)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Run.Port}"), Timeout = Patience };
        (await http.PostAsJsonAsync("/api/chat", new { message }, Cancellation)).EnsureSuccessStatusCode();
    }

    [GeneratedRegex(@"Login to the dashboard at (http://localhost:\d+/login\?t=\w+)")]
    private static partial Regex LoginLine();
}
