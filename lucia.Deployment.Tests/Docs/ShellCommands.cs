using System.Text;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>One simple command of a script: its words, without assignments before it, redirections and quotes.</summary>
/// <param name="Words">The program and its arguments.</param>
internal sealed record ShellCommand(IReadOnlyList<string> Words)
{
    public string Program => Words[0];

    public IEnumerable<string> Arguments => Words.Skip(1);

    /// <summary>The options, without their values.</summary>
    public IEnumerable<string> Options => Arguments.TakeWhile(word => word != "--").Where(word => word.StartsWith('-') && word.Length > 1).Select(word => word.Split('=')[0]);

    public override string ToString() => string.Join(' ', Words);
}

/// <summary>Takes a script apart, as far as the guides go: quotes, comments, here-documents, lists, pipes and substitutions; no loops inside words.</summary>
internal static class ShellCommands
{
    private static readonly HashSet<string> Keywords = ["if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "!", "{", "}", "in", "case", "esac"];

    /// <summary>Programs that run the command that follows them.</summary>
    private static readonly HashSet<string> Prefixes = ["sudo", "exec", "time", "env", "nohup"];

    /// <summary>The simple commands of a script, those in substitutions included.</summary>
    public static IReadOnlyList<ShellCommand> Of(string script)
    {
        List<ShellCommand> commands = [];
        Read(WithoutHereDocuments(script.Replace("\\\n", " ", StringComparison.Ordinal)), commands);
        return commands;
    }

    private static string WithoutHereDocuments(string script)
    {
        var kept = new StringBuilder();
        string? end = null;
        foreach (var line in script.Split('\n'))
        {
            if (end is not null)
            {
                if (line.Trim() == end) end = null;
                continue;
            }

            kept.Append(line).Append('\n');
            if (line.IndexOf("<<", StringComparison.Ordinal) is >= 0 and var at && !line.Contains("<<<", StringComparison.Ordinal))
                end = line[(at + 2)..].TrimStart('-').Trim().Split(' ', '|', '>')[0].Trim('\'', '"');
        }

        return kept.ToString();
    }

    private static void Read(string text, List<ShellCommand> commands)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var (hasWord, skipsNext) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\'' or '"')
            {
                var close = i + 1;
                for (; close < text.Length && text[close] != c; close++)
                    if (c == '"' && text[close] == '\\') close++;
                var quoted = text[(i + 1)..Math.Min(close, text.Length)];
                if (c == '"') Substitutions(quoted, commands);
                word.Append(quoted);
                (hasWord, i) = (true, close);
            }
            else if (c == '$' && i + 1 < text.Length && text[i + 1] == '(')
            {
                var close = Closing(text, i + 1);
                Read(text[(i + 2)..close], commands);
                word.Append("$()");
                (hasWord, i) = (true, close);
            }
            else if (c == '#' && !hasWord)
            {
                while (i + 1 < text.Length && text[i + 1] != '\n') i++;
            }
            else if (c is '>' or '<')
            {
                // A redirection: a number right before it is a descriptor; the next word is a file.
                if (word.ToString().All(char.IsAsciiDigit)) hasWord = false;
                EndWord();
                while (i + 1 < text.Length && text[i + 1] is '>' or '<' or '&') i++;
                skipsNext = true;
            }
            else if (c is '\n' or ';' or '|' or '&' or '(' or ')')
            {
                EndWord();
                EndCommand();
            }
            else if (char.IsWhiteSpace(c))
            {
                EndWord();
            }
            else
            {
                word.Append(c);
                hasWord = true;
            }
        }

        EndWord();
        EndCommand();

        void EndWord()
        {
            if (hasWord && !skipsNext) words.Add(word.ToString());
            if (hasWord) skipsNext = false;
            word.Clear();
            hasWord = false;
        }

        void EndCommand()
        {
            skipsNext = false;
            while (words.Count > 0 && (Keywords.Contains(words[0]) || Prefixes.Contains(words[0]) || IsAssignment(words[0])))
            {
                // The words of a loop are no command.
                if (words[0] is "for" or "case" or "in") words.Clear();
                else words.RemoveAt(0);
            }

            if (words.Count > 0) commands.Add(new([.. words]));
            words.Clear();
        }
    }

    private static void Substitutions(string quoted, List<ShellCommand> commands)
    {
        for (var at = quoted.IndexOf("$(", StringComparison.Ordinal); at >= 0; at = quoted.IndexOf("$(", at + 2, StringComparison.Ordinal))
            Read(quoted[(at + 2)..Closing(quoted, at + 1)], commands);
    }

    private static int Closing(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == '(') depth++;
            else if (text[i] == ')' && --depth == 0) return i;
        }

        return text.Length - 1;
    }

    private static bool IsAssignment(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && word[..at].All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
