namespace Lucia.Publishing.Tests.Text;

/// <summary>Texts that break naive quoting, and thousands of random ones from a fixed seed.</summary>
internal static class RandomTexts
{
    private static readonly string[] Nasty =
    [
        "", " ", "yes", "No", "ON", "off", "y", "N", "true", "False", "null", "Null", "~", "22:22", "1:2:3", "190:20:30.15", "1e3", "1E+3", "0o7", "0x1f", "017", "08",
        "1_000", "+1", "-1", ".5", "-.5", "1.", "1.5", ".inf", "-.INF", ".NaN", "2026-01-01", "2026-01-01T00:00:00Z", "=", "<<", "*a", "&a", "!a", "!!str a", "| a", "> a",
        "@a", "`a`", "%a", "- a", "-", "--", "---", "...", "? a", "?", ": a", ":", "a:", "a: b", "a #b", "#a", "a#b", "a:b", "{a}", "[a]", "a, b", "'a'", "\"a\"", "it's",
        "a\\b", "a\tb", "\ta", "a\n", "\n", "\n\n", "a\nb", "a\nb\n", "a\n\n", " a\nb", "a\n b\n", "a\n\nb\n", "a\r\nb", "a\rb", "a\n\tb", "a \nb", "$VAR", "${VAR}", "$$", "$(id)", "`id`",
        "%h", "%%", "100%", "a;b", ";", "a&b", "a|b", "a>b", "!", "a!b", "*", "~/x", "key=value", "ä€", "日本", "😀", "\u0085", "\u2028", "\ufeff", "\u00a0", "\x7f", "\x1b[0m", "\x01",
        "trailing ", "C:\\dir\\", "a\\", "a\\\\", "a\\'", "'", "''", "\"", "\\\"", "redis:8.2-alpine", "5s", "512Mi", "1Gi", "127.0.0.1", "::1", "127.0.0.1:5000:8080", "0.5", "1.0.0",
    ];

    public static IEnumerable<string> All(string alphabet, int cases)
    {
        foreach (var text in Nasty.Where(t => t.All(c => c < 128 || alphabet.Contains('€'))))
            yield return text;
        var random = new Random(4711);
        for (var number = 0; number < cases; number++)
            yield return new string([.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
    }
}
