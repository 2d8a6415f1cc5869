using System.Net.Http.Json;
using Lucia.AppHost.Tests.Support;

namespace Lucia.AppHost.Tests;

/// <summary>The whole path, through real processes: a sentence, a model, a home, a conversation that is kept.</summary>
public sealed class ConversationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sentence_turns_on_a_light_and_the_action_is_confirmed()
    {
        await using var house = await House.StartAsync();
        (await house.StateAsync("light.kitchen_ceiling")).ShouldBe("off");

        var reply = await house.ChatAsync("turn on the kitchen light", "first");

        var action = reply.GetProperty("actions").EnumerateArray().ShouldHaveSingleItem();
        action.GetProperty("target").GetString().ShouldBe("light.kitchen_ceiling");
        action.GetProperty("success").GetBoolean().ShouldBeTrue();
        action.GetProperty("state").GetString().ShouldBe("on");
        (await house.StateAsync("light.kitchen_ceiling")).ShouldBe("on");
    }

    [Fact]
    public async Task A_renamed_light_is_called_by_its_new_name_and_a_removed_one_is_refused_honestly()
    {
        await using var house = await House.StartAsync();

        var renamed = await house.Simulator.PatchAsJsonAsync("/simulator/entities/light.kitchen_ceiling", new { name = "Chandelier", area = "Bedroom" }, Cancellation);
        renamed.EnsureSuccessStatusCode();
        await House.UntilAsync(async () => (await house.ChatAsync("turn on the chandelier in the bedroom", "rename")).GetProperty("actions").GetArrayLength() == 1);
        (await house.StateAsync("light.kitchen_ceiling")).ShouldBe("on");

        (await house.Simulator.DeleteAsync("/simulator/entities/light.kitchen_ceiling", Cancellation)).EnsureSuccessStatusCode();
        var reply = await house.ChatAsync("turn off the chandelier in the bedroom", "rename");
        reply.GetProperty("actions").GetArrayLength().ShouldBe(0);
        reply.GetProperty("response").GetString().ShouldNotBeNull().ShouldNotContain("is now off");
    }

    [Fact]
    public async Task A_conversation_survives_a_restart_of_the_agent_host()
    {
        await using var house = await House.StartAsync();
        await house.ChatAsync("turn on the kitchen light", "kept");

        await house.CommandAsync("agenthost", "resource-restart");
        await house.UntilHealthAsync("Healthy");

        (await house.SaidAsync("kept")).ShouldBe(["turn on the kitchen light"]);
        var reply = await house.ChatAsync("turn it off again", "kept");
        reply.GetProperty("actions")[0].GetProperty("target").GetString().ShouldBe("light.kitchen_ceiling");
        (await house.StateAsync("light.kitchen_ceiling")).ShouldBe("off");
    }

    [Fact]
    public async Task Without_redis_the_conversation_goes_on_and_nothing_of_it_is_lost_when_redis_returns()
    {
        await using var house = await House.StartAsync();
        await house.ChatAsync("turn on the kitchen light", "kept");

        await house.CommandAsync("redis", "resource-stop");
        await house.ChatAsync("turn it off again", "kept");
        await house.UntilHealthAsync("Degraded");
        (await house.Lucia.GetAsync("/health/ready", Cancellation)).IsSuccessStatusCode.ShouldBeTrue();

        await house.CommandAsync("redis", "resource-start");
        await house.UntilHealthAsync("Healthy");
        // From Redis alone now: what was said without it must have been written back.
        await house.CommandAsync("agenthost", "resource-restart");
        await house.UntilHealthAsync("Healthy");
        (await house.SaidAsync("kept")).ShouldBe(["turn on the kitchen light", "turn it off again"]);
    }

    [Fact]
    public async Task A_service_call_that_changes_nothing_is_not_reported_as_a_success()
    {
        await using var house = await House.StartAsync();
        await house.MisbehaveAsync(new { kind = "home-ignores-call", match = "light.kitchen_ceiling" });

        var reply = await house.ChatAsync("turn on the kitchen light", "honest");

        var action = reply.GetProperty("actions").EnumerateArray().ShouldHaveSingleItem();
        action.GetProperty("success").GetBoolean().ShouldBeFalse();
        reply.GetProperty("response").GetString().ShouldNotBeNull().ShouldContain("Not confirmed by the home");
        (await house.StateAsync("light.kitchen_ceiling")).ShouldBe("off");
    }

    [Fact]
    public async Task The_answer_is_streamed_in_pieces_that_add_up_to_it()
    {
        await using var house = await House.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat") { Content = JsonContent.Create(new { message = "turn on the kitchen light" }) };
        request.Headers.Accept.ParseAdd("text/event-stream");

        using var response = await house.Lucia.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var events = ServerSentEvents.Read(await response.Content.ReadAsStringAsync(Cancellation));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        events[0].Name.ShouldBe("session");
        events[^1].Name.ShouldBe("done");
        var deltas = events.Where(happened => happened.Name == "delta").Select(happened => happened.Data.GetProperty("text").GetString()).ToList();
        deltas.Count.ShouldBeGreaterThan(1);
        string.Concat(deltas).ShouldBe(events[^1].Data.GetProperty("response").GetString());
        events.ShouldContain(happened => happened.Name == "action");
    }

    [Fact]
    public async Task Health_says_what_is_simulated_and_which_setting_replaces_it()
    {
        await using var house = await House.StartAsync();

        var simulated = (await house.HealthAsync()).GetProperty("simulated").EnumerateArray()
            .ToDictionary(entry => entry.GetProperty("what").GetString()!, entry => entry.GetProperty("setting").GetString());

        simulated["chat-model"].ShouldBe("ConnectionStrings__chat_model");
        simulated["home"].ShouldBe("HomeAssistant__BaseUrl");
    }
}
