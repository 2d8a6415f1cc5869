using System.Text;
using System.Text.RegularExpressions;

namespace Lucia.Publishing.Text;

/// <summary>
/// Quotes values of compose's <c>.env</c>. The grammar is compose-go's (dotenv/parser.go): single quotes keep everything but a backslash before
/// a quote; double quotes know <c>\\</c>, <c>\"</c>, <c>\$</c>, <c>\n</c>; without quotes, <c>$</c> expands and <c> #</c> begins a comment.
/// What stands plain or in single quotes means the same to a shell that sources the file.
/// </summary>
public static partial class EnvFileText
{
    /// <summary><c>NAME=value</c>.</summary>
    /// <exception cref="ArgumentException">The name has a character other than letters, digits and underscores.</exception>
    public static string Line(string name, string value) => Plan.Naming.IsShellName(name)
        ? $"{name}={Value(value)}"
        : throw new ArgumentException($"'{name}' cannot stand in an environment file.", nameof(name));

    /// <summary>The value with the quotes it needs.</summary>
    public static string Value(string value)
    {
        if (value.Length == 0 || Plain().IsMatch(value))
            return value;
        if (value.AsSpan().IndexOfAny("'\\\n\r") < 0)
            return "'" + value + "'";
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            quoted.Append(c switch
            {
                '\\' => @"\\",
                '"' => "\\\"",
                '$' => @"\$",
                '\n' => @"\n",
                '\r' => @"\r",
                _ => c.ToString(),
            });
        }
        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z0-9_./:@%+,=-]+\z")]
    private static partial Regex Plain();
}
