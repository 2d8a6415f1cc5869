using System.Text.Json.Nodes;

namespace Lucia.Simulator.Home;

/// <summary>What stands in the house at the start: three storeys and a garden, twelve areas, over sixty entities.</summary>
internal static class FurnishedHouse
{
    private const string On = "on";
    private const string Off = "off";

    public static readonly IReadOnlyList<Floor> Floors =
    [
        new("basement", "Basement floor", -1),
        new("ground_floor", "Ground floor", 0),
        new("first_floor", "First floor", 1),
    ];

    public static readonly IReadOnlyList<Area> Areas =
    [
        new("kitchen", "Kitchen", "ground_floor", []),
        new("living_room", "Living room", "ground_floor", ["Lounge"]),
        new("dining_room", "Dining room", "ground_floor", []),
        new("hallway", "Hallway", "ground_floor", ["Entrance"]),
        new("office", "Office", "ground_floor", ["Study"]),
        new("bedroom", "Bedroom", "first_floor", []),
        new("kids_room", "Kids room", "first_floor", ["Nursery"]),
        new("guest_room", "Guest room", "first_floor", []),
        new("bathroom", "Bathroom", "first_floor", []),
        new("basement", "Basement", "basement", ["Laundry"]),
        new("garage", "Garage", "ground_floor", []),
        new("garden", "Garden", null, ["Yard"]),
    ];

    public static readonly IReadOnlyList<Device> Devices =
    [
        new("d0000000000000000000000000000001", "Kitchen multisensor", "kitchen", "Aeotec", "MultiSensor 7"),
        new("d0000000000000000000000000000002", "Living room television", "living_room", "LG", "OLED55"),
        new("d0000000000000000000000000000003", "Bedroom thermostat", "bedroom", "tado", "Smart Radiator Thermostat"),
        new("d0000000000000000000000000000004", "Living room thermostat", "living_room", "tado", "Smart Thermostat"),
        new("d0000000000000000000000000000005", "Front door lock", "hallway", "Nuki", "Smart Lock 4.0 Pro"),
        new("d0000000000000000000000000000006", "Garage door drive", "garage", "Hörmann", "SupraMatic 4"),
        new("d0000000000000000000000000000007", "Bathroom multisensor", "bathroom", "Aqara", "T1"),
        new("d0000000000000000000000000000008", "Coffee machine plug", "kitchen", "Shelly", "Plug S"),
        new("d0000000000000000000000000000009", "Washing machine plug", "basement", "Shelly", "Plug S"),
        new("d000000000000000000000000000000a", "Kitchen ceiling lamp", "kitchen", "Signify", "Hue White Ambiance"),
        new("d000000000000000000000000000000b", "Living room strip", "living_room", "Signify", "Hue Lightstrip Plus"),
        new("d000000000000000000000000000000c", "Alarm panel", "hallway", "Bosch", "Solution 2000"),
        new("d000000000000000000000000000000d", "Weather station", "garden", "Netatmo", "NWS01"),
        new("d000000000000000000000000000000e", "Office multisensor", "office", "Aeotec", "MultiSensor 7"),
        new("d000000000000000000000000000000f", "Bedroom fan", "bedroom", "Dyson", "AM07"),
    ];

    public static readonly IReadOnlyList<Piece> Furniture =
    [
        // Lights: on/off, dimmable, white of any warmth, and colour.
        Light("kitchen_ceiling", "Kitchen ceiling", null, "color_temp", device: 0xa),
        Light("living_room_ceiling", "Living room ceiling", "living_room", "brightness"),
        Light("living_room_floor_lamp", "Floor lamp", "living_room", "color_temp", on: true),
        Light("living_room_strip", "TV backlight", null, "color", device: 0xb),
        Light("dining_table", "Dining table", "dining_room", "brightness"),
        Light("hallway", "Hallway light", "hallway", "onoff", on: true),
        Light("office_desk_lamp", "Desk lamp", "office", "color_temp"),
        Light("office_ceiling", "Office ceiling", "office", "brightness"),
        Light("bedroom_ceiling", "Bedroom ceiling", "bedroom", "color_temp"),
        Light("bedside_left", "Left bedside lamp", "bedroom", "brightness"),
        Light("bedside_right", "Right bedside lamp", "bedroom", "brightness"),
        Light("kids_room_ceiling", "Kids room ceiling", "kids_room", "color"),
        Light("night_light", "Night light", "kids_room", "color"),
        Light("guest_room_ceiling", "Guest room ceiling", "guest_room", "brightness"),
        Light("bathroom_mirror", "Mirror light", "bathroom", "color_temp"),
        Light("bathroom_ceiling", "Bathroom ceiling", "bathroom", "brightness"),
        Light("basement", "Basement light", "basement", "onoff"),
        Light("garage", "Garage light", "garage", "onoff"),
        Light("garden_path", "Garden path", "garden", "brightness"),
        Light("porch", "Porch light", "garden", "onoff"),

        Switch("coffee_machine", "Coffee machine", null, device: 8),
        Switch("kitchen_radio", "Kitchen radio", "kitchen"),
        Switch("washing_machine", "Washing machine", null, device: 9, on: true),
        Switch("christmas_tree", "Christmas tree", "living_room"),
        Switch("office_heater", "Office heater", "office"),
        Switch("garden_sprinkler", "Sprinkler", "garden"),
        Switch("router", "Internet router", "office", on: true, exposed: false),

        Temperature("kitchen_temperature", "Kitchen temperature", null, 21.4, device: 1),
        Humidity("kitchen_humidity", "Kitchen humidity", null, 48, device: 1),
        Temperature("living_room_temperature", "Living room temperature", null, 21.9, device: 4),
        Temperature("bedroom_temperature", "Bedroom temperature", null, 18.7, device: 3),
        Temperature("kids_room_temperature", "Kids room temperature", "kids_room", 20.3),
        Temperature("bathroom_temperature", "Bathroom temperature", null, 22.8, device: 7),
        Humidity("bathroom_humidity", "Bathroom humidity", null, 61, device: 7),
        Temperature("office_temperature", "Office temperature", null, 20.9, device: 0xe),
        Temperature("garden_temperature", "Outdoor temperature", null, 7.6, device: 0xd),
        Humidity("garden_humidity", "Outdoor humidity", null, 83, device: 0xd),
        Sensor("washing_machine_power", "Washing machine power", null, "412.5", "power", "W", device: 9, exposed: false),
        Sensor("coffee_machine_power", "Coffee machine power", null, "0.8", "power", "W", device: 8, exposed: false),
        Sensor("front_door_lock_battery", "Front door lock battery", null, "78", "battery", "%", device: 5, exposed: false, category: "diagnostic"),

        Binary("kitchen_motion", "Kitchen motion", null, "motion", device: 1),
        Binary("hallway_motion", "Hallway motion", "hallway", "motion"),
        Binary("front_door", "Front door", "hallway", "door"),
        Binary("kitchen_window", "Kitchen window", "kitchen", "window"),
        Binary("bedroom_window", "Bedroom window", "bedroom", "window", on: true),
        Binary("bathroom_window", "Bathroom window", "bathroom", "window"),
        Binary("basement_leak", "Basement water leak", "basement", "moisture"),
        Binary("kitchen_smoke", "Kitchen smoke", "kitchen", "smoke"),

        Climate("living_room", "Living room thermostat", 4, "heat", 21.5, 21.9, "idle"),
        Climate("bedroom", "Bedroom thermostat", 3, "heat", 19, 18.7, "heating"),
        new(new() { EntityId = "climate.bathroom", Platform = "tado", OriginalName = "Bathroom heating", AreaId = "bathroom" }, Off, Thermostat(Off, null, 22.8, Off)),

        Cover("living_room_blinds", "Living room blinds", "living_room", "blind", 100),
        Cover("bedroom_blinds", "Bedroom blinds", "bedroom", "blind", 0),
        Cover("kids_room_curtain", "Kids room curtain", "kids_room", "curtain", 100),
        Cover("garage_door", "Garage door", null, "garage", 0, device: 6),

        new(new() { EntityId = "lock.front_door", Platform = "nuki", OriginalName = "Front door lock", DeviceId = Id(5) }, "locked", new JsonObject { ["supported_features"] = 1 }),
        new(new() { EntityId = "lock.basement_door", Platform = "nuki", OriginalName = "Basement door lock", AreaId = "basement" }, "unlocked", new JsonObject { ["supported_features"] = 0 }),
        new(
            new() { EntityId = "alarm_control_panel.house", Platform = "bosch_alarm", OriginalName = "House alarm", DeviceId = Id(0xc), Exposed = false },
            "disarmed",
            new JsonObject { ["code_format"] = "number", ["changed_by"] = null, ["code_arm_required"] = false, ["supported_features"] = 7 }),

        Player("living_room_tv", "Television", null, "tv", Off, device: 2),
        Player("kitchen_speaker", "Kitchen speaker", "kitchen", "speaker", "idle"),
        Player("bedroom_speaker", "Bedroom speaker", "bedroom", "speaker", "idle"),

        new(
            new() { EntityId = "fan.bedroom", Platform = "dyson", OriginalName = "Bedroom fan", DeviceId = Id(0xf) },
            Off,
            new JsonObject { ["percentage"] = 0, ["percentage_step"] = 10.0, ["preset_mode"] = null, ["supported_features"] = 49 }),
        new(
            new() { EntityId = "fan.bathroom", Platform = "shelly", OriginalName = "Bathroom fan", AreaId = "bathroom" },
            Off,
            new JsonObject { ["supported_features"] = 48 }),

        new(new() { EntityId = "scene.movie_night", Platform = "homeassistant", OriginalName = "Movie night", AreaId = "living_room" }, "unknown", []),
        new(new() { EntityId = "scene.good_morning", Platform = "homeassistant", OriginalName = "Good morning" }, "unknown", []),
        new(
            new() { EntityId = "script.good_night", Platform = "script", OriginalName = "Good night" },
            Off,
            new JsonObject { ["last_triggered"] = null, ["mode"] = "single", ["current"] = 0 }),
        new(new() { EntityId = "todo.shopping_list", Platform = "shopping_list", OriginalName = "Shopping list" }, "2", new JsonObject { ["supported_features"] = 15 }),
    ];

    /// <summary>What a scene or script does, as service calls.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Step>> Routines = new Dictionary<string, IReadOnlyList<Step>>
    {
        ["scene.movie_night"] =
        [
            new("light", "turn_off", "light.living_room_ceiling"),
            new("light", "turn_on", "light.living_room_strip", new JsonObject { ["brightness_pct"] = 30, ["color_name"] = "blue" }),
            new("cover", "close_cover", "cover.living_room_blinds"),
            new("media_player", "turn_on", "media_player.living_room_tv"),
        ],
        ["scene.good_morning"] =
        [
            new("light", "turn_on", "light.kitchen_ceiling", new JsonObject { ["brightness_pct"] = 80 }),
            new("cover", "open_cover", "cover.bedroom_blinds"),
            new("switch", "turn_on", "switch.coffee_machine"),
        ],
        ["script.good_night"] =
        [
            .. Furniture.Where(piece => piece.Entity.EntityId.StartsWith("light.", StringComparison.Ordinal) && piece.Entity.EntityId != "light.night_light")
                .Select(piece => new Step("light", "turn_off", piece.Entity.EntityId)),
            new("media_player", "turn_off", "media_player.living_room_tv"),
            new("lock", "lock", "lock.front_door"),
        ],
    };

    /// <summary>An entity, where it is registered and how it stands at the start.</summary>
    public sealed record Piece(RegisteredEntity Entity, string State, JsonObject Attributes);

    /// <summary>One service call of a scene or script.</summary>
    public sealed record Step(string Domain, string Service, string EntityId, JsonObject? Data = null);

    /// <summary>The attributes of a light that can do what <paramref name="colorMode"/> says, lit or dark.</summary>
    public static JsonObject LightAttributes(string colorMode, bool on)
    {
        var attributes = new JsonObject
        {
            ["supported_color_modes"] = colorMode == "color" ? new JsonArray("color_temp", "hs") : new JsonArray(colorMode),
            ["color_mode"] = !on ? null : colorMode == "color" ? "color_temp" : colorMode,
            ["supported_features"] = colorMode == "onoff" ? 0 : 32,
        };
        if (colorMode != "onoff")
            attributes["brightness"] = on ? 178 : null;
        if (colorMode is "color_temp" or "color")
        {
            attributes["min_color_temp_kelvin"] = 2202;
            attributes["max_color_temp_kelvin"] = 6535;
            attributes["color_temp_kelvin"] = on ? 2732 : null;
        }

        if (colorMode == "color")
        {
            attributes["hs_color"] = null;
            attributes["rgb_color"] = null;
        }

        return attributes;
    }

    private static string Id(int device) => device == 0 ? "" : $"d{device:x31}";

    private static string? Owner(int device) => device == 0 ? null : Id(device);

    private static Piece Light(string id, string name, string? area, string mode, bool on = false, int device = 0) => new(
        new() { EntityId = $"light.{id}", Platform = "hue", OriginalName = name, AreaId = area, DeviceId = Owner(device) }, on ? On : Off, LightAttributes(mode, on));

    private static Piece Switch(string id, string name, string? area, bool on = false, int device = 0, bool exposed = true) => new(
        new() { EntityId = $"switch.{id}", Platform = "shelly", OriginalName = name, AreaId = area, DeviceId = Owner(device), Exposed = exposed },
        on ? On : Off,
        new JsonObject { ["device_class"] = "outlet" });

    private static Piece Temperature(string id, string name, string? area, double value, int device = 0) =>
        Sensor(id, name, area, value.ToString(System.Globalization.CultureInfo.InvariantCulture), "temperature", "°C", device);

    private static Piece Humidity(string id, string name, string? area, int value, int device = 0) =>
        Sensor(id, name, area, value.ToString(System.Globalization.CultureInfo.InvariantCulture), "humidity", "%", device);

    private static Piece Sensor(
        string id, string name, string? area, string value, string kind, string unit, int device = 0, bool exposed = true, string? category = null) => new(
        new() { EntityId = $"sensor.{id}", Platform = "mqtt", OriginalName = name, AreaId = area, DeviceId = Owner(device), Exposed = exposed, EntityCategory = category },
        value,
        new JsonObject { ["state_class"] = "measurement", ["unit_of_measurement"] = unit, ["device_class"] = kind });

    private static Piece Binary(string id, string name, string? area, string kind, bool on = false, int device = 0) => new(
        new() { EntityId = $"binary_sensor.{id}", Platform = "zha", OriginalName = name, AreaId = area, DeviceId = Owner(device) },
        on ? On : Off,
        new JsonObject { ["device_class"] = kind });

    private static Piece Climate(string id, string name, int device, string mode, double target, double current, string action) => new(
        new() { EntityId = $"climate.{id}", Platform = "tado", OriginalName = name, DeviceId = Owner(device) }, mode, Thermostat(mode, target, current, action));

    private static JsonObject Thermostat(string mode, double? target, double current, string action) => new()
    {
        ["hvac_modes"] = new JsonArray("off", "heat", "auto"),
        ["min_temp"] = 5,
        ["max_temp"] = 30,
        ["target_temp_step"] = 0.5,
        ["current_temperature"] = current,
        ["temperature"] = mode == Off ? null : target,
        ["hvac_action"] = action,
        ["supported_features"] = 385,
    };

    private static Piece Cover(string id, string name, string? area, string kind, int position, int device = 0) => new(
        new() { EntityId = $"cover.{id}", Platform = "somfy", OriginalName = name, AreaId = area, DeviceId = Owner(device) },
        position > 0 ? "open" : "closed",
        kind == "garage"
            ? new JsonObject { ["device_class"] = kind, ["supported_features"] = 11 }
            : new JsonObject { ["current_position"] = position, ["device_class"] = kind, ["supported_features"] = 15 });

    private static Piece Player(string id, string name, string? area, string kind, string state, int device = 0) => new(
        new() { EntityId = $"media_player.{id}", Platform = "cast", OriginalName = name, AreaId = area, DeviceId = Owner(device) },
        state,
        new JsonObject { ["device_class"] = kind, ["volume_level"] = 0.35, ["is_volume_muted"] = false, ["supported_features"] = 152461 });
}
