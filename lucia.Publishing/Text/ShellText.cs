using System.Text.RegularExpressions;

namespace Lucia.Publishing.Text;

/// <summary>Quotes for POSIX shells.</summary>
public static partial class ShellText
{
    /// <summary>A text as one word that expands to itself.</summary>
    public static string Quote(string text) => Plain().IsMatch(text) ? text : "'" + text.Replace("'", @"'\''") + "'";

    [GeneratedRegex("^[A-Za-z0-9_./:@%+,-]+\\z")]
    private static partial Regex Plain();
}
