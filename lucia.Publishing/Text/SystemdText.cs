using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lucia.Publishing.Text;

/// <summary>Quotes for systemd: systemd.syntax(7), "Quoting"; systemd.service(5), "Command lines"; systemd.exec(5), EnvironmentFile=.</summary>
public static partial class SystemdText
{
    /// <summary>An argument of <c>ExecStart=</c> that reaches the program as it is: neither specifiers nor variables expand.</summary>
    public static string Argument(string text) => Word(text.Replace("$", "$$"));

    /// <summary>A word of a setting such as <c>Environment=</c>, where variables do not expand but specifiers do.</summary>
    public static string Word(string text)
    {
        var escaped = text.Replace("%", "%%");
        return Plain().IsMatch(escaped) ? escaped : Quote(escaped);
    }

    /// <summary><c>"NAME=value"</c> for <c>Environment=</c>.</summary>
    public static string Assignment(string name, string value) => Quote($"{name}={value}".Replace("%", "%%"));

    /// <summary>The value of a line in an <c>EnvironmentFile=</c>; a shell that sources the file reads the same.</summary>
    public static string EnvironmentFileValue(string value)
    {
        if (value.Length == 0 || PlainValue().IsMatch(value))
            return value;
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c is '"' or '\\' or '`' or '$')
                quoted.Append('\\');
            quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (c is '\n')
                quoted.Append("\\n");
            else if (c is '\t')
                quoted.Append("\\t");
            else if (c < ' ' || c == '\x7f')
                quoted.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture));
            else
                quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z0-9_./:@%+,=$-]+\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^[A-Za-z0-9_./:@%+,=-]+\z")]
    private static partial Regex PlainValue();
}
