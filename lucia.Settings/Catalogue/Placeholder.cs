using System.Text.RegularExpressions;

namespace Lucia.Settings;

/// <summary>Recognises example text that was meant to be replaced.</summary>
internal static partial class Placeholder
{
    private static readonly SettingFault NotReplaced = new(
        "still holds the placeholder of an example.",
        "Replace it with your own value, or remove the setting.");

    /// <summary>The fault of a text that is a placeholder; <see langword="null"/> for any other.</summary>
    public static SettingFault? Check(string text) => IsPlaceholder(text) ? NotReplaced : null;

    public static bool IsPlaceholder(string text) => Whole().IsMatch(text) || Inside().IsMatch(text);

    [GeneratedRegex(
        @"^\W*(change[-_ ]?(me|this|it)|replace[-_ ]?(me|this|it)|fill[-_ ]?(me|this)?[-_ ]?in|todo|tbd|placeholder|secret|password|(api|access)[-_ ]?(key|token)|your[-_ ].*|my[-_ ]?((api|access)[-_ ]?)?(key|token|secret|password)|x{3,}|.*\.{3}|.*…)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"<[a-z][^<>]*>|\$\{[^}]*\}|\{\{[^}]*\}\}|change-?me|replace-?me|//your-", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Inside();
}
