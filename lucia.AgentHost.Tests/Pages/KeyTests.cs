using Microsoft.Playwright;
using static Lucia.AgentHost.Tests.Pages.ChatPageTests;
using static Microsoft.Playwright.Assertions;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>A Lucia that asks for its key.</summary>
public sealed class KeyTests(Browser browser)
{
    private const string Key = "open-sesame-4711";

    [Fact]
    public async Task A_key_is_asked_for_once_and_a_wrong_one_is_named_wrong()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.ApiKey = Key;
        lucia.Answers.Enqueue(Say("Welcome."));
        lucia.Answers.Enqueue(Say("Again."));
        await using var tab = await browser.OpenAsync(lucia.Address);
        var page = tab.Page;
        var urls = new List<string>();
        page.Request += (_, request) => urls.Add(request.Url);

        await SayAsync(page, "Hello");

        var field = page.GetByLabel("API key");
        await Expect(field).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("guess");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#key-error")).ToContainTextAsync("does not accept this key");
        await Expect(field).ToBeFocusedAsync();
        await field.FillAsync(Key);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".answer-text")).ToHaveTextAsync("Welcome.");
        await SayAsync(page, "Hello again");
        await Expect(page.Locator(".answer-text").Last).ToHaveTextAsync("Again.");
        await Expect(page.Locator("#key-dialog")).ToBeHiddenAsync();

        urls.ShouldAllBe(url => !url.Contains(Key));
        (await page.EvaluateAsync<string>("JSON.stringify(localStorage)")).ShouldNotContain(Key);
        (await page.EvaluateAsync<string>("JSON.stringify(sessionStorage)")).ShouldContain(Key);
        tab.ShouldBeClean("status of 401");
    }

    [Fact]
    public async Task Giving_up_on_the_key_keeps_the_message()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.ApiKey = Key;
        await using var tab = await browser.OpenAsync(lucia.Address);
        await SayAsync(tab.Page, "Hello");
        await Expect(tab.Page.Locator("#key-dialog")).ToBeVisibleAsync();

        await tab.Page.Keyboard.PressAsync("Escape");

        await Expect(tab.Page.Locator(".trouble .note-text")).ToHaveTextAsync("Lucia answers only with the API key.");
        await Expect(tab.Page.Locator(".said")).ToContainTextAsync("Hello");
        await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToBeVisibleAsync();
        tab.ShouldBeClean("status of 401");
    }

    [Fact]
    public async Task The_status_offers_the_key_and_shows_the_details_with_it()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.ApiKey = Key;
        lucia.Health = StatusTests.Simulated;
        await using var tab = await browser.OpenAsync(lucia.Address);
        await tab.Page.Locator("#status summary").ClickAsync();

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Enter the API key" }).ClickAsync();
        await tab.Page.GetByLabel("API key").FillAsync(Key);
        await tab.Page.Keyboard.PressAsync("Enter");

        await Expect(tab.Page.Locator("#status-word")).ToHaveTextAsync("Degraded");
        await Expect(tab.Page.Locator("#banner")).ToBeVisibleAsync();
        tab.ShouldBeClean("status of 401");
    }
}
