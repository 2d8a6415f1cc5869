using System.Text.Json.Nodes;

namespace Lucia.Simulator.Model;

/// <summary>Puts a wish into the properties of a control tool, by the words of its schema.</summary>
internal static class ControlArguments
{
    /// <summary>The arguments without the entity ids, or <see langword="null"/> when the tool cannot do what is wished.</summary>
    public static JsonObject? For(Tool tool, Wish wish)
    {
        var arguments = new JsonObject();
        if (tool.Action is { } action)
        {
            var word = wish.Act switch
            {
                Act.TurnOn or Act.Adjust => tool.Word(action, "on", "turn_on", "open", "activate", "set"),
                Act.TurnOff => tool.Word(action, "off", "turn_off", "close"),
                Act.Toggle => tool.Word(action, "toggle"),
                Act.Open => tool.Word(action, "open", "open_cover", "on"),
                Act.Close => tool.Word(action, "close", "closed", "close_cover", "off"),
                Act.Lock => tool.Word(action, "lock", "locked"),
                Act.Unlock => tool.Word(action, "unlock", "unlocked"),
                Act.SetTemperature => tool.Word(action, "set_temperature", "set", "heat", "on"),
                _ => null,
            };
            if (word is null)
                return null;
            arguments[action] = word;
        }
        else if (wish.Act is not (Act.Adjust or Act.SetTemperature))
        {
            return null;
        }

        return Brightness(tool, wish, arguments) && Warmth(tool, wish, arguments) && Color(tool, wish, arguments) && Temperature(tool, wish, arguments) ? arguments : null;
    }

    private static bool Brightness(Tool tool, Wish wish, JsonObject arguments)
    {
        if (wish.BrightnessPercent is not { } percent || wish.Act == Act.TurnOff)
            return true;
        if ((tool.PropertyWith("bright") ?? tool.PropertyWith("dim") ?? tool.PropertyWith("percent") ?? tool.PropertyWith("level")) is not { } name)
            return false;

        // Zero percent is off; a tool that starts at 1 would refuse it.
        if (percent == 0 && tool.Action is { } action && tool.Word(action, "off", "turn_off") is { } off)
        {
            arguments[action] = off;
            return true;
        }

        var outOf255 = tool.SchemaOf(name).Number("maximum") is > 100 || !(name.Contains("perc", StringComparison.OrdinalIgnoreCase) || name.Contains("pct", StringComparison.OrdinalIgnoreCase)
            || tool.SchemaOf(name).Number("maximum") is 100 || (tool.SchemaOf(name).String("description") ?? "").Contains("percent", StringComparison.OrdinalIgnoreCase));
        arguments[name] = outOf255 ? (int)Math.Round(percent * 255 / 100.0, MidpointRounding.AwayFromZero) : percent;
        return true;
    }

    private static bool Warmth(Tool tool, Wish wish, JsonObject arguments)
    {
        if (wish.Kelvin is not { } kelvin || wish.Act == Act.TurnOff)
            return true;
        if ((tool.PropertyWith("kelvin") ?? tool.PropertyWith("color_temp") ?? tool.PropertyWith("colour_temp")) is not { } name)
            return false;
        arguments[name] = kelvin;
        return true;
    }

    private static bool Color(Tool tool, Wish wish, JsonObject arguments)
    {
        if (wish.Color is not { } color || wish.Act == Act.TurnOff)
            return true;
        if ((tool.PropertyWith("color_name") ?? tool.PropertyWith("color", without: "temp") ?? tool.PropertyWith("colour", without: "temp")) is not { } name)
            return false;
        arguments[name] = color;
        return true;
    }

    private static bool Temperature(Tool tool, Wish wish, JsonObject arguments)
    {
        if (wish.Degrees is not { } degrees)
            return true;
        if (tool.PropertyWith("temperature", without: "color") is not { } name)
            return false;
        arguments[name] = degrees;
        return true;
    }
}
