namespace Lucia.Simulator.Home;

/// <summary>The CSS colour names that lights commonly get, and the ways between hue/saturation and RGB.</summary>
internal static class LightColors
{
    public static readonly IReadOnlyDictionary<string, (int R, int G, int B)> Named = new Dictionary<string, (int, int, int)>(StringComparer.OrdinalIgnoreCase)
    {
        ["red"] = (255, 0, 0),
        ["green"] = (0, 128, 0),
        ["lime"] = (0, 255, 0),
        ["blue"] = (0, 0, 255),
        ["yellow"] = (255, 255, 0),
        ["orange"] = (255, 165, 0),
        ["purple"] = (128, 0, 128),
        ["violet"] = (238, 130, 238),
        ["pink"] = (255, 192, 203),
        ["magenta"] = (255, 0, 255),
        ["cyan"] = (0, 255, 255),
        ["turquoise"] = (64, 224, 208),
        ["teal"] = (0, 128, 128),
        ["gold"] = (255, 215, 0),
        ["white"] = (255, 255, 255),
    };

    public static (double Hue, double Saturation) ToHueSaturation((int R, int G, int B) color)
    {
        double r = color.R / 255.0, g = color.G / 255.0, b = color.B / 255.0;
        var max = Math.Max(r, Math.Max(g, b));
        var delta = max - Math.Min(r, Math.Min(g, b));
        var hue = delta == 0 ? 0 : max == r ? 60 * ((g - b) / delta % 6) : max == g ? 60 * (((b - r) / delta) + 2) : 60 * (((r - g) / delta) + 4);
        return (Math.Round(hue < 0 ? hue + 360 : hue, 3), Math.Round(max == 0 ? 0 : delta / max * 100, 3));
    }

    /// <summary>At full brightness, as Home Assistant reports <c>rgb_color</c>.</summary>
    public static (int R, int G, int B) ToRgb(double hue, double saturation)
    {
        var chroma = saturation / 100;
        var x = chroma * (1 - Math.Abs((hue / 60 % 2) - 1));
        var (r, g, b) = ((int)(hue / 60) % 6) switch
        {
            0 => (chroma, x, 0.0),
            1 => (x, chroma, 0.0),
            2 => (0.0, chroma, x),
            3 => (0.0, x, chroma),
            4 => (x, 0.0, chroma),
            _ => (chroma, 0.0, x),
        };
        var rest = 1 - chroma;
        return (Scale(r + rest), Scale(g + rest), Scale(b + rest));
    }

    private static int Scale(double part) => (int)Math.Round(part * 255);
}
