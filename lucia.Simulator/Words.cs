using System.Globalization;

namespace Lucia.Simulator;

/// <summary>Identifiers into words.</summary>
internal static class Words
{
    /// <summary><c>turn_on</c> into <c>Turn on</c>.</summary>
    public static string Title(string snake)
    {
        var words = snake.Replace('_', ' ');
        return words.Length == 0 ? words : char.ToUpper(words[0], CultureInfo.InvariantCulture) + words[1..];
    }

    /// <summary><c>Living room</c> into <c>living_room</c>.</summary>
    public static string Slug(string words) =>
        string.Concat(words.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')).Trim('_');
}
