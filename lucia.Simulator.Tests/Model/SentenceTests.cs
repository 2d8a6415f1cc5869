using System.Text.Json.Nodes;

namespace Lucia.Simulator.Tests.Model;

public sealed class SentenceTests : SimulatorTest
{
    [Theory]
    [InlineData("Turn on the kitchen light", """control_light {"entity_ids":["light.kitchen_ceiling"],"state":"on"}""")]
    [InlineData("please switch off the hallway light", """control_light {"entity_ids":["light.hallway"],"state":"off"}""")]
    [InlineData("Could you turn the coffee machine on?", """control_switch {"entity_ids":["switch.coffee_machine"],"state":"on"}""")]
    [InlineData("toggle the night light", """control_light {"entity_ids":["light.night_light"],"state":"toggle"}""")]
    [InlineData("Dim the floor lamp to 40 percent", """control_light {"entity_ids":["light.living_room_floor_lamp"],"state":"on","brightness_percent":40}""")]
    [InlineData("set the kitchen light to 55%", """control_light {"entity_ids":["light.kitchen_ceiling"],"state":"on","brightness_percent":55}""")]
    [InlineData("make the desk lamp warm white", """control_light {"entity_ids":["light.office_desk_lamp"],"state":"on","color_temperature_kelvin":2700}""")]
    [InlineData("switch the mirror light to 4000 kelvin", """control_light {"entity_ids":["light.bathroom_mirror"],"state":"on","color_temperature_kelvin":4000}""")]
    [InlineData("set the TV backlight to blue", """control_light {"entity_ids":["light.living_room_strip"],"state":"on","color_name":"blue"}""")]
    [InlineData("turn off all the lights in the living room", """control_light {"entity_ids":["light.living_room_ceiling","light.living_room_floor_lamp","light.living_room_strip"],"state":"off"}""")]
    [InlineData("turn on the bedside lamps", """control_light {"entity_ids":["light.bedside_left","light.bedside_right"],"state":"on"}""")]
    [InlineData("make the floor lamp brighter", """control_light {"entity_ids":["light.living_room_floor_lamp"],"state":"on","brightness_percent":95}""")]
    [InlineData("Schalte das Licht in der Küche ein", """control_light {"entity_ids":["light.kitchen_ceiling"],"state":"on"}""")]
    [InlineData("Mach bitte das Küchenlicht an", """control_light {"entity_ids":["light.kitchen_ceiling"],"state":"on"}""")]
    [InlineData("Dimme die Stehlampe auf 30 Prozent", """control_light {"entity_ids":["light.living_room_floor_lamp"],"state":"on","brightness_percent":30}""")]
    [InlineData("Schalte die Kaffeemaschine aus", """control_switch {"entity_ids":["switch.coffee_machine"],"state":"off"}""")]
    [InlineData("Mach alle Lichter im Wohnzimmer aus", """control_light {"entity_ids":["light.living_room_ceiling","light.living_room_floor_lamp","light.living_room_strip"],"state":"off"}""")]
    public async Task A_sentence_becomes_a_search_and_the_right_call(string sentence, string call)
    {
        var house = new ToolHouse(Simulator, Client);

        await house.SayAsync(sentence, Cancel);

        house.Calls[0].ShouldStartWith("find_entities ");
        house.Calls[^1].ShouldBe(call);
    }

    [Theory]
    [InlineData("is the kitchen light on?", "No, Kitchen ceiling is off.")]
    [InlineData("Is the bedroom window open?", "Yes, Bedroom window is open.")]
    [InlineData("is the front door locked?", "Yes, Front door lock is locked.")]
    [InlineData("which lights are on?", "Floor lamp and Hallway light are on.")]
    [InlineData("Are any windows open?", "Bedroom window is open.")]
    [InlineData("what's the temperature in the bedroom?", "Bedroom temperature is 18.7 °C.")]
    [InlineData("How warm is it outside?", "Outdoor temperature is 7.6 °C.")]
    [InlineData("Welche Lichter sind an?", "Floor lamp und Hallway light sind an.")]
    [InlineData("Wie warm ist es im Schlafzimmer?", "Bedroom temperature: 18.7 °C.")]
    [InlineData("Ist das Licht im Flur an?", "Ja, Hallway light ist an.")]
    public async Task A_question_is_answered_from_the_tools_and_changes_nothing(string question, string answer)
    {
        var house = new ToolHouse(Simulator, Client);

        (await house.SayAsync(question, Cancel)).ShouldBe(answer);

        house.Calls.ShouldNotBeEmpty();
        (await GetAsync("/simulator/journal"))["serviceCalls"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("turn on the kitchen and office ceiling lights and dim them to 20%", 20, "light.kitchen_ceiling", "light.office_ceiling")]
    [InlineData("Schalte die Lichter in Küche und Flur ein", null, "light.kitchen_ceiling", "light.hallway")]
    [InlineData("Turn on the lights in the kitchen and bathroom", null, "light.kitchen_ceiling", "light.bathroom_mirror", "light.bathroom_ceiling")]
    public async Task Several_things_in_one_sentence_are_all_meant(string sentence, int? percent, params string[] lights)
    {
        await new ToolHouse(Simulator, Client).SayAsync(sentence, Cancel);

        foreach (var light in lights)
        {
            var state = Simulator.House.State(light)!;
            state.State.ShouldBe("on");
            if (percent is { } wanted)
                state.Attributes["brightness"]!.GetValue<int>().ShouldBe((int)Math.Round(wanted * 2.55));
        }

        Simulator.House.States.Count(state => state.Domain == "light" && state.State == "on").ShouldBe(lights.Union(["light.hallway", "light.living_room_floor_lamp"]).Count());
    }

    [Fact]
    public async Task Two_wishes_in_one_sentence_are_two_calls()
    {
        var house = new ToolHouse(Simulator, Client);

        var answer = await house.SayAsync("Turn on the coffee machine and turn off the hallway light", Cancel);

        answer.ShouldBe("Coffee machine is now on. Hallway light is now off.");
        Simulator.House.State("switch.coffee_machine")!.State.ShouldBe("on");
        Simulator.House.State("light.hallway")!.State.ShouldBe("off");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_and_too_mean_what_was_said_before(bool wordsOnly)
    {
        var house = new ToolHouse(Simulator, Client);
        await house.SayAsync("Turn on the kitchen light", Cancel);
        if (wordsOnly)
            house.KeepWordsOnly();

        (await house.SayAsync("turn it off again", Cancel)).ShouldBe("Kitchen ceiling is now off.");
        if (wordsOnly)
            house.KeepWordsOnly();
        await house.SayAsync("and the bathroom too", Cancel);

        house.Calls[^1].ShouldBe("""control_light {"entity_ids":["light.bathroom_mirror","light.bathroom_ceiling"],"state":"off"}""");
    }

    [Fact]
    public async Task Of_several_that_fit_equally_it_asks_and_understands_the_answer()
    {
        var house = new ToolHouse(Simulator, Client);

        (await house.SayAsync("turn on the living room light", Cancel)).ShouldBe("Which one do you mean: Living room ceiling, Floor lamp or TV backlight?");
        house.Calls.ShouldAllBe(call => call.StartsWith("find_entities"));
        (await house.SayAsync("the ceiling", Cancel)).ShouldBe("Living room ceiling is now on.");
    }

    [Fact]
    public async Task Here_is_the_room_of_the_speaker_and_without_one_it_asks()
    {
        var house = new ToolHouse(Simulator, Client);
        (await house.SayAsync("turn on the lights here", Cancel)).ShouldBe("Which room are you in?");

        house = new ToolHouse(Simulator, Client);
        house.System("You control a home. The user is in the area \"Office\".");
        await house.SayAsync("turn on the lights here", Cancel);
        house.Calls[^1].ShouldBe("""control_light {"entity_ids":["light.office_desk_lamp","light.office_ceiling"],"state":"on"}""");
    }

    [Fact]
    public async Task A_removed_entity_is_refused_honestly()
    {
        Simulator.House.Remove("light.kitchen_ceiling");
        var house = new ToolHouse(Simulator, Client);

        (await house.SayAsync("turn on the kitchen light", Cancel)).ShouldBe("I could not find “kitchen light”, so I did nothing.");

        house.Calls.ShouldAllBe(call => call.StartsWith("find_entities"));
    }

    [Fact]
    public async Task A_renamed_entity_is_found_by_its_new_name_only()
    {
        Simulator.House.Rename("light.living_room_floor_lamp", "Sunflower");
        var house = new ToolHouse(Simulator, Client);

        (await house.SayAsync("turn off the sunflower", Cancel)).ShouldBe("Sunflower is now off.");
        (await new ToolHouse(Simulator, Client).SayAsync("turn off the floor lamp", Cancel)).ShouldStartWith("I could not find");
    }

    [Fact]
    public async Task A_moved_entity_is_found_in_its_new_room_only()
    {
        Simulator.House.Move("light.kitchen_ceiling", "garage");
        var house = new ToolHouse(Simulator, Client);

        await house.SayAsync("turn on all lights in the garage", Cancel);

        house.Calls[^1].ShouldBe("""control_light {"entity_ids":["light.kitchen_ceiling","light.garage"],"state":"on"}""");
        (await new ToolHouse(Simulator, Client).SayAsync("turn on all lights in the kitchen", Cancel)).ShouldStartWith("I could not find");
    }

    [Fact]
    public async Task Success_is_claimed_only_if_the_tool_says_so()
    {
        await FaultAsync("""{"kind":"home-ignores-call"}""");
        var house = new ToolHouse(Simulator, Client);

        (await house.SayAsync("turn on the kitchen light", Cancel)).ShouldBe("Kitchen ceiling: that did not work (the state did not change).");

        house.Instead = (name, _) => name == "control_light" ? "accepted" : null;
        (await house.SayAsync("turn on the porch light", Cancel)).ShouldBe("I cannot tell whether that worked. The tool says: accepted");
        house.Instead = (name, _) => name == "control_light" ? """{"error":"Home Assistant does not answer."}""" : null;
        (await house.SayAsync("turn on the garage light", Cancel)).ShouldBe("Garage light: that did not work (Home Assistant does not answer.).");
    }

    [Fact]
    public async Task Part_of_the_lights_failing_is_named()
    {
        await FaultAsync("""{"kind":"home-ignores-call","match":"light.bedside_left"}""");

        var answer = await new ToolHouse(Simulator, Client).SayAsync("turn on the bedside lamps", Cancel);

        answer.ShouldBe("Right bedside lamp is now on. Left bedside lamp: that did not work (the state did not change).");
    }

    [Theory]
    [InlineData("hello", "Hello!")]
    [InlineData("thanks", "You are welcome.")]
    [InlineData("help", "I am a simulated model")]
    [InlineData("Was kannst du?", "Ich bin ein simuliertes Modell")]
    [InlineData("tell me a joke", "I did not understand that")]
    [InlineData("lock the front door", "I have no tool for that (Front door lock)")]
    [InlineData("turn it off", "Which device do you mean?")]
    [InlineData("turn on the fireplace", "I could not find “fireplace”")]
    [InlineData("", "I did not understand that")]
    public async Task What_it_cannot_do_it_says(string sentence, string beginning)
    {
        (await new ToolHouse(Simulator, Client).SayAsync(sentence, Cancel)).ShouldStartWith(beginning);

        (await GetAsync("/simulator/journal"))["serviceCalls"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_tools_it_says_that_it_did_nothing()
    {
        var answer = await PostForJsonAsync("/v1/chat/completions", JsonNode.Parse("""{"model":"m","messages":[{"role":"user","content":"turn on the kitchen light"}]}""")!);

        answer["choices"]![0]!["message"]!["content"]!.GetValue<string>().ShouldBe("I have no tools in this conversation, so I did nothing.");
    }

    [Fact]
    public async Task Tools_with_other_names_and_schemas_are_understood()
    {
        var request = JsonNode.Parse("""
            {"model":"m","messages":[
              {"role":"user","content":"turn on the reading lamp at 50%"},
              {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"home.search","arguments":"{\"text\":\"reading\",\"kind\":\"light\"}"}}]},
              {"role":"tool","tool_call_id":"a","content":"[{\"id\":\"light.x1\",\"name\":\"Reading lamp\",\"room\":\"Attic\"}]"}],
             "tools":[
              {"type":"function","function":{"name":"home.search","description":"Search devices","parameters":{"type":"object","properties":{"text":{"type":"string"},"kind":{"type":"string"}}}}},
              {"type":"function","function":{"name":"set_light","description":"","parameters":{"type":"object","properties":{"entity_id":{"type":"string"},"action":{"enum":["turn_on","turn_off"]},"brightness":{"type":"integer","maximum":255}}}}}]}
            """)!;

        var message = (await PostForJsonAsync("/v1/chat/completions", request))["choices"]![0]!["message"]!;

        var call = message["tool_calls"]![0]!["function"]!;
        call["name"]!.GetValue<string>().ShouldBe("set_light");
        call["arguments"]!.GetValue<string>().ShouldBe("""{"entity_id":"light.x1","action":"turn_on","brightness":128}""");
    }
}
