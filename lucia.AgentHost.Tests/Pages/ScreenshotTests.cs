using Lucia.AgentHost.Tests.Support;
using Microsoft.Playwright;
using static Lucia.AgentHost.Tests.Pages.ChatPageTests;
using static Microsoft.Playwright.Assertions;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>Pictures of the page for people to look at, written to the repository's <c>artifacts/screenshots</c>.</summary>
public sealed class ScreenshotTests(Browser browser)
{
    private static readonly string Folder = Path.Combine(Programs.Repository, "artifacts", "screenshots");

    [Theory]
    [InlineData(ColorScheme.Light, 1280, 800)]
    [InlineData(ColorScheme.Dark, 1280, 800)]
    [InlineData(ColorScheme.Light, 390, 844)]
    [InlineData(ColorScheme.Dark, 320, 640)]
    public async Task The_page_is_pictured(ColorScheme scheme, int width, int height)
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Health = StatusTests.Simulated;
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await answer.ActAsync("light.kitchen_ceiling", "Kitchen ceiling", "on");
            await answer.ActAsync("light.kitchen_counter", "Kitchen counter", "on");
            await answer.ActAsync("light.pantry", "Pantry", "off", "The light did not report the new state within 5 s.");
            await answer.DoneAsync("Two of the three kitchen lights are **on**. The pantry light did not answer:\n\n- it may be switched off at the wall\n- its bulb may be gone");
        });
        lucia.Answers.Enqueue(Say("It is `21.5 °C` in the bedroom, half a degree warmer than an hour ago."));
        lucia.Answers.Enqueue(answer => answer.RefuseAsync(502, "Bad gateway", "The chat model at http://127.0.0.1:11434 does not answer."));
        var hold = new TaskCompletionSource();
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await hold.Task.WaitAsync(answer.Aborted);
        });
        await using var tab = await browser.OpenAsync(lucia.Address, new()
        {
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = height },
        });
        var page = tab.Page;
        await Expect(page.Locator("#banner")).ToBeVisibleAsync();
        await PictureAsync("welcome");

        await SayAsync(page, "Turn on all the lights in the kitchen");
        await Expect(page.Locator(".answer-text li")).ToHaveCountAsync(2);
        await PictureAsync("actions");
        await SayAsync(page, "How warm is it in the bedroom?");
        await Expect(page.Locator(".answer-text code")).ToBeVisibleAsync();
        await SayAsync(page, "Good night");
        await Expect(page.Locator(".trouble")).ToBeVisibleAsync();
        await PictureAsync("trouble");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(page.Locator(".waiting").Last).ToBeVisibleAsync();
        await PictureAsync("waiting");
        await page.Locator("#status summary").ClickAsync();
        await PictureAsync("status");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = "Forget this conversation" }).ClickAsync();
        await PictureAsync("forget");
        hold.SetResult();
        await page.Keyboard.PressAsync("Escape");
        lucia.ApiKey = "secret";
        await page.GetByRole(AriaRole.Button, new() { Name = "New conversation" }).ClickAsync();
        await page.Locator(".suggestion").First.ClickAsync();
        await Expect(page.Locator("#key-dialog")).ToBeVisibleAsync();
        await page.Keyboard.TypeAsync("guess");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#key-error")).ToBeVisibleAsync();
        await PictureAsync("key");

        Task PictureAsync(string name) =>
            page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{scheme.ToString().ToLowerInvariant()}-{width}-{name}.png") });
    }
}
