namespace Lucia.Settings;

/// <summary>Faults of a text that no kind of setting accepts.</summary>
internal static class Blanks
{
    public static SettingFault? Check(string text)
    {
        if (text.Length == 0)
            return new("is empty.", "Give it a value, or remove it.");

        if (text.Length > 1 && text[0] is '"' or '\'' && text[^1] == text[0])
            return new("is wrapped in quotation marks, which are passed on as part of the value here.", "Remove the quotation marks around it.");

        return null;
    }
}
