namespace Lucia.ServiceDefaults;

/// <summary>Text of messages as lines that nobody's words can break out of.</summary>
internal static class LogText
{
    /// <summary>What somebody else wrote must not be able to look like lines of the log, nor steer the terminal that shows it.</summary>
    public static string OneLine(string message)
    {
        if (!message.Any(char.IsControl)) return message;
        return string.Create(message.Length, message.ReplaceLineEndings("\n"), static (characters, text) =>
        {
            characters.Fill(' ');
            for (var i = 0; i < text.Length; i++) characters[i] = char.IsControl(text[i]) ? ' ' : text[i];
        }).TrimEnd();
    }

    /// <summary>The lines of a text of several.</summary>
    public static IEnumerable<string> Lines(string text) => text.Split('\n').Select(OneLine);

    /// <summary>The last part of a category: the class that speaks.</summary>
    public static string SpeakerOf(string category) => category[(category.LastIndexOf('.') + 1)..];
}
