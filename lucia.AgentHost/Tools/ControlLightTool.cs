using System.Globalization;
using System.Text.Json;
using Lucia.AgentHost.Home;
using Lucia.Settings;

namespace Lucia.AgentHost.Tools;

/// <summary>Turns lights on and off, dims and colours them.</summary>
public sealed class ControlLightTool(House house, VerifiedServices services, LuciaSettings settings) : ControlTool(
    "control_light",
    "Turns lights on or off, dims them, and sets their colour. The result says for each of them whether the home confirmed it.",
    """
    {
      "type": "object",
      "properties": {
        "entity_ids": { "type": "array", "items": { "type": "string" }, "description": "Entity ids from find_entities, each beginning with light." },
        "state": { "type": "string", "enum": ["on", "off", "toggle"] },
        "brightness_percent": { "type": "integer", "minimum": 1, "maximum": 100 },
        "color_temperature_kelvin": { "type": "integer", "minimum": 1500, "maximum": 9000, "description": "2700 is warm white, 4000 neutral, 6500 cold." },
        "color_name": { "type": "string", "description": "An English CSS colour name, such as red or lightblue." },
        "confirmed": { "type": "boolean", "description": "Only true when the user was asked to confirm and said yes." }
      },
      "required": ["entity_ids", "state"],
      "additionalProperties": false
    }
    """,
    "light", house, services, settings)
{
    protected override Change Read(ToolArguments arguments)
    {
        var brightness = arguments.Integer("brightness_percent", 0, 100);
        var kelvin = arguments.Integer("color_temperature_kelvin", 1000, 12000);
        var color = arguments.Text("color_name")?.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        if (kelvin is not null && color is not null) throw new ToolArgumentException("Give either a colour temperature or a colour, not both.");
        var implied = brightness is > 0 || kelvin is not null || color is not null ? "on" : null;
        var state = arguments.Choice("state", "on", "off", "toggle") ?? implied
            ?? throw new ToolArgumentException("\"state\" is missing: on, off or toggle.");
        // "Dim it to zero" means off.
        return brightness == 0 ? new Setting("off", null, null, null) : new Setting(state, brightness, kelvin, color);
    }

    private sealed record Setting(string State, int? Brightness, int? Kelvin, string? Color) : Change
    {
        // Lamps round: 40 % becomes 102 of 255 and may come back as 101; colour temperatures snap to the lamp's steps.
        private const double BrightnessTolerance = 2.5, KelvinTolerance = 0.06;

        private static readonly string[] ColorModes = ["hs", "rgb", "rgbw", "rgbww", "xy"];

        public override string Service(Entity entity) => WantsOn(State, entity) ? "turn_on" : "turn_off";

        public override string? Refuse(Entity entity)
        {
            var modes = entity.Current.Texts("supported_color_modes");
            if (modes.Count == 0 || State == "off") return null;
            if (Brightness is not null && modes.All(mode => mode is "onoff" or "unknown")) return $"{entity.Name} cannot be dimmed.";
            if (Kelvin is not null && !modes.Contains("color_temp")) return $"{entity.Name} has no adjustable white.";
            return Color is not null && !modes.Any(ColorModes.Contains) ? $"{entity.Name} cannot change its colour." : null;
        }

        public override Action<Utf8JsonWriter> Data => writer =>
        {
            if (Brightness is { } percent) writer.WriteNumber("brightness_pct", percent);
            if (Kelvin is { } kelvin) writer.WriteNumber("color_temp_kelvin", kelvin);
            if (Color is not null) writer.WriteString("color_name", Color);
        };

        public override ServiceTarget For(Entity entity)
        {
            if (!WantsOn(State, entity)) return new(entity, "off", state => state.State == "off");
            var percent = Brightness is { } brightness ? string.Create(CultureInfo.InvariantCulture, $" at {brightness} %") : "";
            var white = Kelvin is { } kelvin ? string.Create(CultureInfo.InvariantCulture, $" at {kelvin} K") : "";
            return new(entity, "on" + percent + white + (Color is null ? "" : " in " + Color), Reached);
        }

        private bool Reached(EntityState state) =>
            state.State == "on"
            && (Brightness is not { } percent || (state.Number("brightness") is { } level && Math.Abs(level / 2.55 - percent) <= BrightnessTolerance))
            && (Kelvin is not { } kelvin || (state.Number("color_temp_kelvin") is { } white && Math.Abs(white - kelvin) <= kelvin * KelvinTolerance))
            && (Color is null || (state.Text("color_mode") is { } mode && ColorModes.Contains(mode)));
    }
}
