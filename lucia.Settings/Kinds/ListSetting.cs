using System.Text.RegularExpressions;

namespace Lucia.Settings;

/// <summary>
/// Words separated by commas, lower-cased. <c>none</c> alone is the empty list, because an empty value means unset. In JSON an array does as well.
/// </summary>
public sealed partial record ListSetting : Setting<IReadOnlyList<string>>
{
    /// <inheritdoc/>
    public override string Kind => AllowedValues.Count == 0 ? "list, separated by commas" : "list of " + string.Join(", ", AllowedValues) + ", separated by commas";

    internal override bool AreSame(string left, string right) =>
        TryParse(left, out var first, out _) && TryParse(right, out var second, out _) ? first.SequenceEqual(second) : left == right;

    /// <inheritdoc/>
    protected override bool TryParseText(string text, [NotNullWhen(true)] out IReadOnlyList<string>? value, [NotNullWhen(false)] out SettingFault? fault)
    {
        var words = text.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        value = words is ["none"] ? [] : words;
        fault = null;
        if (AllowedValues.Count > 0 && value.Except(AllowedValues).Any())
            fault = new("names something that is not one of the allowed values.", $"Use any of {string.Join(", ", AllowedValues)}, separated by commas.");
        else if (!value.All(word => Word().IsMatch(word)))
            fault = new("is not a list of names.", "Separate names with commas; a name has letters, digits and underscores: light,switch.");
        return fault is null;
    }

    [GeneratedRegex("^[a-z0-9_-]+(:[a-z0-9_]+)?$")]
    private static partial Regex Word();
}
