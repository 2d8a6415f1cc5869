using System.Globalization;
using System.Text;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Tests.Text;

public sealed class SystemdTextTests
{
    private const string Alphabet = "ab01 '\"\\$%`;{}#=\n\t\r\u0001n-:€";

    private static IEnumerable<string> Texts => RandomTexts.All(Alphabet, 5000).Where(static t => t.Length > 0);

    [Fact]
    public void Any_argument_reaches_the_program_as_it_is()
    {
        foreach (var text in Texts)
        {
            var word = SystemdText.Argument(text);

            word.ShouldNotContain("\n");
            Unquote(word).Replace("$$", "$").Replace("%%", "%").ShouldBe(text, word);
        }
    }

    [Fact]
    public void Any_assignment_reaches_the_environment_as_it_is()
    {
        foreach (var text in Texts)
            Unquote(SystemdText.Assignment("X", text)).Replace("%%", "%").ShouldBe("X=" + text);
    }

    [Fact]
    public void Any_value_of_an_environment_file_is_read_back()
    {
        foreach (var text in Texts)
            ReadEnvironmentFileValue(SystemdText.EnvironmentFileValue(text)).ShouldBe(text);
    }

    /// <summary>One word by systemd.syntax(7): quotes, and C-style escapes everywhere.</summary>
    private static string Unquote(string word)
    {
        var value = new StringBuilder();
        char? quote = null;
        for (var i = 0; i < word.Length; i++)
        {
            var c = word[i];
            if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && c is '\'' or '"' && quote is null)
            {
                quote = c;
            }
            else if (c == '\\')
            {
                c = word[++i];
                if (c == 'x')
                {
                    value.Append((char)int.Parse(word.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    i += 2;
                }
                else
                {
                    value.Append(c switch { 'n' => '\n', 't' => '\t', '"' or '\\' => c, _ => throw new FormatException($"unknown escape \\{c}") });
                }
            }
            else
            {
                if (quote is null && c is ' ' or ';' && quote is null)
                    throw new FormatException("The word ends early.");
                value.Append(c);
            }
        }
        quote.ShouldBeNull();
        return value.ToString();
    }

    /// <summary>systemd's parse_env_file: inside double quotes a backslash frees only <c>" \ ` $</c>.</summary>
    private static string ReadEnvironmentFileValue(string text)
    {
        if (!text.StartsWith('"'))
        {
            text.AsSpan().IndexOfAny(" \t\r\n\"'\\#;$`").ShouldBe(-1, text);
            return text;
        }
        var value = new StringBuilder();
        for (var i = 1; i < text.Length - 1; i++)
        {
            if (text[i] == '"')
                throw new FormatException("The quotes close early.");
            value.Append(text[i] == '\\' && text[i + 1] is '"' or '\\' or '`' or '$' && text[i] == '\\' ? text[++i] : text[i]);
        }
        text[^1].ShouldBe('"');
        return value.ToString();
    }
}
