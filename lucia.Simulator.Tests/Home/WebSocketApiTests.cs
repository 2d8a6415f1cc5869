using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Tests.Home;

public sealed class WebSocketApiTests : SimulatorTest
{
    [Fact]
    public async Task A_wrong_token_is_invalid_and_ends_the_connection()
    {
        using var home = await HomeSocket.OpenAsync(Simulator, Cancel);
        var required = await home.ReceiveAsync(Cancel);
        required["type"]!.GetValue<string>().ShouldBe("auth_required");
        required["ha_version"]!.GetValue<string>().ShouldMatch(@"^\d{4}\.\d+\.\d+$");

        await home.SendAsync(new JsonObject { ["type"] = "auth", ["access_token"] = "wrong" }, Cancel);

        (await home.ReceiveAsync(Cancel)).ToJsonString().ShouldBe("""{"type":"auth_invalid","message":"Invalid access token or password"}""");
        await Should.ThrowAsync<WebSocketException>(() => home.ReceiveAsync(Cancel));
    }

    [Fact]
    public async Task A_light_is_in_an_area_through_the_registries_and_not_through_its_state()
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);

        var areas = (await home.AskAsync("config/area_registry/list", Cancel))["result"]!.AsArray();
        var floors = (await home.AskAsync("config/floor_registry/list", Cancel))["result"]!.AsArray();
        var devices = (await home.AskAsync("config/device_registry/list", Cancel))["result"]!.AsArray();
        var entities = (await home.AskAsync("config/entity_registry/list", Cancel))["result"]!.AsArray();

        var light = entities.Single(entity => entity!["entity_id"]!.GetValue<string>() == "light.kitchen_ceiling")!;
        light["area_id"].ShouldBeNull();
        var device = devices.Single(each => each!["id"]!.GetValue<string>() == light["device_id"]!.GetValue<string>())!;
        var area = areas.Single(each => each!["area_id"]!.GetValue<string>() == device["area_id"]!.GetValue<string>())!;
        area["name"]!.GetValue<string>().ShouldBe("Kitchen");
        floors.Single(each => each!["floor_id"]!.GetValue<string>() == area["floor_id"]!.GetValue<string>())!["name"]!.GetValue<string>().ShouldBe("Ground floor");
    }

    [Fact]
    public async Task Some_entities_are_not_exposed_to_assistants()
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);

        var exposed = (await home.AskAsync("homeassistant/expose_entity/list", Cancel))["result"]!["exposed_entities"]!;

        exposed["light.kitchen_ceiling"]!["conversation"]!.GetValue<bool>().ShouldBeTrue();
        exposed["switch.router"]!["conversation"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task A_service_call_answers_with_its_context_and_the_event_carries_it()
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);
        await home.AskAsync("subscribe_events", Cancel, new JsonObject { ["event_type"] = "state_changed" });

        await home.SendAsync(JsonNode.Parse("""{"id":9,"type":"call_service","domain":"light","service":"turn_on","target":{"entity_id":"light.porch"}}""")!, Cancel);

        var happened = await home.EventAsync(Cancel);
        var result = await home.ReceiveAsync(Cancel);
        happened["event_type"]!.GetValue<string>().ShouldBe("state_changed");
        happened["data"]!["old_state"]!["state"]!.GetValue<string>().ShouldBe("off");
        happened["data"]!["new_state"]!["state"]!.GetValue<string>().ShouldBe("on");
        happened["origin"]!.GetValue<string>().ShouldBe("LOCAL");
        result["success"]!.GetValue<bool>().ShouldBeTrue();
        JsonNode.DeepEquals(result["result"]!["context"], happened["context"]).ShouldBeTrue();
        JsonNode.DeepEquals(result["result"]!["context"], happened["data"]!["new_state"]!["context"]).ShouldBeTrue();
    }

    [Fact]
    public async Task Subscribed_entities_come_whole_first_and_then_as_differences()
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);
        await home.AskAsync("subscribe_entities", Cancel, new JsonObject { ["entity_ids"] = new JsonArray("light.porch") });
        var first = (await home.EventAsync(Cancel))["a"]!;
        first.AsObject().Count.ShouldBe(1);
        first["light.porch"]!["s"]!.GetValue<string>().ShouldBe("off");

        Simulator.House.Set("light.garage", "on");
        Simulator.House.Set("light.porch", "on", new JsonObject { ["icon"] = "mdi:lamp" });

        var difference = (await home.EventAsync(Cancel))["c"]!["light.porch"]!["+"]!;
        difference["s"]!.GetValue<string>().ShouldBe("on");
        difference["a"]!.ToJsonString().ShouldBe("""{"icon":"mdi:lamp"}""");
        difference["lc"]!.GetValue<double>().ShouldBeGreaterThan(1.7e9);

        Simulator.House.Remove("light.porch");
        (await home.EventAsync(Cancel))["r"]!.ToJsonString().ShouldBe("""["light.porch"]""");
    }

    [Fact]
    public async Task After_unsubscribing_no_event_comes()
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);
        await home.AskAsync("subscribe_events", Cancel);
        (await home.AskAsync("unsubscribe_events", Cancel, new JsonObject { ["subscription"] = 1 }))["success"]!.GetValue<bool>().ShouldBeTrue();

        Simulator.House.Set("light.porch", "on");
        await home.SendAsync(new JsonObject { ["id"] = 3, ["type"] = "ping" }, Cancel);

        (await home.ReceiveAsync(Cancel))["type"]!.GetValue<string>().ShouldBe("pong");
    }

    [Theory]
    [InlineData("""{"id":1,"type":"no/such/command"}""", "unknown_command", "Unknown command.")]
    [InlineData("""{"type":"ping"}""", "invalid_format", "Message incorrectly formatted.")]
    [InlineData("""{"id":1,"type":"unsubscribe_events","subscription":77}""", "not_found", "Subscription not found.")]
    [InlineData("""{"id":1,"type":"call_service","domain":"light","service":"explode"}""", "not_found", "Service light.explode not found.")]
    [InlineData("""{"id":1,"type":"call_service","domain":"light","service":"turn_on"}""", "invalid_format", "must contain at least one of entity_id, device_id, area_id, floor_id, label_id.")]
    [InlineData("""{"id":1,"type":"call_service","domain":"alarm_control_panel","service":"alarm_disarm","target":{"entity_id":"alarm_control_panel.house"}}""", "service_validation_error", "Validation error: Invalid alarm code provided")]
    public async Task Commands_that_cannot_be_carried_out_fail_in_Home_Assistants_words(string command, string code, string message)
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);

        await home.SendAsync(JsonNode.Parse(command)!, Cancel);

        var answer = await home.ReceiveAsync(Cancel);
        answer["success"]!.GetValue<bool>().ShouldBeFalse();
        answer["error"]!["code"]!.GetValue<string>().ShouldBe(code);
        answer["error"]!["message"]!.GetValue<string>().ShouldBe(message);
    }

    [Fact]
    public async Task Ids_have_to_increase()
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);
        await home.SendAsync(JsonNode.Parse("""{"id":5,"type":"ping"}""")!, Cancel);
        await home.ReceiveAsync(Cancel);

        await home.SendAsync(JsonNode.Parse("""{"id":5,"type":"ping"}""")!, Cancel);

        (await home.ReceiveAsync(Cancel))["error"]!["code"]!.GetValue<string>().ShouldBe("id_reuse");
    }

    [Fact]
    public async Task Renaming_an_entity_tells_of_the_registry_and_of_the_state()
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);
        await home.AskAsync("subscribe_events", Cancel);

        Simulator.House.Rename("light.porch", "Front light");

        (await home.EventAsync(Cancel))["event_type"]!.GetValue<string>().ShouldBe("entity_registry_updated");
        (await home.EventAsync(Cancel))["data"]!["new_state"]!["attributes"]!["friendly_name"]!.GetValue<string>().ShouldBe("Front light");
    }
}
