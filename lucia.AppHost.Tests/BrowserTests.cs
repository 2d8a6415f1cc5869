using Lucia.AgentHost.Tests.Pages;
using Lucia.AgentHost.Tests.Support;
using Lucia.AppHost.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Lucia.AppHost.Tests;

/// <summary>A person with a browser, against the real service and the simulated home.</summary>
public sealed class BrowserTests(Browser browser)
{
    [Fact]
    public async Task Typing_a_sentence_streams_an_answer_and_shows_the_confirmed_action()
    {
        await using var house = await House.StartAsync();
        await using var tab = await browser.OpenAsync(house.Lucia.BaseAddress!, new() { ViewportSize = new() { Width = 1280, Height = 800 } });
        var page = tab.Page;
        await Expect(page.Locator("#banner")).ToContainTextAsync("HomeAssistant__BaseUrl");

        await page.GetByLabel("Message to Lucia").FillAsync("Turn on the kitchen light");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await Expect(page.Locator(".action.confirmed")).ToContainTextAsync("Kitchen ceiling");
        await Expect(page.Locator(".answer-text")).ToContainTextAsync("is now on.");
        (await house.StateAsync("light.kitchen_ceiling")).ShouldBe("on");

        await SayAsync(page, "Dim it to 40 percent");
        await Expect(page.Locator(".action.confirmed")).ToHaveCountAsync(2);
        await SayAsync(page, "How warm is it in the bedroom?");
        await Expect(page.Locator(".answer-text").Last).ToContainTextAsync("°C");
        await Expect(page.Locator(".waiting:visible")).ToHaveCountAsync(0);

        await PictureAsync(page);
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task The_keyboard_alone_turns_on_a_light()
    {
        await using var house = await House.StartAsync();
        await using var tab = await browser.OpenAsync(house.Lucia.BaseAddress!);
        var page = tab.Page;
        await Expect(page.GetByLabel("Message to Lucia")).ToBeFocusedAsync();

        await page.Keyboard.TypeAsync("turn on the kitchen light");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".action.confirmed")).ToContainTextAsync("Kitchen ceiling");
        (await house.StateAsync("light.kitchen_ceiling")).ShouldBe("on");
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task Every_example_of_the_page_works_in_the_simulated_home()
    {
        await using var house = await House.StartAsync();
        await using var tab = await browser.OpenAsync(house.Lucia.BaseAddress!);
        var page = tab.Page;
        var examples = await page.Locator(".suggestion").AllInnerTextsAsync();
        examples.Count.ShouldBeGreaterThan(2);

        foreach (var example in examples)
        {
            var reply = await house.ChatAsync(example, Guid.NewGuid().ToString("N"));
            reply.GetProperty("needsInput").GetBoolean().ShouldBeFalse(example);
            reply.GetProperty("actions").EnumerateArray().ShouldAllBe(action => action.GetProperty("success").GetBoolean(), example);
            if (!example.EndsWith('?')) reply.GetProperty("actions").GetArrayLength().ShouldBeGreaterThan(0, example);
            else reply.GetProperty("response").GetString().ShouldNotBeNull().ShouldNotContain("could not find");
        }
    }

    [Fact]
    public async Task The_conversation_is_there_again_after_a_restart_of_the_service_and_a_reload()
    {
        await using var house = await House.StartAsync();
        await using var tab = await browser.OpenAsync(house.Lucia.BaseAddress!);
        var page = tab.Page;
        await page.GetByLabel("Message to Lucia").FillAsync("turn on the kitchen light");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".action.confirmed")).ToHaveCountAsync(1);

        await house.CommandAsync("agenthost", "resource-restart");
        await house.UntilHealthAsync("Healthy");
        await page.ReloadAsync();

        await Expect(page.Locator(".said")).ToContainTextAsync("turn on the kitchen light");
        await Expect(page.Locator(".action.confirmed")).ToContainTextAsync("Kitchen ceiling");
    }

    /// <summary>Says the next thing once the answer before is complete.</summary>
    private static async Task SayAsync(IPage page, string message)
    {
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Send" })).ToBeVisibleAsync();
        await page.GetByLabel("Message to Lucia").FillAsync(message);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>The picture of the README, made anew by every run.</summary>
    private static async Task PictureAsync(IPage page)
    {
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Programs.Repository, "artifacts", "screenshots", "readme.png") });
    }
}
