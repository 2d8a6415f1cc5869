using System.Text.Json.Nodes;

namespace Lucia.Simulator.Home;

/// <summary>The services of lights. What a light cannot do is left out, as Home Assistant leaves it out.</summary>
internal static class LightServices
{
    private static readonly IReadOnlyList<ServiceField> Look =
    [
        ServiceField.Number("brightness", "Brightness, 0 to 255; 0 turns the light off.", 0, 255),
        ServiceField.Number("brightness_pct", "Brightness in percent.", 0, 100),
        ServiceField.Number("brightness_step", "Change of brightness, -255 to 255.", -255, 255),
        ServiceField.Number("brightness_step_pct", "Change of brightness in percent.", -100, 100),
        ServiceField.Number("color_temp_kelvin", "Colour temperature in kelvin.", 1000, 40000),
        ServiceField.OneOf("color_name", "A CSS colour name.", [.. LightColors.Named.Keys]),
        ServiceField.Numbers("rgb_color", "Red, green and blue, 0 to 255 each.", 3),
        ServiceField.Numbers("hs_color", "Hue in degrees and saturation in percent.", 2),
        ServiceField.Text("flash", "short or long."),
        ServiceField.Text("effect", "An effect of the light."),
    ];

    private static readonly ServiceField Transition = ServiceField.Number("transition", "Seconds to get there.", 0, 300);

    public static IEnumerable<Service> All =>
    [
        new("light", "turn_on", "Turns on one or more lights and adjusts their properties.", TurnOn) { Fields = [.. Look, Transition] },
        new("light", "turn_off", "Turns off one or more lights.", (light, _) => TurnOff(light)) { Fields = [Transition] },
        new("light", "toggle", "Toggles one or more lights.", (light, data) => light.State == "on" ? TurnOff(light) : TurnOn(light, data)) { Fields = [.. Look, Transition] },
    ];

    public static EntityChange? TurnOff(EntityState light)
    {
        var attributes = new JsonObject { ["color_mode"] = null };
        foreach (var name in (string[])["brightness", "color_temp_kelvin", "hs_color", "rgb_color"])
        {
            if (light.Attributes.ContainsKey(name))
                attributes[name] = null;
        }

        return new EntityChange("off", attributes);
    }

    public static EntityChange? TurnOn(EntityState light, JsonObject data)
    {
        var modes = Json.Strings(light.Attributes["supported_color_modes"]) ?? [];
        var attributes = new JsonObject();
        var mode = light.Attributes.String("color_mode") ?? modes.FirstOrDefault() ?? "onoff";
        if (light.Attributes.ContainsKey("brightness"))
        {
            var brightness = Brightness(light, data);
            if (brightness <= 0)
                return TurnOff(light);
            attributes["brightness"] = brightness;
        }

        if (modes.Contains("color_temp") && (data.Number("color_temp_kelvin") ?? light.Attributes.Number("color_temp_kelvin") ?? (mode == "hs" ? null : 2732)) is { } kelvin)
        {
            attributes["color_temp_kelvin"] = (int)Math.Clamp(
                kelvin, light.Attributes.Number("min_color_temp_kelvin") ?? 2000, light.Attributes.Number("max_color_temp_kelvin") ?? 6535);
            if (mode != "hs" || data.ContainsKey("color_temp_kelvin"))
                mode = "color_temp";
        }

        if (modes.Contains("hs"))
        {
            if (Color(data) is { } color)
            {
                mode = "hs";
                var (r, g, b) = LightColors.ToRgb(color.Hue, color.Saturation);
                attributes["hs_color"] = new JsonArray(color.Hue, color.Saturation);
                attributes["rgb_color"] = new JsonArray(r, g, b);
                attributes["color_temp_kelvin"] = null;
            }
            else if (mode == "color_temp")
            {
                attributes["hs_color"] = null;
                attributes["rgb_color"] = null;
            }
        }

        attributes["color_mode"] = mode;
        return new EntityChange("on", attributes);
    }

    private static int Brightness(EntityState light, JsonObject data)
    {
        var current = light.Attributes.Number("brightness");
        var wanted = data.Number("brightness")
            ?? (data.Number("brightness_pct") is { } percent ? percent * 255 / 100 : default(double?))
            ?? (data.Number("brightness_step") is { } step ? (current ?? 0) + step : default(double?))
            ?? (data.Number("brightness_step_pct") is { } stepPercent ? (current ?? 0) + (stepPercent * 255 / 100) : default(double?))
            ?? current
            ?? 255;
        return (int)Math.Round(Math.Clamp(wanted, 0, 255), MidpointRounding.AwayFromZero);
    }

    private static (double Hue, double Saturation)? Color(JsonObject data)
    {
        if (data.String("color_name") is { } name && LightColors.Named.TryGetValue(name, out var named))
            return LightColors.ToHueSaturation(named);
        if (data["rgb_color"] is JsonArray rgb)
            return LightColors.ToHueSaturation(((int)rgb[0].AsNumber()!, (int)rgb[1].AsNumber()!, (int)rgb[2].AsNumber()!));
        return data["hs_color"] is JsonArray hs ? (hs[0].AsNumber()!.Value, hs[1].AsNumber()!.Value) : null;
    }
}
