using System.Text;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Reads a unit as systemd.syntax(7) has it: keys that repeat, lines that go on, words in quotes.</summary>
internal sealed class UnitFile
{
    private readonly List<(string Section, string Key, string Value)> _entries = [];

    public UnitFile(string text)
    {
        var section = "";
        foreach (var line in text.Replace("\\\n", " ").Split('\n').Where(static l => l.Length > 0 && l[0] != '#'))
        {
            if (line is ['[', .. var name, ']'])
                section = name;
            else if (line.IndexOf('=') is > 0 and var equals)
                _entries.Add((section, line[..equals], line[(equals + 1)..]));
        }
    }

    public IEnumerable<string> All(string section, string key) => _entries.Where(e => e.Section == section && e.Key == key).Select(static e => e.Value);

    public string? Last(string section, string key) => All(section, key).LastOrDefault();

    /// <summary>The words of every value of a key, quotes and specifiers undone.</summary>
    public IEnumerable<string> Words(string section, string key) => All(section, key).SelectMany(Split);

    private static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        var (quoted, any) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                (quoted, any) = (!quoted, true);
            else if (text[i] == '\\' && i + 1 < text.Length)
                word.Append(text[++i] switch { 'n' => '\n', 't' => '\t', var other => other });
            else if (text[i] == ' ' && !quoted)
            {
                if (any || word.Length > 0)
                    yield return word.Replace("%%", "%").ToString();
                word.Clear();
                any = false;
            }
            else
                word.Append(text[i]);
        }
        if (any || word.Length > 0)
            yield return word.Replace("%%", "%").ToString();
    }
}
