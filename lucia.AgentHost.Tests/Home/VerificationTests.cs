using System.Text.Json.Nodes;
using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;
using Lucia.Simulator.Faults;

namespace Lucia.AgentHost.Tests.Home;

/// <summary>Only what the home reports back is a success, whatever the model or the service call says.</summary>
public sealed class VerificationTests
{
    private const string Message = "Turn on the kitchen ceiling light";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_was_accepted_and_changed_nothing_is_no_success()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with { Hurry = 10 });
        simulator.Faults.Add(new Fault(FaultKind.HomeIgnoresCall));

        var reply = await lucia.ChatAsync(Message);
        var streamed = await lucia.StreamAsync(Message);

        var action = reply.Actions.ShouldHaveSingleItem();
        action.Success.ShouldBeFalse();
        action.State.ShouldBe("off");
        action.Error.ShouldBe("Home Assistant accepted the call, but Kitchen ceiling did not report on.");
        reply.Response.ShouldContain("Not confirmed by the home:");
        var told = streamed.Of("action").ShouldHaveSingleItem().Json;
        told["success"]!.GetValue<bool>().ShouldBeFalse();
        told["error"]!.GetValue<string>().ShouldBe(action.Error);
        streamed.Text.ShouldBe(streamed.Done["response"]!.GetValue<string>(), "the correction is streamed too");
        streamed.Text.ShouldContain("Not confirmed by the home:");
    }

    [Fact]
    public async Task A_lamp_that_reports_late_is_waited_for()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(FaultKind.HomeChangesLate) { Count = 1, Milliseconds = 500 });

        var reply = await lucia.ChatAsync(Message);

        reply.Actions.ShouldHaveSingleItem().Success.ShouldBeTrue();
        reply.Response.ShouldNotContain("Not confirmed");
    }

    [Fact]
    public async Task A_service_that_fails_is_told_with_its_reason()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(FaultKind.HomeError) { Count = 1 });

        var reply = await lucia.ChatAsync(Message);

        var action = reply.Actions.ShouldHaveSingleItem();
        action.Success.ShouldBeFalse();
        action.Error.ShouldBe("Home Assistant failed with HTTP 500.");
        reply.Response.ShouldContain("HTTP 500");
        (await lucia.ChatAsync(Message)).Actions.ShouldHaveSingleItem().Success.ShouldBeTrue("one failure breaks nothing");
    }

    [Fact]
    public async Task A_service_that_hangs_is_given_up_in_time()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with { More = new() { ["HomeAssistant:TimeoutSeconds"] = "1" } });
        simulator.Faults.Add(new Fault(FaultKind.HomeHang) { Count = 1, Milliseconds = 60_000 });

        var reply = await lucia.ChatAsync(Message);

        var action = reply.Actions.ShouldHaveSingleItem();
        action.Success.ShouldBeFalse();
        action.Error.ShouldBe("Home Assistant did not answer within 1 seconds.");
    }

    [Fact]
    public async Task An_answer_that_never_came_is_a_success_when_the_home_reports_the_change()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with { More = new() { ["HomeAssistant:TimeoutSeconds"] = "1" } });
        simulator.Faults.Add(new Fault(FaultKind.HomeHang) { Count = 1, Milliseconds = 60_000 });

        var talking = lucia.ChatAsync(Message);
        await Eventually.TrueAsync(() => simulator.Faults.Pending.Count == 0, "the call has reached the home");
        simulator.House.Set("light.kitchen_ceiling", "on");

        (await talking).Actions.ShouldHaveSingleItem().Success.ShouldBeTrue();
    }

    [Fact]
    public async Task A_model_that_claims_a_deed_without_a_call_is_put_right()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(FaultKind.ModelClaimsDone));

        var reply = await lucia.ChatAsync(Message);
        var streamed = await lucia.StreamAsync(Message);

        reply.Response.ShouldContain("Done!");
        reply.Response.ShouldEndWith("Nothing was changed in the home: no device was called.");
        reply.Actions.ShouldBeEmpty();
        streamed.Text.ShouldBe(reply.Response);
        simulator.House.State("light.kitchen_ceiling")!.State.ShouldBe("off");
    }

    [Fact]
    public async Task An_entity_that_does_not_exist_is_not_called_and_the_model_may_put_it_right()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(FaultKind.ModelUnknownEntity) { Count = 1 });

        var reply = await lucia.ChatAsync(Message);

        reply.Actions.ShouldHaveSingleItem().Target.ShouldBe("light.kitchen_ceiling", "a slip of the model is none of the user's business");
        using var control = simulator.CreateClient();
        JsonNode.Parse(await control.GetStringAsync("/simulator/journal", Cancellation))!["serviceCalls"]!.AsArray().ShouldHaveSingleItem();
    }
}
