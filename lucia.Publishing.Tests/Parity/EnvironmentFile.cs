namespace Lucia.Publishing.Tests.Parity;

/// <summary>Reads <c>NAME=value</c> lines, those that an example has commented out included.</summary>
internal static class EnvironmentFile
{
    public static IReadOnlyDictionary<string, string> Read(string text, bool commented)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in text.Split('\n'))
        {
            var at = commented ? line.TrimStart('#', ' ') : line;
            var equals = at.IndexOf('=');
            if (equals > 0 && at[..equals].All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
                values[at[..equals]] = Unquoted(at[(equals + 1)..]);
        }
        return values;
    }

    private static string Unquoted(string value) => value is ['"', .., '"'] or ['\'', .., '\''] ? value[1..^1].Replace("\\", "") : value;
}
