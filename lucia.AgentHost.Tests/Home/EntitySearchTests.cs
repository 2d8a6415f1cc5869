using System.Text.Json;
using Lucia.AgentHost.Home;

namespace Lucia.AgentHost.Tests.Home;

public sealed class EntitySearchTests
{
    private static readonly Entity[] House =
    [
        Make("light.kitchen_ceiling", "Kitchen ceiling", "Kitchen"),
        Make("light.kitchen_counter", "Counter strip", "Kitchen"),
        Make("light.living_room_floor_lamp", "Floor lamp", "Living Room"),
        Make("light.kueche_spot", "Küchenspot", "Küche"),
        Make("switch.coffee_machine", "Coffee machine", "Kitchen"),
        Make("switch.garden_pump", "Pump", "Garden"),
        Make("sensor.bath_temperature", "Temperature", "Bathroom"),
    ];

    [Theory]
    [InlineData("kitchen ceiling", null, null, "light.kitchen_ceiling")]
    [InlineData("the kitchen ceiling light please", null, null, "light.kitchen_ceiling")]
    [InlineData("ceiling", "kitchen", null, "light.kitchen_ceiling")]
    [InlineData("floor lamp", "the living room", "light", "light.living_room_floor_lamp")]
    [InlineData("coffee", null, null, "switch.coffee_machine")]
    [InlineData("cofee machine", null, null, "switch.coffee_machine")]
    [InlineData("kuchenspot", null, null, "light.kueche_spot")]
    [InlineData("bath temperature", null, null, "sensor.bath_temperature")]
    public void The_best_match_comes_first(string query, string? area, string? domain, string expected) =>
        EntitySearch.Find(House, query, area, domain, null)[0].Id.ShouldBe(expected);

    [Fact]
    public void A_word_that_fits_nothing_finds_nothing() => EntitySearch.Find(House, "sauna", null, null, null).ShouldBeEmpty();

    [Fact]
    public void A_room_and_a_kind_without_words_list_all_of_it() =>
        EntitySearch.Find(House, null, "kitchen", "light", null).Select(entity => entity.Id).ShouldBe(["light.kitchen_ceiling", "light.kitchen_counter"]);

    [Fact]
    public void Among_equals_the_speakers_room_wins() =>
        EntitySearch.Find(House, "light", null, "light", "Living Room")[0].Id.ShouldBe("light.living_room_floor_lamp");

    [Theory]
    [InlineData("Living Room", "livingroom", true)]
    [InlineData("Living Room", "the living room", true)]
    [InlineData("Küche", "kuche", true)]
    [InlineData("Kitchen", "bathroom", false)]
    [InlineData(null, "kitchen", false)]
    public void Rooms_are_compared_as_people_say_them(string? name, string spoken, bool same) => EntitySearch.SameArea(name, spoken).ShouldBe(same);

    private static Entity Make(string id, string name, string area)
    {
        using var attributes = JsonDocument.Parse(JsonSerializer.Serialize(new Dictionary<string, string> { ["friendly_name"] = name }));
        return new Entity(new EntityState(id, "off", attributes.RootElement.Clone()), area);
    }
}
