using System.Text;
using System.Text.RegularExpressions;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Tests.Text;

public sealed partial class EnvFileTextTests
{
    private const string Alphabet = "ab01 '\"\\$`!*{}()#=%\n\r\tn-:€";

    [Fact]
    public void Any_value_is_read_back_by_compose()
    {
        foreach (var text in RandomTexts.All(Alphabet, 5000).Where(static t => !t.Contains('\ufeff')))
            Read("X=" + EnvFileText.Value(text) + "\nY=1\n").ShouldBe(text, EnvFileText.Value(text));
    }

    [Fact]
    public void A_name_with_a_hyphen_is_refused() =>
        Should.Throw<ArgumentException>(static () => EnvFileText.Line("ConnectionStrings__chat-model", "x"));

    /// <summary>The first value of a file, by the grammar of compose-go v2 (dotenv/parser.go: extractVarValue, expandEscapes; template: $ and $$).</summary>
    private static string Read(string file)
    {
        var source = file[2..];
        if (source[0] is not ('\'' or '"'))
        {
            var line = source.Split('\n')[0].Split(" #")[0].TrimEnd();
            line.ShouldNotContain("$", Case.Sensitive, "an unquoted $ would expand");
            return line;
        }
        var value = new StringBuilder();
        var escape = false;
        for (var i = 1; i < source.Length; i++)
        {
            var c = source[i];
            if (c != source[0])
            {
                if (!escape && c == '\\')
                {
                    escape = true;
                    continue;
                }
                value.Append(escape ? "\\" : "").Append(c);
                escape = false;
            }
            else if (escape)
            {
                value.Append(c);
                escape = false;
            }
            else
            {
                source[i + 1].ShouldBe('\n');
                return source[0] == '\'' ? value.ToString() : Expand(Escapes().Replace(value.ToString(), static m => m.Value switch
                {
                    "\\$" => "$$",
                    "\\n" => "\n",
                    "\\r" => "\r",
                    "\\t" => "\t",
                    _ => m.Value[1..],
                }));
            }
        }
        throw new FormatException("The quotes are not closed.");
    }

    private static string Expand(string text)
    {
        Single().IsMatch(text).ShouldBeFalse($"a single $ would expand in {text}");
        return text.Replace("$$", "$");
    }

    [GeneratedRegex(@"\\(?:[abcfnrtv$""\\]|0\d{0,3})")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"(?<!\$)(?:\$\$)*\$(?!\$)")]
    private static partial Regex Single();
}
