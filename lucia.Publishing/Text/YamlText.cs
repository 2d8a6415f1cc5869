using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lucia.Publishing.Text;

/// <summary>
/// Writes YAML that YAML 1.1 and 1.2 readers understand alike: a text that either of them would take for something else
/// (<c>yes</c>, <c>22:22</c>, <c>1e3</c>, <c>2026-01-01</c>, <c>~</c>) is quoted.
/// </summary>
public static partial class YamlText
{
    /// <summary>A whole document with a final new line.</summary>
    /// <param name="root">The document.</param>
    /// <param name="header">Comment lines before it, without <c>#</c>.</param>
    public static string Write(YamlNode root, params IEnumerable<string> header)
    {
        var text = new StringBuilder();
        foreach (var line in header)
            AppendComment(text, line, 0);
        root.AppendTo(text, 0, inline: false);
        return text.ToString();
    }

    /// <summary>A text as a scalar on one line: plain where that is safe, else quoted.</summary>
    public static string Scalar(string text)
    {
        if (IsPlain(text))
            return text;
        var simple = text.All(static c => c is >= ' ' and <= '~');
        if (simple && !text.Contains('\'') && (text.Contains('"') || text.Contains('\\')))
            return "'" + text + "'";
        return Quoted(text);
    }

    /// <summary>A text as a key: plain only where no reader could stumble.</summary>
    public static string Key(string text) => PlainKey().IsMatch(text) && !Word().IsMatch(text) ? text : Quoted(text);

    /// <summary>A text in double quotes, whatever it is.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                quoted.Append("\\U").Append(char.ConvertToUtf32(c, text[++i]).ToString("X8", CultureInfo.InvariantCulture));
            else if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (c == '\n')
                quoted.Append("\\n");
            else if (c == '\t')
                quoted.Append("\\t");
            else if (c is >= ' ' and <= '~' || (c >= '\u00a1' && char.IsLetterOrDigit(c)))
                quoted.Append(c);
            else
                quoted.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>A text over several lines as a literal block, or null when it cannot be one.</summary>
    internal static string[]? Block(string text, out string indicator)
    {
        indicator = text.EndsWith('\n') ? "|" : "|-";
        var body = text.EndsWith('\n') ? text[..^1] : text;
        var lines = body.Split('\n');
        var possible = lines.Length > 1 || text.EndsWith('\n');
        possible &= lines[0].Length > 0 && lines[0][0] is not (' ' or '\t') && lines[^1].Trim().Length > 0;
        possible &= Array.TrueForAll(lines, static line =>
            !line.StartsWith('\t') && line.All(static c => c is '\t' or (>= ' ' and <= '~')) && (line.Length == 0 || line.Trim().Length > 0));
        return possible ? lines : null;
    }

    internal static void AppendComment(StringBuilder text, string comment, int indent)
    {
        foreach (var line in comment.Split('\n'))
            text.Append(' ', indent).Append('#').Append(line.Length == 0 ? "" : " ").Append(line.TrimEnd()).Append('\n');
    }

    private static bool IsPlain(string text) =>
        text.Length is > 0 and <= 500
        && (PlainStart().IsMatch(text) || Amount().IsMatch(text))
        && !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal)
        && text[^1] is not (':' or ' ')
        && !Word().IsMatch(text);

    // An allow-list: what is not certainly harmless is quoted. Braces and brackets are harmless inside block collections only, which is all we write.
    [GeneratedRegex(@"^(?:[A-Za-z_/]|\.{1,2}/|\$\{[A-Za-z_])[A-Za-z0-9_./:@%+=$(){}?~^;<>|!*'"", #\[\]-]*\z")]
    private static partial Regex PlainStart();

    [GeneratedRegex(@"^[A-Za-z_/][A-Za-z0-9_./-]*\z")]
    private static partial Regex PlainKey();

    [GeneratedRegex("^[0-9]+(?:ms|s|m|h|Ki|Mi|Gi)\\z")]
    private static partial Regex Amount();

    [GeneratedRegex("^(?:null|true|false|yes|no|on|off|y|n)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
