namespace Lucia.ServiceDefaults;

/// <summary>
/// Arguments of a service that is to start: settings and nothing else. ASP.NET Core passes over words that it does not understand, so a mistyped command
/// would start a second service in place of doing what was meant.
/// </summary>
/// <param name="commands">What the program does besides serving, as it is asked for.</param>
internal sealed class ServiceArguments(IReadOnlyList<string> commands)
{
    /// <summary>What is wrong with the arguments, one sentence for each; none when all of them are settings.</summary>
    /// <remarks>
    /// The forms of a setting: <c>--Key=value</c>, <c>/Key=value</c>, <c>Key=value</c>, <c>--Key value</c>, <c>/Key value</c>.
    /// Source: https://learn.microsoft.com/aspnet/core/fundamentals/configuration/#command-line-arguments
    /// </remarks>
    public IReadOnlyList<string> Faults(IReadOnlyList<string> args)
    {
        List<string> faults = [];
        for (var i = 0; i < args.Count; i++)
        {
            var word = args[i];
            var key = word.StartsWith("--", StringComparison.Ordinal) ? word[2..] : word.StartsWith('/') ? word[1..] : null;
            if (commands.Contains(word))
                faults.Add(i == 0 ? $"\"{word}\" does not go with what follows it" : $"\"{word}\" must come first");
            else if ((key ?? word).IndexOf('=') > 0 && (key is not null || !word.StartsWith('-')))
                continue;
            else if (Meant(word) is { } command)
                faults.Add($"\"{word}\" is no command; did you mean \"{command}\"?");
            else if (string.IsNullOrEmpty(key))
                faults.Add($"\"{word}\" is neither a command nor a setting");
            else if (i + 1 == args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal))
                faults.Add($"\"{word}\" has no value, and is no command");
            else
                i++;
        }

        return faults;
    }

    /// <summary>The command that differs by a slip or by its hyphens.</summary>
    private string? Meant(string word)
    {
        var bare = word.TrimStart('-', '/').ToLowerInvariant();
        return commands.Where(command => Distance(bare, command.TrimStart('-')) <= Math.Min(2, bare.Length / 3)).MinBy(command => Distance(bare, command.TrimStart('-')));
    }

    /// <summary>How many letters are changed, left out or too many (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[b.Length];
    }
}
