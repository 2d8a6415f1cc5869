using Microsoft.Playwright;
using static Lucia.AgentHost.Tests.Pages.ChatPageTests;
using static Microsoft.Playwright.Assertions;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>The page without a mouse.</summary>
public sealed class KeyboardTests(Browser browser)
{
    [Fact]
    public async Task The_keyboard_alone_does_everything()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(Say("Good."));
        lucia.Answers.Enqueue(Say("Better."));
        await using var tab = await browser.OpenAsync(lucia.Address);
        var page = tab.Page;
        var message = page.GetByLabel("Message to Lucia");
        await Expect(message).ToBeFocusedAsync();

        await page.Keyboard.TypeAsync("First line");
        await page.Keyboard.PressAsync("Shift+Enter");
        await page.Keyboard.TypeAsync("second line");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".answer-text")).ToHaveTextAsync("Good.");
        lucia.Messages.Single()["message"]!.GetValue<string>().ShouldBe("First line\nsecond line");
        await Expect(message).ToBeFocusedAsync();

        // Back through the header: forget, new conversation, status.
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Forget this conversation" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#forget-dialog")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Keep it" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#forget-dialog")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(page.Locator("#status summary")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#status .panel")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#status .panel")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".turn")).ToHaveCountAsync(0);
        await Expect(message).ToBeFocusedAsync();

        // And to an example, which is in the order between header and message box.
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(page.Locator(".suggestion").Last).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".answer-text")).ToHaveTextAsync("Better.");
        await Expect(message).ToBeFocusedAsync();
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task The_skip_link_is_the_first_stop_and_leads_to_the_message_box()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        await using var tab = await browser.OpenAsync(lucia.Address);
        await Expect(tab.Page.GetByLabel("Message to Lucia")).ToBeFocusedAsync();
        await tab.Page.Locator(".skip").FocusAsync();

        await Expect(tab.Page.Locator(".skip")).ToBeInViewportAsync();
        await tab.Page.Keyboard.PressAsync("Enter");

        await Expect(tab.Page.GetByLabel("Message to Lucia")).ToBeFocusedAsync();
        tab.ShouldBeClean();
    }
}
