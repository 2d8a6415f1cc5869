using System.Net;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Tests.Home;

public sealed class RestApiTests : SimulatorTest
{
    [Fact]
    public async Task The_house_has_twelve_areas_and_more_than_sixty_entities_of_many_kinds()
    {
        var states = (await GetAsync("/api/states")).AsArray();

        states.Count.ShouldBeGreaterThan(60);
        Simulator.House.Areas.Count.ShouldBe(12);
        states.Select(state => state!["entity_id"]!.GetValue<string>().Split('.')[0]).Distinct().ShouldBe(
            ["light", "switch", "sensor", "binary_sensor", "climate", "cover", "lock", "alarm_control_panel", "media_player", "fan", "scene", "script", "todo"], ignoreOrder: true);
        states.ShouldAllBe(state => state!["attributes"]!["area_id"] == null);
    }

    [Fact]
    public async Task The_api_says_that_it_is_running() =>
        (await GetAsync("/api/"))["message"]!.GetValue<string>().ShouldBe("API running.");

    [Theory]
    [InlineData("/api/")]
    [InlineData("/api/states")]
    [InlineData("/api/nothing")]
    public async Task A_wrong_or_missing_token_is_refused_as_Home_Assistant_refuses_it(string path)
    {
        using var without = Anonymous();
        using var wrong = Anonymous("wrong");
        foreach (var client in new[] { without, wrong })
        {
            using var response = await client.GetAsync(path, Cancel);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe("401: Unauthorized");
        }
    }

    [Fact]
    public async Task Turning_on_a_light_changes_its_state_and_returns_it()
    {
        var before = Simulator.House.State("light.kitchen_ceiling")!;

        var changed = await PostForJsonAsync("/api/services/light/turn_on", new JsonObject { ["entity_id"] = "light.kitchen_ceiling", ["brightness_pct"] = 40, ["color_temp_kelvin"] = 3000 });

        changed.AsArray().Count.ShouldBe(1);
        var state = await GetAsync("/api/states/light.kitchen_ceiling");
        JsonNode.DeepEquals(changed[0], state).ShouldBeTrue();
        state["state"]!.GetValue<string>().ShouldBe("on");
        state["attributes"]!["brightness"]!.GetValue<int>().ShouldBe(102);
        state["attributes"]!["color_temp_kelvin"]!.GetValue<int>().ShouldBe(3000);
        state["attributes"]!["color_mode"]!.GetValue<string>().ShouldBe("color_temp");
        state["context"]!["user_id"]!.GetValue<string>().ShouldBe(Lucia.Simulator.Home.House.UserId);
        state["context"]!["id"]!.GetValue<string>().ShouldMatch("^[0-9A-HJKMNP-TV-Z]{26}$");
        state["last_changed"]!.GetValue<string>().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$");
        Simulator.House.State("light.kitchen_ceiling")!.LastChanged.ShouldBeGreaterThan(before.LastChanged);
    }

    [Fact]
    public async Task Dimming_a_light_that_is_on_updates_it_without_changing_its_state()
    {
        var before = Simulator.House.State("light.living_room_floor_lamp")!;

        await PostForJsonAsync("/api/services/light/turn_on", new JsonObject { ["entity_id"] = "light.living_room_floor_lamp", ["brightness"] = 10 });

        var after = Simulator.House.State("light.living_room_floor_lamp")!;
        after.LastChanged.ShouldBe(before.LastChanged);
        after.LastUpdated.ShouldBeGreaterThan(before.LastUpdated);
    }

    [Fact]
    public async Task A_call_that_changes_nothing_returns_no_states()
    {
        (await PostForJsonAsync("/api/services/light/turn_off", new JsonObject { ["entity_id"] = "light.kitchen_ceiling" })).AsArray().ShouldBeEmpty();
        (await PostForJsonAsync("/api/services/light/turn_on", new JsonObject { ["entity_id"] = "light.not_there" })).AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"area_id":"living_room"}""", 3)]
    [InlineData("""{"area_id":["living_room","kitchen"]}""", 4)]
    [InlineData("""{"device_id":"d000000000000000000000000000000a"}""", 1)]
    [InlineData("""{"floor_id":"basement"}""", 1)]
    [InlineData("""{"entity_id":"light.porch, light.garage"}""", 2)]
    [InlineData("""{"entity_id":["light.porch","light.garage","switch.router"]}""", 2)]
    [InlineData("""{"entity_id":"all"}""", 20)]
    public async Task A_target_is_an_entity_a_device_an_area_or_a_floor(string target, int lights)
    {
        await PostForJsonAsync("/api/services/light/turn_off", new JsonObject { ["entity_id"] = "all" });

        (await PostForJsonAsync("/api/services/light/turn_on", JsonNode.Parse(target)!)).AsArray().Count.ShouldBe(lights);
    }

    [Theory]
    [InlineData("light", "explode", """{"entity_id":"light.porch"}""")]
    [InlineData("nothing", "turn_on", """{"entity_id":"light.porch"}""")]
    [InlineData("light", "turn_on", "{}")]
    [InlineData("light", "turn_on", """{"entity_id":"light.porch","brightness":300}""")]
    [InlineData("light", "turn_on", """{"entity_id":"light.porch","colour":"red"}""")]
    [InlineData("light", "turn_on", """{"entity_id":"not an id"}""")]
    [InlineData("climate", "set_temperature", """{"entity_id":"climate.bedroom"}""")]
    public async Task A_call_that_Home_Assistant_refuses_is_a_bad_request(string domain, string service, string body)
    {
        using var response = await PostAsync($"/api/services/{domain}/{service}", JsonNode.Parse(body)!);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe("400: Bad Request");
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_told_so()
    {
        using var response = await Client.PostAsync("/api/services/light/turn_on", new StringContent("{"), Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe("""{"message":"Data should be valid JSON."}""");
    }

    [Fact]
    public async Task An_unknown_entity_is_not_found()
    {
        using var response = await Client.GetAsync("/api/states/light.nowhere", Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe("""{"message":"Entity not found."}""");
    }

    [Theory]
    [InlineData("switch/toggle", "switch.coffee_machine", "{}", "on")]
    [InlineData("cover/open_cover", "cover.garage_door", "{}", "open")]
    [InlineData("cover/set_cover_position", "cover.bedroom_blinds", """{"position":40}""", "open")]
    [InlineData("lock/unlock", "lock.front_door", "{}", "unlocked")]
    [InlineData("climate/set_temperature", "climate.bathroom", """{"temperature":23}""", "heat")]
    [InlineData("fan/turn_on", "fan.bedroom", """{"percentage":30}""", "on")]
    [InlineData("media_player/media_play", "media_player.kitchen_speaker", "{}", "playing")]
    [InlineData("alarm_control_panel/alarm_arm_away", "alarm_control_panel.house", "{}", "armed_away")]
    [InlineData("todo/add_item", "todo.shopping_list", """{"item":"Butter"}""", "3")]
    [InlineData("homeassistant/turn_on", "switch.office_heater", "{}", "on")]
    public async Task Services_of_every_kind_change_states(string service, string entityId, string data, string state)
    {
        var body = JsonNode.Parse(data)!;
        body["entity_id"] = entityId;

        await PostForJsonAsync($"/api/services/{service}", body);

        (await GetAsync($"/api/states/{entityId}"))["state"]!.GetValue<string>().ShouldBe(state);
    }

    [Fact]
    public async Task A_scene_changes_what_belongs_to_it()
    {
        await PostForJsonAsync("/api/services/scene/turn_on", new JsonObject { ["entity_id"] = "scene.movie_night" });

        Simulator.House.State("light.living_room_strip")!.State.ShouldBe("on");
        Simulator.House.State("cover.living_room_blinds")!.State.ShouldBe("closed");
    }

    [Fact]
    public async Task A_wrong_alarm_code_and_a_temperature_out_of_range_change_nothing()
    {
        await PostForJsonAsync("/api/services/alarm_control_panel/alarm_arm_away", new JsonObject { ["entity_id"] = "alarm_control_panel.house" });

        using var disarmed = await PostAsync("/api/services/alarm_control_panel/alarm_disarm", new JsonObject { ["entity_id"] = "alarm_control_panel.house", ["code"] = "0000" });
        using var heated = await PostAsync("/api/services/climate/set_temperature", new JsonObject { ["entity_id"] = "climate.bedroom", ["temperature"] = 90 });

        disarmed.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        heated.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        Simulator.House.State("alarm_control_panel.house")!.State.ShouldBe("armed_away");
        Simulator.House.State("climate.bedroom")!.Attributes["temperature"]!.GetValue<double>().ShouldBe(19);
    }

    [Fact]
    public async Task A_service_with_a_response_gives_it_to_who_asks_for_it()
    {
        var answer = await PostForJsonAsync("/api/services/todo/get_items?return_response", new JsonObject { ["entity_id"] = "todo.shopping_list" });

        answer["service_response"]!["todo.shopping_list"]!["items"]!.AsArray().Select(item => item!["summary"]!.GetValue<string>()).ShouldBe(["Milk", "Bread"]);
    }

    [Fact]
    public async Task A_light_that_is_turned_off_forgets_its_brightness_and_a_colour_light_takes_colours()
    {
        await PostForJsonAsync("/api/services/light/turn_on", new JsonObject { ["entity_id"] = "light.living_room_strip", ["color_name"] = "blue" });
        var lit = Simulator.House.State("light.living_room_strip")!.Attributes;
        lit["color_mode"]!.GetValue<string>().ShouldBe("hs");
        lit["rgb_color"]!.ToJsonString().ShouldBe("[0,0,255]");

        await PostForJsonAsync("/api/services/light/turn_off", new JsonObject { ["entity_id"] = "light.living_room_strip" });
        var dark = Simulator.House.State("light.living_room_strip")!.Attributes;
        dark["brightness"].ShouldBeNull();
        dark["rgb_color"].ShouldBeNull();
    }

    [Fact]
    public async Task Every_service_is_listed_with_its_fields()
    {
        var light = (await GetAsync("/api/services")).AsArray().Single(domain => domain!["domain"]!.GetValue<string>() == "light")!["services"]!;

        light["turn_on"]!["fields"]!["brightness_pct"].ShouldNotBeNull();
        light["turn_off"]!["target"]!["entity"]![0]!["domain"]![0]!.GetValue<string>().ShouldBe("light");
    }
}
