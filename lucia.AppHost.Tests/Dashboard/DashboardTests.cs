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
public sealed class DashboardTests(RunWithDashboard dashboard, Browser browser) : IClassFixture<RunWithDashboard>
{
    [Fact]
    public async Task One_chat_is_one_trace_from_the_request_through_model_and_tool_to_home_and_redis()
    {
        await dashboard.ChatAsync("turn on the kitchen light");

        List<(string Name, string Id, string? Parent)> spans = [];
        await House.UntilAsync(async () =>
        {
            spans = Spans(await dashboard.TelemetryAsync("traces")).Where(trace => trace.Any(span => span.Name == "POST /api/chat"))
                .FirstOrDefault(trace => trace.Any(span => span.Name == "home light.turn_on") && trace.Any(span => span.Name == "redis write session")) ?? [];
            return spans.Count > 0;
        });

        foreach (var name in new[] { "invoke_agent home", "chat simulated-house", "execute_tool control_light", "home light.turn_on", "redis read session", "redis write session" })
            spans.ShouldContain(span => span.Name == name);
        // Every span but the first hangs below another of the same trace.
        spans.Where(span => string.IsNullOrEmpty(span.Parent)).Select(span => span.Name).ShouldBe(["POST /api/chat"]);
        spans.Where(span => !string.IsNullOrEmpty(span.Parent)).ShouldAllBe(span => spans.Any(other => other.Id == span.Parent));
    }

    [Fact]
    public async Task Our_resource_is_listed_with_logs_that_name_their_trace_and_with_metrics()
    {
        await dashboard.ChatAsync("turn on the kitchen light");

        await House.UntilAsync(async () => Resource(await dashboard.TelemetryAsync("resources")) is { ValueKind: JsonValueKind.Object } agentHost
            && new[] { "hasLogs", "hasTraces", "hasMetrics" }.All(has => agentHost.GetProperty(has).GetBoolean()));
        await House.UntilAsync(async () => (await dashboard.TelemetryAsync("logs")).GetRawText() is var logs
            && Regex.IsMatch(logs, "\"traceId\":\"[0-9a-f]{32}\"") && logs.Contains("Listening on", StringComparison.Ordinal)
            && logs.Contains("1 of 1 actions were confirmed", StringComparison.Ordinal));

        static JsonElement Resource(JsonElement resources) => resources.EnumerateArray().FirstOrDefault(resource => resource.GetProperty("name").GetString() == "agenthost");
    }

    [Fact]
    public async Task A_person_sees_healthy_resources_follows_their_logs_restarts_one_and_opens_a_trace()
    {
        await using var tab = await browser.OpenAsync(dashboard.Login, new() { ViewportSize = new() { Width = 1440, Height = 900 } });
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
        await dashboard.Run.UntilPageAsync();
        await Expect(Row(page, "agenthost")).ToContainTextAsync("Running");

        // Console logs, as they are written.
        await page.GotoAsync(new Uri(dashboard.Login, "/consolelogs/resource/agenthost").AbsoluteUri);
        await Expect(page.GetByText("Listening on").First).ToBeVisibleAsync();
        var answers = page.GetByText("1 of 1 actions were confirmed");
        var before = await answers.CountAsync();
        await dashboard.ChatAsync("turn on the kitchen light");
        await Expect(answers).ToHaveCountAsync(before + 1);
        await PictureAsync(page, "dashboard-console");

        // One trace.
        await House.UntilAsync(async () =>
        {
            await dashboard.ChatAsync("turn on the kitchen light");
            return Spans(await dashboard.TelemetryAsync("traces")).Any(trace => trace.Any(span => span.Name == "execute_tool control_light"));
        });
        await page.GotoAsync(new Uri(dashboard.Login, "/traces").AbsoluteUri);
        await page.GetByText("POST /api/chat").First.ClickAsync();
        await Expect(page.GetByText("execute_tool control_light").First).ToBeVisibleAsync();
        await PictureAsync(page, "dashboard-trace");

        // What was measured of the model and of the home.
        await page.GotoAsync(new Uri(dashboard.Login, "/metrics/resource/agenthost").AbsoluteUri);
        foreach (var instrument in new[] { "gen_ai.client.operation.duration", "lucia.home.call.duration" })
            await Expect(page.GetByText(instrument).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_dashboard_that_is_killed_changes_nothing_for_the_resources()
    {
        using var run = AppHostProgram.StartWith(new Dictionary<string, string> { ["AppHost__NoDashboard"] = "false" });
        await run.UntilPageAsync();
        await House.UntilAsync(() => Task.FromResult(run.Output.Contains("Login to the dashboard at", StringComparison.Ordinal)));

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

    /// <summary>The spans of every trace, whatever service they are of.</summary>
    private static List<List<(string Name, string Id, string? Parent)>> Spans(JsonElement traces) =>
    [
        .. traces.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
            .SelectMany(resource => resource.GetProperty("scopeSpans").EnumerateArray())
            .SelectMany(scope => scope.GetProperty("spans").EnumerateArray())
            .GroupBy(span => span.GetProperty("traceId").GetString())
            .Select(trace => trace.Select(span => (
                span.GetProperty("name").GetString()!,
                span.GetProperty("spanId").GetString()!,
                span.TryGetProperty("parentSpanId", out var parent) ? parent.GetString() : null)).ToList())
    ];

    private static ILocator Row(IPage page, string resource) =>
        page.Locator("tr, fluent-data-grid-row, [role=row]").Filter(new() { Has = page.GetByText(resource, new() { Exact = true }) }).First;

    /// <summary>Chooses from a resource's menu; the page may draw the row anew under the hand, and closes the menu then.</summary>
    private static async Task ChooseAsync(IPage page, string resource, string command)
    {
        var item = page.GetByRole(AriaRole.Menuitem, new() { Name = command }).First;
        await House.UntilAsync(async () =>
        {
            try
            {
                if (!await item.IsVisibleAsync())
                    await Row(page, resource).GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync(new() { Timeout = 5000 });
                await item.ClickAsync(new() { Timeout = 5000 });
                await Expect(item).ToBeHiddenAsync(new() { Timeout = 5000 });
                return true;
            }
            catch (Exception error) when (error is TimeoutException or PlaywrightException)
            {
                return false;
            }
        });
    }

    private string ProcessOf(string resource) => Regex.Matches(dashboard.Run.Output, $@"^{resource}\s*\| Running \(process (\d+)\)", RegexOptions.Multiline)[^1].Groups[1].Value;

    private static async Task PictureAsync(IPage page, string name)
    {
        // Nothing is marked by the pointer, and no notice fades in or out.
        await page.Mouse.MoveAsync(720, 820);
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Programs.Repository, "artifacts", "screenshots", name + ".png") });
    }
}
