using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lucia.Simulator.Tests.Home;

namespace Lucia.Simulator.Tests;

public sealed class ControlApiTests : SimulatorTest
{
    [Theory]
    [InlineData("GET", "/simulator/state")]
    [InlineData("POST", "/simulator/reset")]
    [InlineData("POST", "/simulator/faults")]
    [InlineData("GET", "/simulator/journal")]
    [InlineData("DELETE", "/simulator/entities/light.porch")]
    public async Task Control_needs_the_token(string method, string path)
    {
        using var anonymous = Anonymous();

        using var response = await anonymous.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Simulator.House.State("light.porch").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_change_behind_the_back_is_told_as_an_event_of_no_user()
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);
        await home.AskAsync("subscribe_events", Cancel, new JsonObject { ["event_type"] = "state_changed" });

        using var response = await Client.PatchAsJsonAsync("/simulator/entities/binary_sensor.front_door", new JsonObject { ["state"] = "on" }, Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var happened = await home.EventAsync(Cancel);
        happened["data"]!["new_state"]!["state"]!.GetValue<string>().ShouldBe("on");
        happened["context"]!["user_id"].ShouldBeNull();
    }

    [Fact]
    public async Task An_entity_can_be_renamed_moved_hidden_removed_and_added()
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);
        using var changed = await Client.PatchAsJsonAsync(
            "/simulator/entities/light.porch", new JsonObject { ["name"] = "Lantern", ["area"] = "Garage", ["exposed"] = false }, Cancel);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var removed = await Client.DeleteAsync("/simulator/entities/light.garage", Cancel);
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var added = await PostAsync("/simulator/entities", new JsonObject { ["entity_id"] = "light.attic", ["name"] = "Attic", ["area"] = "office" });
        added.StatusCode.ShouldBe(HttpStatusCode.Created);

        var entities = (await home.AskAsync("config/entity_registry/list", Cancel))["result"]!.AsArray().ToDictionary(entity => entity!["entity_id"]!.GetValue<string>());
        entities["light.porch"]!["name"]!.GetValue<string>().ShouldBe("Lantern");
        entities["light.porch"]!["area_id"]!.GetValue<string>().ShouldBe("garage");
        entities["light.porch"]!["options"]!["conversation"]!["should_expose"]!.GetValue<bool>().ShouldBeFalse();
        entities.ShouldNotContainKey("light.garage");
        (await GetAsync("/api/states/light.attic"))["attributes"]!["friendly_name"]!.GetValue<string>().ShouldBe("Attic");
        (await PostForJsonAsync("/api/services/light/turn_on", new JsonObject { ["area_id"] = "office" })).AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task Reset_puts_everything_back_and_tells_of_it()
    {
        Simulator.House.Set("light.porch", "on");
        Simulator.House.Remove("light.garage");
        await FaultAsync("""{"kind":"model-error"}""");
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);
        await home.AskAsync("subscribe_entities", Cancel, new JsonObject { ["entity_ids"] = new JsonArray("light.porch", "light.garage") });
        await home.EventAsync(Cancel);

        using var response = await PostAsync("/simulator/reset", new JsonObject());

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await home.EventAsync(Cancel))["c"]!["light.porch"]!["+"]!["s"]!.GetValue<string>().ShouldBe("off");
        (await home.EventAsync(Cancel))["a"]!["light.garage"]!["s"]!.GetValue<string>().ShouldBe("off");
        Simulator.Faults.Pending.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_fault_is_refused_with_all_its_problems_and_none_is_added()
    {
        using var response = await PostAsync("/simulator/faults", JsonNode.Parse("""
            {"faults":[{"kind":"model-error"},{"kind":"explode"},{"kind":"home-hang","milliseconds":-1,"often":2}]}
            """)!);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var detail = (await response.Content.ReadFromJsonAsync<JsonNode>(Cancel))!["detail"]!.GetValue<string>();
        detail.ShouldContain("faults[1].kind");
        detail.ShouldContain("faults[2].milliseconds");
        detail.ShouldContain("faults[2].often");
        Simulator.Faults.Pending.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_journal_has_what_the_model_was_asked_and_answered()
    {
        await PostForJsonAsync("/v1/chat/completions", JsonNode.Parse("""{"model":"m","messages":[{"role":"user","content":"hello"}]}""")!);

        var asked = (await GetAsync("/simulator/journal"))["modelRequests"]!.AsArray().Single()!;

        asked["request"]!["messages"]![0]!["content"]!.GetValue<string>().ShouldBe("hello");
        asked["answer"]!["content"]!.GetValue<string>().ShouldStartWith("Hello!");
    }
}
