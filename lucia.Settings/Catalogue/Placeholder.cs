namespace Lucia.Settings;

/// <summary>Recognises example text that was meant to be replaced. Without regular expressions: compiling them would be a tenth of the service's start.</summary>
internal static class Placeholder
{
    private static readonly SettingFault NotReplaced = new(
        "still holds the placeholder of an example.",
        "Replace it with your own value, or remove the setting.");

    /// <summary>Whole values, without what separates their words.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "changeme", "changethis", "changeit", "replaceme", "replacethis", "replaceit", "fillin", "fillmein", "fillthisin", "todo", "tbd", "placeholder",
        "apikey", "apitoken", "accesskey", "accesstoken",
        "mykey", "mytoken", "mysecret", "mypassword", "myapikey", "myapitoken", "myaccesskey", "myaccesstoken",
    };

    private static readonly string[] Pieces = ["changeme", "change-me", "replaceme", "replace-me", "//your-", "your-key", "your_key", "your-api-", "your_api_", "your-token", "your_token", "-key-here", "-token-here"];

    /// <summary>The fault of a text that is a placeholder; <see langword="null"/> for any other.</summary>
    public static SettingFault? Check(string text) => IsPlaceholder(text) ? NotReplaced : null;

    public static bool IsPlaceholder(string text) => IsExampleWord(text) || IsCutShort(text) || HasGap(text) || HasPiece(text);

    private static bool IsExampleWord(string text)
    {
        var letters = string.Concat(text.Where(char.IsLetterOrDigit));
        return Words.Contains(letters)
            || (letters.Length >= 3 && letters.All(letter => letter is 'x' or 'X'))
            || (text.Length > 4 && text.StartsWith("your", StringComparison.OrdinalIgnoreCase) && text[4] is '-' or '_' or ' ');
    }

    private static bool IsCutShort(string text) => text.EndsWith("...", StringComparison.Ordinal) || text.EndsWith('…');

    /// <summary><c>&lt;your key&gt;</c>, <c>${KEY}</c> or <c>{{ key }}</c> anywhere.</summary>
    private static bool HasGap(string text) => Encloses(text, "${", "}") || Encloses(text, "{{", "}}") || EnclosesWord(text);

    private static bool HasPiece(string text) => Pieces.Any(piece => text.Contains(piece, StringComparison.OrdinalIgnoreCase));

    private static bool EnclosesWord(string text)
    {
        for (var open = text.IndexOf('<', StringComparison.Ordinal); open >= 0; open = text.IndexOf('<', open + 1))
        {
            if (open + 1 < text.Length && char.IsAsciiLetter(text[open + 1]) && text.IndexOf('>', open) > 0)
                return true;
        }

        return false;
    }

    private static bool Encloses(string text, string open, string close) =>
        text.IndexOf(open, StringComparison.Ordinal) is >= 0 and var start && text.IndexOf(close, start + open.Length, StringComparison.Ordinal) > 0;
}
