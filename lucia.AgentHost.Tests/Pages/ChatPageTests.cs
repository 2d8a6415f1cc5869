using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>Talking to Lucia in a real browser.</summary>
public sealed class ChatPageTests(Browser browser)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_typed_message_streams_an_answer_and_shows_the_confirmed_action()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        var rest = new TaskCompletionSource();
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await answer.KeepAliveAsync();
            await answer.ActAsync("light.kitchen_ceiling", "Kitchen ceiling", "on");
            await answer.SayAsync("The **kitchen", "** light");
            await rest.Task.WaitAsync(answer.Aborted);
            await answer.DoneAsync("The **kitchen** light is on.", actions: Answer.Action("light.kitchen_ceiling", "Kitchen ceiling", "on"));
        });
        await using var tab = await browser.OpenAsync(lucia.Address);
        var page = tab.Page;

        await page.GetByLabel("Message to Lucia").FillAsync("Turn on the kitchen light");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".said")).ToContainTextAsync("Turn on the kitchen light");
        await Expect(page.Locator(".answer-text strong")).ToHaveTextAsync("kitchen");
        await Expect(page.Locator(".answer-text")).Not.ToContainTextAsync("is on.");
        await Expect(page.Locator(".action.confirmed")).ToHaveTextAsync(new Regex("Kitchen ceiling.*on.*confirmed"));
        rest.SetResult();
        await Expect(page.Locator(".answer-text")).ToHaveTextAsync("The kitchen light is on.");
        await Expect(page.Locator("#announcer")).ToHaveTextAsync("Lucia: The kitchen light is on. Kitchen ceiling: on, confirmed.");
        await Expect(page.GetByLabel("Message to Lucia")).ToHaveValueAsync("");
        lucia.Messages.Single()["message"]!.GetValue<string>().ShouldBe("Turn on the kitchen light");
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task An_unconfirmed_action_says_so_with_its_reason()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await answer.ActAsync("light.porch", "Porch", "off", "The light did not report the new state within 5 s.");
            await answer.DoneAsync("I could not turn on the porch light.");
        });
        await using var tab = await browser.OpenAsync(lucia.Address);

        await SayAsync(tab.Page, "Porch light on");

        var action = tab.Page.Locator(".action.unconfirmed");
        await Expect(action).ToContainTextAsync("not confirmed");
        await Expect(action).ToContainTextAsync("The light did not report the new state within 5 s.");
        await Expect(tab.Page.Locator(".action.confirmed")).ToHaveCountAsync(0);
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task While_waiting_the_page_says_what_it_waits_for()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        var opened = new TaskCompletionSource();
        var acted = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        lucia.Answers.Enqueue(async answer =>
        {
            await opened.Task.WaitAsync(answer.Aborted);
            await answer.OpenAsync();
            await acted.Task.WaitAsync(answer.Aborted);
            await answer.ActAsync("light.desk", "Desk", "off");
            await done.Task.WaitAsync(answer.Aborted);
            await answer.DoneAsync("Shall I turn off the ceiling too?", needsInput: true);
        });
        await using var tab = await browser.OpenAsync(lucia.Address);
        var waiting = tab.Page.Locator(".waiting");

        await SayAsync(tab.Page, "Desk light off");

        await Expect(waiting).ToHaveTextAsync("Reaching Lucia…");
        opened.SetResult();
        await Expect(waiting).ToHaveTextAsync("Thinking…");
        acted.SetResult();
        await Expect(waiting).ToHaveTextAsync("Looking at what the house did…");
        done.SetResult();
        await Expect(waiting).ToBeHiddenAsync();
        await Expect(tab.Page.Locator(".note")).ToHaveTextAsync("Lucia waits for your answer.");
        tab.ShouldBeClean();
    }

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

    [Theory]
    [InlineData("button")]
    [InlineData("escape")]
    public async Task Stopping_ends_the_request_and_keeps_what_came(string by)
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        var aborted = new TaskCompletionSource();
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await answer.SayAsync("Once upon a time");
            using var registration = answer.Aborted.Register(aborted.SetResult);
            await aborted.Task;
        });
        await using var tab = await browser.OpenAsync(lucia.Address);
        var page = tab.Page;
        await SayAsync(page, "Tell me a long story");
        await Expect(page.Locator(".answer-text")).ToHaveTextAsync("Once upon a time");

        if (by == "button")
            await page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
        else
            await page.Keyboard.PressAsync("Escape");

        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(15), Cancellation);
        await Expect(page.Locator(".note")).ToContainTextAsync("You stopped this answer.");
        await Expect(page.Locator(".answer-text")).ToHaveTextAsync("Once upon a time");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true })).ToBeVisibleAsync();
        tab.ShouldBeClean();
    }

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
    public async Task An_answer_may_come_in_any_pieces()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await answer.SendBytesOneByOneAsync(
                "event: delta\r\ndata: {\"text\":\r\ndata: \"Grüße ☀ \"}\r\n\r\n: wait\r\nevent:delta\ndata:{\"text\":\"خانه\"}\n\nevent: new\ndata: {}\n\n");
            await answer.DoneAsync("");
        });
        await using var tab = await browser.OpenAsync(lucia.Address);

        await SayAsync(tab.Page, "سلام");

        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("Grüße ☀ خانه");
        await Expect(tab.Page.Locator(".note")).ToBeHiddenAsync();
        (await tab.Page.Locator(".said p").EvaluateAsync<string>("said => getComputedStyle(said).direction")).ShouldBe("rtl");
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task An_answer_that_is_not_streamed_is_shown_as_well()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(answer => answer.ReplyAsync("All at once.", Answer.Action("light.hall", "Hall", "off")));
        await using var tab = await browser.OpenAsync(lucia.Address);

        await SayAsync(tab.Page, "Hall off");

        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("All at once.");
        await Expect(tab.Page.Locator(".action.confirmed")).ToContainTextAsync("Hall");
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task Leaving_a_conversation_in_the_middle_of_an_answer_ends_the_answer()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        var aborted = new TaskCompletionSource();
        lucia.Answers.Enqueue(async answer =>
        {
            using var registration = answer.Aborted.Register(aborted.SetResult);
            await answer.OpenAsync();
            await aborted.Task;
        });
        lucia.Answers.Enqueue(Say("Fresh."));
        await using var tab = await browser.OpenAsync(lucia.Address);
        await SayAsync(tab.Page, "Old");
        await Expect(tab.Page.Locator(".waiting")).ToHaveTextAsync("Thinking…");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "New conversation" }).ClickAsync();

        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(15), Cancellation);
        await Expect(tab.Page.Locator("#announcer")).ToHaveTextAsync("A new conversation.");
        await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true })).ToBeVisibleAsync();
        await SayAsync(tab.Page, "New");
        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("Fresh.");
        lucia.Messages.Last()["sessionId"].ShouldBeNull();
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
    public async Task The_page_works_below_a_path_prefix()
    {
        await using var lucia = await ScriptedLucia.StartAsync("/home/lucia");
        lucia.Answers.Enqueue(Say("Here."));
        await using var tab = await browser.OpenAsync(lucia.Address);

        await SayAsync(tab.Page, "Where are you?");

        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("Here.");
        await Expect(tab.Page.Locator("#status-word")).ToHaveTextAsync("Healthy");
        tab.ShouldBeClean();
    }

    internal static Func<Answer, Task> Say(string text) => async answer =>
    {
        await answer.OpenAsync();
        await answer.SayAsync(text);
        await answer.DoneAsync(text);
    };

    internal static async Task SayAsync(IPage page, string text)
    {
        await page.GetByLabel("Message to Lucia").FillAsync(text);
        await page.Keyboard.PressAsync("Enter");
    }

    private static Task<int> WidthAsync(IPage page) => page.EvaluateAsync<int>("document.documentElement.scrollWidth");
}
