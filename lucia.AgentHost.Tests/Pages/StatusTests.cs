using static Microsoft.Playwright.Assertions;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>What the page tells about the state of the house.</summary>
public sealed class StatusTests(Browser browser)
{
    internal const string Simulated = """
        {"status":"Degraded","version":"0.1.0","commit":"24f71af0cc","components":[
          {"name":"redis","status":"Degraded","latencyMs":null,"detail":"No Redis is configured: conversations live in memory and end with the process."},
          {"name":"homeAssistant","status":"Healthy","latencyMs":3.6,"detail":"128 entities exposed"},
          {"name":"chatModel","status":"Healthy","latencyMs":41.2,"detail":"simulated-house"},
          {"name":"embeddingModel","status":"Healthy","latencyMs":12,"detail":null}],
         "simulated":[{"what":"chat-model","setting":"ConnectionStrings__chat_model"},{"what":"home","setting":"HomeAssistant__BaseUrl"}]}
        """;

    [Fact]
    public async Task A_simulation_is_named_with_the_settings_that_end_it()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Health = Simulated;
        await using var tab = await browser.OpenAsync(lucia.Address);

        var banner = tab.Page.Locator("#banner");
        await Expect(banner).ToHaveTextAsync(
            "Simulation. The chat model and the home are simulated: nothing in your real house is touched. " +
            "To connect your own, set ConnectionStrings__chat_model and HomeAssistant__BaseUrl.");
        await Expect(banner.Locator("code")).ToHaveTextAsync(["ConnectionStrings__chat_model", "HomeAssistant__BaseUrl"]);
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task A_real_house_has_no_banner()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        await using var tab = await browser.OpenAsync(lucia.Address);

        await Expect(tab.Page.Locator("#status-word")).ToHaveTextAsync("Healthy");
        await Expect(tab.Page.Locator("#banner")).ToBeHiddenAsync();
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task The_status_opens_into_its_components()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Health = Simulated;
        await using var tab = await browser.OpenAsync(lucia.Address);
        await Expect(tab.Page.Locator("#status-word")).ToHaveTextAsync("Degraded");
        await Expect(tab.Page.Locator("#status-components")).ToBeHiddenAsync();

        await tab.Page.Locator("#status summary").ClickAsync();

        await Expect(tab.Page.Locator(".component-name")).ToHaveTextAsync(["Redis", "Home Assistant", "Chat model", "Embedding model"]);
        await Expect(tab.Page.Locator(".component-status")).ToHaveTextAsync(["Degraded", "Healthy, 4 ms", "Healthy, 41 ms", "Healthy, 12 ms"]);
        await Expect(tab.Page.Locator("#status-components")).ToContainTextAsync("conversations live in memory");
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task The_page_notices_a_server_that_goes_and_comes_back()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        await using var tab = await browser.OpenAsync(lucia.Address, new() { ViewportSize = new() { Width = 320, Height = 640 } });
        await Expect(tab.Page.Locator("#status-word")).ToHaveTextAsync("Healthy");
        await tab.Page.RouteAsync("**/health", route => route.AbortAsync());

        await LookAgainAsync(tab);
        await Expect(tab.Page.Locator("#status-word")).ToHaveTextAsync("Unreachable");
        (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        await tab.Page.UnrouteAsync("**/health");
        await LookAgainAsync(tab);

        await Expect(tab.Page.Locator("#status-word")).ToHaveTextAsync("Healthy");
        tab.ShouldBeClean("net::ERR_FAILED");
    }

    // Coming back to a tab asks at once, without the wait of the poll.
    private static Task LookAgainAsync(BrowserTab tab) => tab.Page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
}
