using System.Globalization;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Reads amounts in every notation: thousandths of a core, bytes.</summary>
internal static class Amount
{
    public static string Cpu(string text) => text switch
    {
        [.., 'm'] => text,
        [.., '%'] => $"{Number(text[..^1]) * 10:0}m",
        _ => $"{Number(text) * 1000:0}m",
    };

    /// <param name="text">Such as <c>512Mi</c>.</param>
    /// <param name="step">What a unit without an i counts in: 1000 in Kubernetes, 1024 elsewhere.</param>
    public static string Memory(string text, int step)
    {
        text = text.TrimEnd('b', 'B');
        if (text.EndsWith('i'))
            (text, step) = (text[..^1], 1024);
        var power = "KMGT".IndexOf(char.ToUpperInvariant(text[^1])) + 1;
        var bytes = Number(power == 0 ? text : text[..^1]);
        for (var i = 0; i < power; i++)
            bytes *= step;
        return bytes.ToString("0", CultureInfo.InvariantCulture);
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
