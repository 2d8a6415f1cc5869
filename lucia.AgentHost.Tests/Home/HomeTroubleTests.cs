using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;
using Lucia.Simulator.Faults;

namespace Lucia.AgentHost.Tests.Home;

/// <summary>A Home Assistant that refuses, drops the line, or shows only part of itself.</summary>
public sealed class HomeTroubleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_token_is_said_with_its_remedy()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with
        {
            HomeAnswers = false,
            More = new() { ["HomeAssistant:AccessToken"] = "canary-of-a-token-that-was-revoked" },
        });

        var detail = await lucia.UntilComponentAsync("homeAssistant", "Degraded", "refused");

        detail.ShouldContain("HomeAssistant__AccessToken");
        (await lucia.HealthAsync())["status"]!.GetValue<string>().ShouldBe("Degraded");
        (await lucia.Http.GetFromJsonAsync<JsonNode>("/api/agents/home", Cancellation))!["status"]!.GetValue<string>().ShouldBe("degraded");
        lucia.Log.ToString().ShouldNotContain("canary");
        detail.ShouldNotContain("canary");
    }

    [Fact]
    public async Task A_dropped_connection_comes_back_and_meanwhile_actions_are_confirmed_by_asking()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(FaultKind.HomeSocketDrop));
        using var control = simulator.CreateClient();
        (await control.PostAsync("/simulator/websockets/drop", null, Cancellation)).EnsureSuccessStatusCode();
        await lucia.UntilComponentAsync("homeAssistant", "Degraded");

        var meanwhile = await lucia.ChatAsync("Turn on the kitchen ceiling light");

        meanwhile.Actions.ShouldHaveSingleItem().Success.ShouldBeTrue();
        lucia.House.IsLive.ShouldBeFalse();
        simulator.Faults.Clear();
        simulator.House.Set("light.porch", "on");
        await lucia.UntilComponentAsync("homeAssistant", "Healthy");
        lucia.House.Find("light.porch")!.State.ShouldBe("on", "what happened meanwhile was caught up with");
        simulator.House.Set("light.porch", "off");
        await Eventually.TrueAsync(() => lucia.House.Find("light.porch")!.State == "off", "events arrive again");
    }

    [Fact]
    public async Task A_home_that_is_away_leaves_a_conversation_that_says_so()
    {
        var port = FreePort.Next();
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with
        {
            HomeAnswers = false,
            More = new() { ["HomeAssistant:BaseUrl"] = $"http://127.0.0.1:{port}" },
        });

        var reply = await lucia.ChatAsync("Turn on the kitchen ceiling light");

        reply.Actions.ShouldBeEmpty();
        (await lucia.UntilComponentAsync("homeAssistant", "Degraded", "cannot be reached")).ShouldContain("HomeAssistant__BaseUrl");
    }

    [Fact]
    public async Task A_home_that_dies_in_the_middle_is_said_with_the_setting_to_look_at()
    {
        await using var model = await RunningSimulator.StartAsync(cancel: Cancellation);
        var home = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(home) with { ChatModel = model.ChatModelConnectionString });
        await home.DisposeAsync();

        var reply = await lucia.ChatAsync("Turn on the kitchen ceiling light");

        var action = reply.Actions.ShouldHaveSingleItem();
        action.Success.ShouldBeFalse();
        action.Error.ShouldNotBeNull().ShouldContain("HomeAssistant__BaseUrl");
        reply.Response.ShouldContain("cannot be reached");
    }

    [Fact]
    public async Task A_token_without_administration_is_told_and_the_allowed_domains_are_used()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        simulator.Faults.Add(new Fault(FaultKind.HomeNotAdmin));
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with { More = new() { ["HomeAssistant:AllowedDomains"] = "light" } });

        var detail = await lucia.UntilComponentAsync("homeAssistant", "Degraded");

        detail.ShouldContain("administrator");
        detail.ShouldContain("HomeAssistant__AllowedDomains");
        lucia.House.Entities.ShouldAllBe(entity => entity.Domain == "light");
        var reply = await lucia.ChatAsync("Turn on the kitchen ceiling light");
        reply.Actions.ShouldHaveSingleItem().Success.ShouldBeTrue();
    }

    [Fact]
    public async Task An_entity_that_is_not_exposed_is_not_there()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        lucia.House.Find("switch.router").ShouldBeNull();
        var reply = await lucia.ChatAsync("Turn off the internet router");

        reply.Actions.ShouldBeEmpty();
        simulator.House.State("switch.router")!.State.ShouldBe("on");
    }

    [Fact]
    public async Task Exposing_and_hiding_an_entity_is_followed()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        simulator.House.Expose("switch.router", true);
        await Eventually.TrueAsync(() => lucia.House.Find("switch.router") is not null, "the router is exposed");
        simulator.House.Expose("switch.router", false);
        await Eventually.TrueAsync(() => lucia.House.Find("switch.router") is null, "the router is hidden again");
    }

    [Fact]
    public async Task Renaming_moving_and_removing_an_entity_is_followed()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        simulator.House.Rename("light.porch", "Fairy lantern");
        await Eventually.TrueAsync(() => lucia.House.Find("light.porch")?.Name == "Fairy lantern", "the new name is known");
        var renamed = await lucia.ChatAsync("Turn on the fairy lantern");
        renamed.Actions.ShouldHaveSingleItem().Target.ShouldBe("light.porch");

        simulator.House.Move("light.porch", "guest_room");
        await Eventually.TrueAsync(() => lucia.House.Find("light.porch")?.Area == "Guest room", "the new room is known");
        var moved = await lucia.ChatAsync("Turn off all the lights in the guest room");
        moved.Actions.Select(action => action.Target).ShouldContain("light.porch");

        simulator.House.Remove("light.porch");
        await Eventually.TrueAsync(() => lucia.House.Find("light.porch") is null, "it is gone");
        (await lucia.ChatAsync("Turn on the fairy lantern")).Actions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_home_lucia_only_chats_and_says_so()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = simulator.ChatModelConnectionString });

        var reply = await lucia.ChatAsync("Turn on the kitchen ceiling light");

        reply.Actions.ShouldBeEmpty();
        (await lucia.UntilComponentAsync("homeAssistant", "Degraded")).ShouldContain("HomeAssistant__BaseUrl");
        (await lucia.Http.GetFromJsonAsync<JsonNode>("/api/agents/home", Cancellation))!["status"]!.GetValue<string>().ShouldBe("chat-only");
    }
}
