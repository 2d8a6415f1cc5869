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

    [Fact]
    public async Task Text_that_is_entered_during_an_answer_waits_in_its_box()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        var done = new TaskCompletionSource();
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await done.Task.WaitAsync(answer.Aborted);
            await answer.DoneAsync("First answer.");
        });
        lucia.Answers.Enqueue(Say("Second answer."));
        await using var tab = await browser.OpenAsync(lucia.Address);
        await SayAsync(tab.Page, "First");
        await Expect(tab.Page.Locator(".waiting")).ToHaveTextAsync("Thinking…");

        await SayAsync(tab.Page, "Second");

        await Expect(tab.Page.Locator("#announcer")).ToHaveTextAsync("Lucia is still answering. Escape stops the answer.");
        await Expect(tab.Page.GetByLabel("Message to Lucia")).ToHaveValueAsync("Second");
        lucia.Messages.Count.ShouldBe(1);
        done.SetResult();
        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("First answer.");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Page.Locator(".answer-text").Last).ToHaveTextAsync("Second answer.");
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
}
