using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.AppHost.Tests.Support;

namespace Lucia.AppHost.Tests.Dashboard;

/// <summary>One run of the AppHost with the official dashboard, as a person starts it, shared by the tests that look at it.</summary>
public sealed partial class RunWithDashboard : IAsyncLifetime
{
    private const string ApiKey = "key-of-the-dashboard-tests";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The run itself waits three minutes for a dashboard that unpacks itself, and ten seconds before that for the resources.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(4);

    private AppHostProgram? _run;

    internal AppHostProgram Run => _run ?? throw new InvalidOperationException("It has not started.");

    /// <summary>Why this machine has no dashboard; null when it has one.</summary>
    internal string? Absence { get; private set; }

    /// <summary>The dashboard's login address.</summary>
    internal Uri Login { get; private set; } = new("about:blank");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _run = Start();
        await _run.UntilPageAsync();
        Absence = await AbsenceAsync(_run);
        if (Absence is null)
            Login = new Uri(LoginLine().Match(_run.Output).Groups[1].Value);
    }

    /// <summary>Starts a run with a dashboard on ports that no other test takes.</summary>
    internal static AppHostProgram Start() => AppHostProgram.StartWith(new Dictionary<string, string>
    {
        ["AppHost__NoDashboard"] = "false",
        ["AppHost__RandomizeDashboardPorts"] = "true",
        ["AppHost__DashboardApiKey"] = ApiKey,
    });

    /// <summary>Waits for the login address, or for the line that says why there is none. Where the dashboard is installed there is no excuse.</summary>
    internal static async Task<string?> AbsenceAsync(AppHostProgram run)
    {
        string? reason = null;
        await House.UntilAsync(() => Task.FromResult(LoginLine().IsMatch(run.Output) || (reason = NoDashboardLine().Match(run.Output).Value) is { Length: > 0 }), LongestStart);
        if (LoginLine().IsMatch(run.Output))
            return null;
        IsInstalled().ShouldBeFalse(run.Output);
        return reason;
    }

    private static bool IsInstalled() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(at => File.Exists(Path.Combine(at, "aspire")))
        || (Path.Combine(Programs.Repository, "node_modules", "@microsoft") is var modules && Directory.Exists(modules) && Directory.EnumerateDirectories(modules, "aspire-cli-*").Any());

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

    /// <summary>Says one sentence to Lucia and returns the id of its trace. Lucia may just be starting again.</summary>
    internal async Task<string> ChatAsync(string message)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Run.Port}"), Timeout = Patience };
        string? trace = null;
        await House.UntilAsync(async () =>
        {
            try
            {
                var answer = (await http.PostAsJsonAsync("/api/chat", new { message }, Cancellation)).EnsureSuccessStatusCode();
                trace = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("traceId").GetString();
                return true;
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
            {
                return false;
            }
        });
        return trace.ShouldNotBeNull();
    }

    [GeneratedRegex(@"Login to the dashboard at (http://localhost:\d+/login\?t=\w+)")]
    private static partial Regex LoginLine();

    [GeneratedRegex("^.*(No dashboard: |The dashboard (ended|does not answer|did not start)).*$", RegexOptions.Multiline)]
    private static partial Regex NoDashboardLine();
}
