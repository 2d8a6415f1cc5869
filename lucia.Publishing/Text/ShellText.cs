using System.Text.RegularExpressions;

namespace Lucia.Publishing.Text;

/// <summary>Quotes for POSIX shells.</summary>
public static partial class ShellText
{
    /// <summary>A text as one word that expands to itself.</summary>
    /// <remarks>A dollar in single quotes is as good, but looks like a mistake to shellcheck and to people.</remarks>
    public static string Quote(string text) => Plain().IsMatch(text) ? text
        : text.AsSpan().IndexOfAny('$', '`') >= 0 ? "\"" + Special().Replace(text, @"\$0") + "\""
        : "'" + text.Replace("'", @"'\''") + "'";

    [GeneratedRegex("""[\\"$`]""")]
    private static partial Regex Special();

    [GeneratedRegex("^[A-Za-z0-9_./:@%+,-]+\\z")]
    private static partial Regex Plain();
}
