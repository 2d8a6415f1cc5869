using System.Text;

namespace Lucia.Settings;

/// <summary>
/// The grammar of connection strings as <c>DbConnectionStringBuilder</c> has it: <c>name=value</c> separated by semicolons, a value in single or double
/// quotes may hold a semicolon, a doubled quote inside stands for one. Read by hand because the framework's parser costs 15 ms of the service's start.
/// </summary>
internal static class ConnectionStringText
{
    /// <summary>Takes a text apart. A part without a value is left out; one without <c>=</c> has an empty name.</summary>
    /// <returns>The parts in their order; <see langword="null"/> when a quote is not closed.</returns>
    public static List<KeyValuePair<string, string>>? Split(string text)
    {
        List<KeyValuePair<string, string>> parts = [];
        var at = 0;
        while (at < text.Length)
        {
            var semicolon = text.IndexOf(';', at) is >= 0 and var found ? found : text.Length;
            var equals = text.IndexOf('=', at, semicolon - at);
            var name = equals < 0 ? "" : text[at..equals].Trim();
            var start = equals < 0 ? at : equals + 1;
            while (start < semicolon && char.IsWhiteSpace(text[start]))
                start++;

            string value;
            if (equals >= 0 && start < text.Length && text[start] is '"' or '\'')
            {
                if (!TryReadQuoted(text, ref start, out value))
                    return null;
                at = start;
            }
            else
            {
                value = text[start..semicolon].Trim();
                at = semicolon + 1;
            }

            if (value.Length > 0)
                parts.Add(new(name, value));
        }

        return parts;
    }

    /// <summary>Adds a part, quoted where its value needs it.</summary>
    public static StringBuilder AppendPart(this StringBuilder text, string name, string value)
    {
        var isPlain = !value.Contains(';', StringComparison.Ordinal) && value.Length > 0 && value[0] is not ('"' or '\'') && value.Trim() == value;
        return text.Append(text.Length == 0 ? "" : ";").Append(name).Append('=')
            .Append(isPlain ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }

    /// <summary>Reads from an opening quote to behind the semicolon that follows the closing one.</summary>
    private static bool TryReadQuoted(string text, ref int at, out string value)
    {
        var quote = text[at++];
        var read = new StringBuilder();
        value = "";
        for (; at < text.Length; at++)
        {
            if (text[at] != quote)
                read.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == quote)
                read.Append(text[at++]);
            else
                break;
        }

        if (at >= text.Length)
            return false;

        value = read.ToString();
        at++;
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        if (at < text.Length && text[at] != ';')
            return false;

        at++;
        return true;
    }
}
