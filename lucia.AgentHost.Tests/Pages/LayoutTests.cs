using Microsoft.Playwright;
using static Lucia.AgentHost.Tests.Pages.ChatPageTests;
using static Microsoft.Playwright.Assertions;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>What the page makes of text, and of the window it is given.</summary>
public sealed class LayoutTests(Browser browser)
{
    [Fact]
    public async Task Hostile_text_is_only_text()
    {
        const string hostile =
            "<img src=x onerror=\"document.title='owned'\"> <script>document.title='owned'</script> " +
            "[click](javascript:document.title='owned') ![pixel](http://127.0.0.1:9/pixel.png) `<b>code</b>` **<i>bold</i>**";
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await answer.ActAsync("light.x", "<img src=x onerror=alert(1)>", null, "<script>alert(2)</script>");
            await answer.SayAsync(hostile[..40], hostile[40..]);
            await answer.DoneAsync(hostile);
        });
        await using var tab = await browser.OpenAsync(lucia.Address);
        var page = tab.Page;

        await SayAsync(page, hostile);

        await Expect(page.Locator(".answer-text")).ToContainTextAsync("<img src=x onerror=");
        await Expect(page.Locator(".answer-text")).ToContainTextAsync("[click](javascript:");
        await Expect(page.Locator(".answer-text code")).ToHaveTextAsync("<b>code</b>");
        await Expect(page.Locator(".action-name")).ToHaveTextAsync("<img src=x onerror=alert(1)>");
        await Expect(page.Locator(".action-reason")).ToHaveTextAsync("<script>alert(2)</script>");
        await Expect(page.Locator("#conversation :is(img, script, a, iframe, i:not(.dots i))")).ToHaveCountAsync(0);
        (await page.TitleAsync()).ShouldBe("Lucia");
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task Lists_and_code_are_laid_out()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(Say("Two lights:\n- **Desk**: on\n- Floor: off\n\n3. third\n4. fourth\n\n```\nif (a*b*c) <x>\n```\nentity light.a_b_c and 2*3*4"));
        await using var tab = await browser.OpenAsync(lucia.Address);

        await SayAsync(tab.Page, "Lights?");

        var answer = tab.Page.Locator(".answer-text");
        await Expect(answer.Locator("ul > li")).ToHaveTextAsync(["Desk: on", "Floor: off"]);
        await Expect(answer.Locator("ol[start='3'] > li")).ToHaveTextAsync(["third", "fourth"]);
        await Expect(answer.Locator("pre")).ToHaveTextAsync("if (a*b*c) <x>");
        await Expect(answer.Locator("p").Last).ToContainTextAsync("light.a_b_c");
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task Whoever_scrolls_up_is_left_in_peace()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        var more = new TaskCompletionSource();
        var lines = string.Concat(Enumerable.Range(1, 80).Select(number => $"- line {number}\n"));
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await answer.SayAsync(lines);
            await more.Task.WaitAsync(answer.Aborted);
            await answer.SayAsync("- the end");
            await answer.DoneAsync(lines + "- the end");
        });
        await using var tab = await browser.OpenAsync(lucia.Address);
        var page = tab.Page;
        await SayAsync(page, "Count");
        await Expect(page.Locator(".answer-text li").Last).ToBeInViewportAsync();

        await page.Mouse.WheelAsync(0, -100_000);
        await Expect(page.Locator(".answer-text li").First).ToBeInViewportAsync();
        more.SetResult();

        await Expect(page.Locator(".answer-text li")).ToHaveCountAsync(81);
        await Expect(page.Locator(".answer-text li").First).ToBeInViewportAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Latest" }).ClickAsync();
        await Expect(page.Locator(".answer-text li").Last).ToBeInViewportAsync();
        await Expect(page.Locator("#latest")).ToBeHiddenAsync();
        await page.Locator("#status summary").ClickAsync();
        await Expect(page.Locator("#status .panel")).ToBeVisibleAsync();
        await Expect(page.Locator(".answer-text li").Last).ToBeInViewportAsync();
        tab.ShouldBeClean();
    }

    [Theory]
    [InlineData(320, 640)]
    [InlineData(390, 844)]
    [InlineData(640, 400)]
    [InlineData(1280, 800)]
    public async Task Nothing_is_wider_than_the_window(int width, int height)
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Health = StatusTests.Simulated;
        var word = new string('w', 300);
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await answer.ActAsync("light.x", word, "on");
            await answer.DoneAsync($"{word} and `{word}`\n```\n{word}\n```");
        });
        await using var tab = await browser.OpenAsync(lucia.Address, new() { ViewportSize = new() { Width = width, Height = height } });
        await Expect(tab.Page.Locator("#banner")).ToBeVisibleAsync();
        var empty = await WidthAsync(tab.Page);

        await SayAsync(tab.Page, word);
        await Expect(tab.Page.Locator(".answer-text pre")).ToBeVisibleAsync();

        empty.ShouldBeLessThanOrEqualTo(width);
        (await WidthAsync(tab.Page)).ShouldBeLessThanOrEqualTo(width);
        await tab.Page.Locator("#status summary").ClickAsync();
        (await WidthAsync(tab.Page)).ShouldBeLessThanOrEqualTo(width);
        var panel = (await tab.Page.Locator("#status .panel").BoundingBoxAsync())!;
        panel.X.ShouldBeGreaterThanOrEqualTo(0);
        (panel.X + panel.Width).ShouldBeLessThanOrEqualTo(width);
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task Nothing_moves_for_those_who_asked_for_less_motion()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(Say("Calm."));
        lucia.Answers.Enqueue(Say("Calm."));
        await using var still = await browser.OpenAsync(lucia.Address, new() { ReducedMotion = ReducedMotion.Reduce });
        await using var lively = await browser.OpenAsync(lucia.Address);

        await SayAsync(still.Page, "Hello");
        await SayAsync(lively.Page, "Hello");

        (await AnimationAsync(still.Page)).ShouldBe("none");
        (await AnimationAsync(lively.Page)).ShouldBe("appear");
    }

    private static Task<string> AnimationAsync(IPage page) => page.Locator(".turn").EvaluateAsync<string>("turn => getComputedStyle(turn).animationName");

    private static Task<int> WidthAsync(IPage page) => page.EvaluateAsync<int>("document.documentElement.scrollWidth");
}
