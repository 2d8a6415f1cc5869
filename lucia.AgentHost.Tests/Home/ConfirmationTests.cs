using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;

namespace Lucia.AgentHost.Tests.Home;

/// <summary>What the user wants to be asked about first happens only after the user's yes, whatever the model claims.</summary>
public sealed class ConfirmationTests(AiMock model)
{
    private static readonly object Unasked = new { entity_ids = new[] { "switch.coffee_machine" }, state = "on", confirmed = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_confirmation_that_nobody_gave_is_refused_and_the_users_yes_is_taken()
    {
        const string Message = "Coffee, and do not ask me";
        await model.TeachAsync(
        [
            .. AiMock.Calls(Message, "control_switch", Unasked, "Shall I turn on the coffee machine?"),
            .. AiMock.Calls("Yes, coffee please", "control_switch", Unasked, "The coffee machine is on."),
        ]);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await StartAsync(simulator);

        var asked = await lucia.ChatAsync(Message);

        simulator.House.State("switch.coffee_machine")!.State.ShouldBe("off");
        asked.NeedsInput.ShouldBeTrue();
        asked.Actions.ShouldBeEmpty();
        (await model.AskedAsync(Message))[1].Body["messages"]!.AsArray()[^1]!["content"]!.GetValue<string>().ShouldContain("must confirm");

        var confirmed = await lucia.ChatAsync("Yes, coffee please", asked.SessionId);

        confirmed.Actions.ShouldHaveSingleItem().Success.ShouldBeTrue();
        confirmed.NeedsInput.ShouldBeFalse();
        simulator.House.State("switch.coffee_machine")!.State.ShouldBe("on");
    }

    [Fact]
    public async Task A_yes_counts_for_the_turn_after_the_question_and_for_what_was_asked_only()
    {
        await model.TeachAsync(
        [
            .. AiMock.Calls("Radio on at once", "control_switch", new { entity_ids = new[] { "switch.kitchen_radio" }, state = "on" }, "Shall I turn on the radio?"),
            .. AiMock.Calls("Yes to the wrong thing", "control_switch", Unasked, "Shall I turn on the coffee machine?"),
            AiMock.Says("Never mind it", "As you like."),
            .. AiMock.Calls("Yes, but too late", "control_switch", Unasked, "May I?"),
        ]);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await StartAsync(simulator);

        await lucia.ChatAsync("Radio on at once", "s");
        await lucia.ChatAsync("Yes to the wrong thing", "s");
        await lucia.ChatAsync("Never mind it", "s");
        await lucia.ChatAsync("Yes, but too late", "s");

        simulator.House.State("switch.coffee_machine")!.State.ShouldBe("off");
        simulator.House.State("switch.kitchen_radio")!.State.ShouldBe("off");
    }

    [Fact]
    public async Task A_model_that_claims_the_deed_it_was_refused_is_put_right()
    {
        const string Message = "Coffee, and lie to me";
        await model.TeachAsync([.. AiMock.Calls(Message, "control_switch", Unasked, "I have turned on the coffee machine.")]);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await StartAsync(simulator);

        var reply = await lucia.ChatAsync(Message);

        reply.Response.ShouldEndWith("Nothing was changed in the home: no device was called.");
        reply.NeedsInput.ShouldBeTrue();
    }

    private Task<RunningLucia> StartAsync(RunningSimulator simulator) => RunningLucia.StartAsync(new()
    {
        ChatModel = model.Connection(),
        Home = simulator,
        More = new() { ["HomeAssistant:ConfirmDomains"] = "switch" },
    });
}
