using System.Text.Json.Nodes;

namespace Lucia.Simulator.Home;

/// <summary>The services of everything that is not a light.</summary>
internal static class HomeServices
{
    private const string AlarmCode = "1234";
    private static readonly string[] Switchable = ["light", "switch", "fan", "media_player", "climate", "cover", "script", "scene"];
    private static readonly ServiceField Code = ServiceField.Text("code", "The code of the panel.");

    public static IEnumerable<Service> All =>
    [
        new("switch", "turn_on", "Turns on a switch.", (_, _) => new("on")),
        new("switch", "turn_off", "Turns off a switch.", (_, _) => new("off")),
        new("switch", "toggle", "Toggles a switch.", (it, _) => new(Other(it))),

        new("fan", "turn_on", "Turns on a fan.", (fan, data) => Fan(fan, data.Number("percentage") ?? (fan.State == "on" ? fan.Attributes.Number("percentage") : 50)))
        {
            Fields = [ServiceField.Number("percentage", "Speed in percent.", 0, 100), ServiceField.Text("preset_mode", "A preset of the fan.")],
        },
        new("fan", "turn_off", "Turns off a fan.", (fan, _) => Fan(fan, 0)),
        new("fan", "toggle", "Toggles a fan.", (fan, _) => Fan(fan, fan.State == "on" ? 0 : 50)),
        new("fan", "set_percentage", "Sets the speed of a fan.", (fan, data) => Fan(fan, data.Number("percentage")))
        {
            Fields = [ServiceField.Number("percentage", "Speed in percent.", 0, 100, required: true)],
        },

        new("cover", "open_cover", "Opens a cover.", (cover, _) => Cover(cover, 100)),
        new("cover", "close_cover", "Closes a cover.", (cover, _) => Cover(cover, 0)),
        new("cover", "stop_cover", "Stops a cover.", (_, _) => null),
        new("cover", "toggle", "Toggles a cover.", (cover, _) => Cover(cover, cover.State == "open" ? 0 : 100)),
        new("cover", "set_cover_position", "Moves a cover to a position.", (cover, data) => cover.Attributes.ContainsKey("current_position")
            ? Cover(cover, (int)data.Number("position")!)
            : throw new ServiceValidation($"Entity {cover.EntityId} does not support this service."))
        {
            Fields = [ServiceField.Number("position", "Percent open.", 0, 100, required: true)],
        },

        new("lock", "lock", "Locks a lock.", (_, _) => new("locked")) { Fields = [Code] },
        new("lock", "unlock", "Unlocks a lock.", (_, _) => new("unlocked")) { Fields = [Code] },

        new("alarm_control_panel", "alarm_arm_home", "Arms the alarm at home.", (_, _) => new("armed_home")) { Fields = [Code] },
        new("alarm_control_panel", "alarm_arm_away", "Arms the alarm when away.", (_, _) => new("armed_away")) { Fields = [Code] },
        new("alarm_control_panel", "alarm_arm_night", "Arms the alarm for the night.", (_, _) => new("armed_night")) { Fields = [Code] },
        new("alarm_control_panel", "alarm_disarm", "Disarms the alarm.", (_, data) => data.String("code") == AlarmCode
            ? new("disarmed")
            : throw new ServiceValidation("Invalid alarm code provided")) { Fields = [Code] },

        new("climate", "set_temperature", "Sets the temperature setpoint.", SetTemperature)
        {
            Fields =
            [
                ServiceField.Number("temperature", "Degrees Celsius.", -273, 1000, required: true),
                ServiceField.OneOf("hvac_mode", "The mode to change to.", ["off", "heat", "auto"]),
            ],
        },
        new("climate", "set_hvac_mode", "Sets the mode.", (it, data) => Hvac(it, data.String("hvac_mode")!))
        {
            Fields = [ServiceField.OneOf("hvac_mode", "The mode to change to.", ["off", "heat", "auto"], required: true)],
        },
        new("climate", "turn_on", "Turns on heating.", (it, _) => Hvac(it, "heat")),
        new("climate", "turn_off", "Turns off heating.", (it, _) => Hvac(it, "off")),

        new("media_player", "turn_on", "Turns on a player.", (it, _) => new(it.State == "off" ? "idle" : it.State)),
        new("media_player", "turn_off", "Turns off a player.", (_, _) => new("off")),
        new("media_player", "toggle", "Toggles a player.", (it, _) => new(it.State == "off" ? "idle" : "off")),
        new("media_player", "media_play", "Plays.", (_, _) => new("playing")),
        new("media_player", "media_pause", "Pauses.", (it, _) => it.State == "playing" ? new("paused") : null),
        new("media_player", "media_play_pause", "Plays or pauses.", (it, _) => new(it.State == "playing" ? "paused" : "playing")),
        new("media_player", "media_stop", "Stops.", (it, _) => it.State == "off" ? null : new("idle")),
        new("media_player", "volume_up", "Turns the volume up.", (it, _) => Volume(it, (it.Attributes.Number("volume_level") ?? 0) + 0.1)),
        new("media_player", "volume_down", "Turns the volume down.", (it, _) => Volume(it, (it.Attributes.Number("volume_level") ?? 0) - 0.1)),
        new("media_player", "volume_set", "Sets the volume.", (it, data) => Volume(it, data.Number("volume_level") ?? 0))
        {
            Fields = [ServiceField.Number("volume_level", "0 to 1.", 0, 1, required: true)],
        },
        new("media_player", "volume_mute", "Mutes or unmutes.", (_, data) => new(null, new JsonObject { ["is_volume_muted"] = data.Flag("is_volume_muted") }))
        {
            Fields = [ServiceField.Flag("is_volume_muted", "Whether to mute.", required: true)],
        },

        new("scene", "turn_on", "Activates a scene.", (_, _) => new(EntityState.Timestamp(DateTimeOffset.UtcNow)))
        {
            RunsRoutine = true,
            Fields = [ServiceField.Number("transition", "Seconds to get there.", 0, 300)],
        },
        new("script", "turn_on", "Runs a script.", (_, _) => new("off", new JsonObject { ["last_triggered"] = EntityState.Timestamp(DateTimeOffset.UtcNow) }))
        {
            RunsRoutine = true,
        },
        new("script", "turn_off", "Stops a script.", (_, _) => null),

        new("homeassistant", "turn_on", "Turns on entities of any kind.", Generic("turn_on")) { TargetDomains = Switchable },
        new("homeassistant", "turn_off", "Turns off entities of any kind.", Generic("turn_off")) { TargetDomains = Switchable },
        new("homeassistant", "toggle", "Toggles entities of any kind.", Generic("toggle")) { TargetDomains = Switchable },
    ];

    private static ServiceEffect Generic(string name) => (it, data) => it.Domain switch
    {
        "cover" => Cover(it, name == "toggle" ? it.State == "open" ? 0 : 100 : name == "turn_on" ? 100 : 0),
        _ => HomeAssistantServices.Find(it.Domain, name)?.Effect(it, data),
    };

    private static string Other(EntityState it) => it.State == "on" ? "off" : "on";

    private static EntityChange Fan(EntityState fan, double? percentage) => new(
        percentage is null or > 0 ? "on" : "off",
        fan.Attributes.ContainsKey("percentage") ? new JsonObject { ["percentage"] = (int)(percentage ?? 50) } : null);

    private static EntityChange Cover(EntityState cover, int position) => new(
        position > 0 ? "open" : "closed",
        cover.Attributes.ContainsKey("current_position") ? new JsonObject { ["current_position"] = position } : null);

    private static EntityChange Volume(EntityState player, double level) => player.State == "off"
        ? throw new ServiceValidation($"Entity {player.EntityId} does not support this service.")
        : new EntityChange(null, new JsonObject { ["volume_level"] = Math.Round(Math.Clamp(level, 0, 1), 2) });

    private static EntityChange SetTemperature(EntityState it, JsonObject data)
    {
        var wanted = data.Number("temperature")!.Value;
        double low = it.Attributes.Number("min_temp") ?? 7, high = it.Attributes.Number("max_temp") ?? 35;
        if (wanted < low || wanted > high)
            throw new ServiceValidation(FormattableString.Invariant($"Provided temperature {wanted} is not valid. Accepted range is {low} to {high}"));
        var mode = data.String("hvac_mode") ?? (it.State == "off" ? "heat" : it.State);
        var change = Hvac(it, mode);
        change.Attributes!["temperature"] = wanted;
        change.Attributes["hvac_action"] = mode == "off" ? "off" : Action(it, wanted);
        return change;
    }

    private static EntityChange Hvac(EntityState it, string mode)
    {
        double? target = mode == "off" ? null : it.Attributes.Number("temperature") ?? 20;
        return new(mode, new JsonObject { ["temperature"] = target, ["hvac_action"] = target is { } degrees ? Action(it, degrees) : "off" });
    }

    private static string Action(EntityState it, double target) => (it.Attributes.Number("current_temperature") ?? target) < target ? "heating" : "idle";
}
