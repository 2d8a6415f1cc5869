using Microsoft.Playwright;
using static Lucia.AgentHost.Tests.Pages.ChatPageTests;
using static Microsoft.Playwright.Assertions;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>What the page says when something goes wrong, and that no text is lost by it.</summary>
public sealed class TroubleTests(Browser browser)
{
    [Fact]
    public async Task A_refused_message_is_said_in_one_line_and_can_be_sent_again()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(answer => answer.RefuseAsync(502, "The chat model does not answer", "The chat model at http://127.0.0.1:11434 does not answer."));
        lucia.Answers.Enqueue(Say("Now it works."));
        await using var tab = await browser.OpenAsync(lucia.Address);

        await SayAsync(tab.Page, "Is anybody there?");

        await Expect(tab.Page.Locator(".trouble .note-text")).ToHaveTextAsync("The chat model at http://127.0.0.1:11434 does not answer.");
        await Expect(tab.Page.Locator(".said")).ToContainTextAsync("Is anybody there?");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("Now it works.");
        await Expect(tab.Page.Locator(".trouble")).ToBeHiddenAsync();
        lucia.Messages.Select(message => message["message"]!.GetValue<string>()).ShouldBe(["Is anybody there?", "Is anybody there?"]);
        tab.ShouldBeClean("status of 502");
    }

    [Fact]
    public async Task An_error_within_the_stream_keeps_what_came_and_names_the_trace()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await answer.SayAsync("The kitchen");
            await answer.FailAsync(503, "Home Assistant is away", "Home Assistant does not answer.");
        });
        await using var tab = await browser.OpenAsync(lucia.Address);

        await SayAsync(tab.Page, "Kitchen?");

        await Expect(tab.Page.Locator(".trouble .note-text")).ToHaveTextAsync("Home Assistant does not answer.");
        await Expect(tab.Page.Locator(".trace code")).ToHaveTextAsync("4bf92f3577b34da6");
        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("The kitchen");
        tab.ShouldBeClean();
    }

    [Theory]
    [InlineData(true, "The connection broke while Lucia was answering.")]
    [InlineData(false, "The answer broke off before it was complete.")]
    public async Task An_answer_that_breaks_off_is_never_taken_for_a_whole_one(bool crash, string sentence)
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        var read = new TaskCompletionSource();
        lucia.Answers.Enqueue(async answer =>
        {
            await answer.OpenAsync();
            await answer.SayAsync("I have turned");
            await read.Task.WaitAsync(answer.Aborted);
            if (crash)
                answer.BreakOff();
        });
        await using var tab = await browser.OpenAsync(lucia.Address);

        await SayAsync(tab.Page, "All off");
        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("I have turned");
        read.SetResult();

        await Expect(tab.Page.Locator(".trouble .note-text")).ToHaveTextAsync(sentence);
        tab.ShouldBeClean("ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET");
    }

    [Fact]
    public async Task A_page_without_its_server_says_so_and_the_text_survives_a_reload()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        await using var tab = await browser.OpenAsync(lucia.Address);
        await tab.Page.RouteAsync("**/api/chat", route => route.AbortAsync());

        await SayAsync(tab.Page, "A long and careful sentence");

        await Expect(tab.Page.Locator(".trouble .note-text")).ToContainTextAsync("Lucia cannot be reached.");
        await tab.Page.ReloadAsync();
        await Expect(tab.Page.GetByLabel("Message to Lucia")).ToHaveValueAsync("A long and careful sentence");
        tab.ShouldBeClean("net::ERR_FAILED");
    }

    [Fact]
    public async Task A_failed_message_can_be_edited_without_losing_what_was_typed_since()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(answer => answer.RefuseAsync(429, "Too many messages", "Wait a moment."));
        await using var tab = await browser.OpenAsync(lucia.Address);
        await SayAsync(tab.Page, "First");
        await Expect(tab.Page.Locator(".trouble")).ToContainTextAsync("Wait a moment.");
        await tab.Page.Keyboard.TypeAsync("Second");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();

        await Expect(tab.Page.GetByLabel("Message to Lucia")).ToHaveValueAsync("First\nSecond");
        await Expect(tab.Page.Locator(".turn")).ToHaveCountAsync(0);
        tab.ShouldBeClean("status of 429");
    }

    [Fact]
    public async Task A_page_of_a_proxy_in_between_becomes_one_line()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        await using var tab = await browser.OpenAsync(lucia.Address);
        await tab.Page.RouteAsync("**/api/chat", route => route.FulfillAsync(new() { Status = 504, ContentType = "text/html", Body = "<h1>Gateway</h1>" }));

        await SayAsync(tab.Page, "Hello");

        await Expect(tab.Page.Locator(".trouble .note-text")).ToContainTextAsync("The server answered 504");
        tab.ShouldBeClean("status of 504");
    }
}
