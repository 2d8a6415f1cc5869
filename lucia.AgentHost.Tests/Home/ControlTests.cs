using System.Text.Json.Nodes;
using Lucia.AgentHost.Chat;
using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;

namespace Lucia.AgentHost.Tests.Home;

/// <summary>What people say to the home, and what then stands in it. The model and the home are the simulator's.</summary>
public sealed class ControlTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_light_is_turned_on_and_off_again()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        var on = await lucia.ChatAsync("Turn on the kitchen ceiling light");
        simulator.House.State("light.kitchen_ceiling")!.State.ShouldBe("on");
        var off = await lucia.ChatAsync("Turn it off again", on.SessionId);
        simulator.House.State("light.kitchen_ceiling")!.State.ShouldBe("off");

        on.Actions.ShouldHaveSingleItem().ShouldBe(new ChatAction("control_light", "light.kitchen_ceiling", "Kitchen ceiling", true, null, "on"));
        off.Actions.ShouldHaveSingleItem().ShouldBe(new ChatAction("control_light", "light.kitchen_ceiling", "Kitchen ceiling", true, null, "off"));
        on.Response.ShouldContain("on");
    }

    [Theory]
    [InlineData("Dim the floor lamp to 30 percent", "light.living_room_floor_lamp", "brightness", "76")]
    [InlineData("Set the desk lamp to 4000 kelvin", "light.office_desk_lamp", "color_temp_kelvin", "4000")]
    [InlineData("Make the TV backlight red", "light.living_room_strip", "rgb_color", "[255,0,0]")]
    public async Task A_light_takes_brightness_white_and_colour(string message, string light, string attribute, string value)
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        var reply = await lucia.ChatAsync(message);

        var action = reply.Actions.ShouldHaveSingleItem();
        action.Success.ShouldBeTrue(action.Error);
        action.Target.ShouldBe(light);
        simulator.House.State(light)!.State.ShouldBe("on");
        simulator.House.State(light)!.Attributes[attribute]!.ToJsonString().ShouldBeOneOf(value, value == "76" ? "77" : value);
    }

    [Fact]
    public async Task All_the_lights_of_a_room_go_on_and_no_other()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        var reply = await lucia.ChatAsync("Turn on all the lights in the bedroom");

        reply.Actions.Select(action => action.Target).Order().ShouldBe(["light.bedroom_ceiling", "light.bedside_left", "light.bedside_right"]);
        reply.Actions.ShouldAllBe(action => action.Success);
        simulator.House.States.Where(state => state is { Domain: "light", State: "on" }).Select(state => state.EntityId).Order().ShouldBe(
            ["light.bedroom_ceiling", "light.bedside_left", "light.bedside_right", "light.hallway", "light.living_room_floor_lamp"]);
    }

    [Fact]
    public async Task A_switch_is_turned_on()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        var reply = await lucia.ChatAsync("Turn on the coffee machine");

        reply.Actions.ShouldHaveSingleItem().ShouldBe(new ChatAction("control_switch", "switch.coffee_machine", "Coffee machine", true, null, "on"));
        simulator.House.State("switch.coffee_machine")!.State.ShouldBe("on");
    }

    [Fact]
    public async Task A_question_reads_the_state_and_changes_nothing()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        var reply = await lucia.ChatAsync("What is the temperature in the bedroom?");

        reply.Response.ShouldContain("18.7");
        reply.Actions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Here_means_the_room_of_the_speaker()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        var asked = await lucia.ChatAsync("Turn on the light here");
        var office = await lucia.ChatAsync("Turn on all the lights here", context: new ChatContext("Office"));

        asked.Actions.ShouldBeEmpty();
        asked.NeedsInput.ShouldBeTrue("without a room there is nothing that here could mean");
        office.Actions.Select(action => action.Target).Order().ShouldBe(["light.office_ceiling", "light.office_desk_lamp"]);
    }

    [Fact]
    public async Task Several_that_fit_are_asked_back_for()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        var reply = await lucia.ChatAsync("Turn on the bedside lamp");

        reply.NeedsInput.ShouldBeTrue();
        reply.Actions.ShouldBeEmpty();
        reply.Response.ShouldContain("Left bedside lamp");
        simulator.House.State("light.bedside_left")!.State.ShouldBe("off");
    }

    [Fact]
    public async Task Every_action_reached_the_home_as_one_service_call()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        await lucia.ChatAsync("Turn on all the lights in the bedroom");

        using var control = simulator.CreateClient();
        var calls = JsonNode.Parse(await control.GetStringAsync("/simulator/journal", Cancellation))!["serviceCalls"]!.AsArray();
        var call = calls.ShouldHaveSingleItem()!;
        call["domain"]!.GetValue<string>().ShouldBe("light");
        call["service"]!.GetValue<string>().ShouldBe("turn_on");
        call["entities"]!.AsArray().Count.ShouldBe(3);
    }
}
