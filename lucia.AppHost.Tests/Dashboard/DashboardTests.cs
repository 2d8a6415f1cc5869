using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Pages;
using Lucia.AgentHost.Tests.Support;
using Lucia.AppHost.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Lucia.AppHost.Tests.Dashboard;

/// <summary>The official Aspire dashboard, fed by the embedded engine: what its API knows, and what a person sees in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class DashboardTests : IClassFixture<RunWithDashboard>
{
    private readonly RunWithDashboard _dashboard;
    private readonly Browser _browser;

    public DashboardTests(RunWithDashboard dashboard, Browser browser)
    {
        (_dashboard, _browser) = (dashboard, browser);
        Assert.SkipWhen(dashboard.Absence is not null, dashboard.Absence ?? "");
    }

    [Fact]
    public async Task One_chat_is_one_trace_from_the_request_through_model_and_tool_to_home_and_redis()
    {
        var trace = await _dashboard.ChatAsync("turn on the kitchen light");

        List<(string Name, string Id, string? Parent)> spans = [];
        await House.UntilAsync(async () =>
        {
            spans = Spans(await _dashboard.TelemetryAsync("traces")).GetValueOrDefault(trace) ?? [];
            return new[] { "POST /api/chat", "home light.turn_on", "redis write session" }.All(name => spans.Any(span => span.Name == name));
        });

        foreach (var name in new[] { "invoke_agent home", "chat simulated-house", "execute_tool control_light", "home light.turn_on", "redis read session", "redis write session" })
            spans.ShouldContain(span => span.Name == name);
        // Every span but the first hangs below another of the same trace.
        spans.Where(span => string.IsNullOrEmpty(span.Parent)).Select(span => span.Name).ShouldBe(["POST /api/chat"]);
        spans.Where(span => !string.IsNullOrEmpty(span.Parent)).ShouldAllBe(span => spans.Any(other => other.Id == span.Parent));
    }

    [Fact]
    public async Task The_service_is_listed_with_metrics_and_what_it_logs_of_a_chat_names_the_trace_of_that_chat()
    {
        var trace = await _dashboard.ChatAsync("turn on the kitchen light");

        await House.UntilAsync(async () => Resource(await _dashboard.TelemetryAsync("resources"), "agenthost") is { ValueKind: JsonValueKind.Object } agentHost
            && new[] { "hasLogs", "hasTraces", "hasMetrics" }.All(has => agentHost.GetProperty(has).GetBoolean()));
        await House.UntilAsync(async () => Logs(await _dashboard.TelemetryAsync("logs"))
            .Any(log => log.Trace == trace && log.Text.Contains("1 of 1 actions were confirmed", StringComparison.Ordinal)));
        // What belongs to no request names none.
        Logs(await _dashboard.TelemetryAsync("logs")).ShouldContain(log => log.Text.StartsWith("Listening on", StringComparison.Ordinal) && string.IsNullOrEmpty(log.Trace));

        static JsonElement Resource(JsonElement resources, string name) =>
            resources.EnumerateArray().FirstOrDefault(resource => resource.GetProperty("name").GetString() == name);
    }

    [Fact]
    public async Task A_person_sees_healthy_resources_follows_their_logs_restarts_one_and_opens_a_trace()
    {
        await using var tab = await _browser.OpenAsync(_dashboard.Login, new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var page = tab.Page;

        // Resources, their states and their health.
        foreach (var resource in new[] { "agenthost", "redis", "simulator" })
            await Expect(Row(page, resource)).ToContainTextAsync("Running");
        await Expect(page.GetByText("Unhealthy")).ToHaveCountAsync(0);
        await PictureAsync(page, "dashboard-resources");

        // Restart.
        var process = ProcessOf("agenthost");
        await ChooseAsync(page, "agenthost", "Restart");
        await House.UntilAsync(() => Task.FromResult(ProcessOf("agenthost") != process));
        await _dashboard.Run.UntilPageAsync();
        await Expect(Row(page, "agenthost")).ToContainTextAsync("Running");

        // Console logs, as they are written.
        await page.GotoAsync(new Uri(_dashboard.Login, "/consolelogs/resource/agenthost").AbsoluteUri);
        await Expect(page.GetByText("Listening on").First).ToBeVisibleAsync();
        var answers = page.GetByText("1 of 1 actions were confirmed");
        var before = await answers.CountAsync();
        await _dashboard.ChatAsync("turn on the kitchen light");
        await Expect(answers).ToHaveCountAsync(before + 1);
        await PictureAsync(page, "dashboard-console");

        // One trace.
        await House.UntilAsync(async () =>
        {
            await _dashboard.ChatAsync("turn on the kitchen light");
            return Spans(await _dashboard.TelemetryAsync("traces")).Values.Any(trace => trace.Any(span => span.Name == "execute_tool control_light"));
        });
        await page.GotoAsync(new Uri(_dashboard.Login, "/traces").AbsoluteUri);
        await page.GetByText("POST /api/chat").First.ClickAsync();
        await Expect(page.GetByText("execute_tool control_light").First).ToBeVisibleAsync();
        await PictureAsync(page, "dashboard-trace");

        // What was measured of the model and of the home.
        await page.GotoAsync(new Uri(_dashboard.Login, "/metrics/resource/agenthost").AbsoluteUri);
        foreach (var instrument in new[] { "gen_ai.client.operation.duration", "lucia.home.call.duration" })
            await Expect(page.GetByText(instrument).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_dashboard_that_is_killed_changes_nothing_for_the_resources()
    {
        using var run = RunWithDashboard.Start();
        await run.UntilPageAsync();
        (await RunWithDashboard.AbsenceAsync(run)).ShouldBeNull();

        foreach (var process in run.Descendants().Where(IsDashboard))
            Process.GetProcessById(process).Kill();
        await House.UntilAsync(() => Task.FromResult(run.Output.Contains("The dashboard ended with exit code", StringComparison.Ordinal)));

        await run.UntilPageAsync();
        run.Output.ShouldNotContain("Unhealthy");
        await run.SignalAsync("TERM");
        await run.WaitForExitAsync(TimeSpan.FromSeconds(10));
        run.ExitCode.ShouldBe(0, run.Output);
    }

    private static bool IsDashboard(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0')[0].Contains("aspire", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The spans of every trace by its id, whatever service they are of.</summary>
    private static Dictionary<string, List<(string Name, string Id, string? Parent)>> Spans(JsonElement traces) =>
        traces.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
            .SelectMany(resource => resource.GetProperty("scopeSpans").EnumerateArray())
            .SelectMany(scope => scope.GetProperty("spans").EnumerateArray())
            .GroupBy(span => span.GetProperty("traceId").GetString()!)
            .ToDictionary(trace => trace.Key, trace => trace.Select(span => (
                span.GetProperty("name").GetString()!,
                span.GetProperty("spanId").GetString()!,
                span.TryGetProperty("parentSpanId", out var parent) ? parent.GetString() : null)).ToList());

    /// <summary>What was logged, and the trace each line names.</summary>
    private static List<(string Text, string? Trace)> Logs(JsonElement logs) =>
    [
        .. logs.GetProperty("data").GetProperty("resourceLogs").EnumerateArray()
            .SelectMany(resource => resource.GetProperty("scopeLogs").EnumerateArray())
            .SelectMany(scope => scope.GetProperty("logRecords").EnumerateArray())
            .Select(record => (
                record.GetProperty("body").GetProperty("stringValue").GetString()!,
                record.TryGetProperty("traceId", out var trace) ? trace.GetString() : null))
    ];

    private static ILocator Row(IPage page, string resource) =>
        page.Locator("tr, fluent-data-grid-row, [role=row]").Filter(new() { Has = page.GetByText(resource, new() { Exact = true }) }).First;

    /// <summary>
    /// Chooses once from a resource's menu. The page may draw the row anew under the hand and closes the menu then, in which case the item was not
    /// clicked: it is opened again.
    /// </summary>
    private static async Task ChooseAsync(IPage page, string resource, string command)
    {
        var item = page.GetByRole(AriaRole.Menuitem, new() { Name = command }).First;
        await House.UntilAsync(async () =>
        {
            try
            {
                if (!await item.IsVisibleAsync())
                    await Row(page, resource).GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync(new() { Timeout = 10_000 });
                await item.ClickAsync(new() { Timeout = 10_000 });
                return true;
            }
            catch (Exception error) when (error is TimeoutException or PlaywrightException)
            {
                return false;
            }
        }, patience: TimeSpan.FromMinutes(3));
    }

    private string ProcessOf(string resource) => Regex.Matches(_dashboard.Run.Output, $@"^{resource}\s*\| Running \(process (\d+)\)", RegexOptions.Multiline)[^1].Groups[1].Value;

    private static async Task PictureAsync(IPage page, string name)
    {
        // Nothing is marked by the pointer, and no notice fades in or out.
        await page.Mouse.MoveAsync(720, 820);
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Programs.Repository, "artifacts", "screenshots", name + ".png") });
    }
}
