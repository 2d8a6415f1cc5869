using Microsoft.Playwright;
using static Lucia.AgentHost.Tests.Pages.ChatPageTests;
using static Microsoft.Playwright.Assertions;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>Conversations over reloads: kept, begun anew, forgotten.</summary>
public sealed class RememberTests(Browser browser)
{
    private const string Session = """
        {"sessionId":"a1b2","turns":[
          {"id":"1","at":"2026-01-05T18:00:00Z","user":"Hall light on","assistant":"It is **on**.",
           "actions":[{"tool":"control_light","target":"light.hall","name":"Hall","success":true,"error":null,"state":"on"}]},
          {"id":"2","at":"2026-01-05T18:01:00Z","user":"Thanks","assistant":"You are welcome.","actions":[]}]}
        """;

    [Fact]
    public async Task A_reload_brings_the_conversation_back_and_goes_on_with_it()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(Say("You are welcome."));
        lucia.Answers.Enqueue(Say("Gladly."));
        await using var tab = await browser.OpenAsync(lucia.Address);
        await SayAsync(tab.Page, "Thanks");
        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("You are welcome.");
        lucia.Sessions["a1b2"] = Session;

        await tab.Page.ReloadAsync();

        await Expect(tab.Page.Locator(".said p")).ToHaveTextAsync(["Hall light on", "Thanks"]);
        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync(["It is on.", "You are welcome."]);
        await Expect(tab.Page.Locator(".action.confirmed")).ToContainTextAsync("Hall");
        await Expect(tab.Page.GetByLabel("Message to Lucia")).ToHaveValueAsync("");
        await Expect(tab.Page.Locator("#welcome")).ToBeHiddenAsync();
        await SayAsync(tab.Page, "And now?");
        await Expect(tab.Page.Locator(".answer-text").Last).ToHaveTextAsync("Gladly.");
        lucia.Messages.Last()["sessionId"]!.GetValue<string>().ShouldBe("a1b2");
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task A_conversation_that_is_gone_starts_anew_quietly()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Answers.Enqueue(Say("Hello."));
        lucia.Answers.Enqueue(Say("Hello anew."));
        await using var tab = await browser.OpenAsync(lucia.Address);
        await SayAsync(tab.Page, "Hi");
        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("Hello.");

        await tab.Page.ReloadAsync();

        await Expect(tab.Page.Locator("#welcome")).ToBeVisibleAsync();
        await SayAsync(tab.Page, "Hi");
        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("Hello anew.");
        lucia.Messages.Last()["sessionId"].ShouldBeNull();
        tab.ShouldBeClean("status of 404");
    }

    [Fact]
    public async Task A_new_conversation_leaves_the_old_one_in_memory()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Sessions["a1b2"] = Session;
        lucia.Answers.Enqueue(Say("Hello."));
        await using var tab = await browser.OpenAsync(lucia.Address);
        await SayAsync(tab.Page, "Hi");
        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("Hello.");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "New conversation" }).ClickAsync();

        await Expect(tab.Page.Locator("#welcome")).ToBeVisibleAsync();
        await Expect(tab.Page.Locator(".turn")).ToHaveCountAsync(0);
        lucia.Sessions.ShouldContainKey("a1b2");
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task Forgetting_asks_first_and_then_deletes()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        lucia.Sessions["a1b2"] = Session;
        lucia.Answers.Enqueue(Say("Hello."));
        await using var tab = await browser.OpenAsync(lucia.Address);
        await SayAsync(tab.Page, "Hi");
        await Expect(tab.Page.Locator(".answer-text")).ToHaveTextAsync("Hello.");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Forget this conversation" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Keep it" }).ClickAsync();
        lucia.Sessions.ShouldContainKey("a1b2");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Forget this conversation" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Forget it" }).ClickAsync();

        await Expect(tab.Page.Locator("#welcome")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Forget this conversation" })).ToBeHiddenAsync();
        lucia.Sessions.ShouldNotContainKey("a1b2");
        tab.ShouldBeClean();
    }

    [Fact]
    public async Task A_half_written_message_survives_a_reload()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        await using var tab = await browser.OpenAsync(lucia.Address);
        await tab.Page.GetByLabel("Message to Lucia").PressSequentiallyAsync("Half a thou");

        await tab.Page.ReloadAsync();

        await Expect(tab.Page.GetByLabel("Message to Lucia")).ToHaveValueAsync("Half a thou");
        tab.ShouldBeClean();
    }
}
