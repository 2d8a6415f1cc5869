namespace Lucia.Settings;

/// <summary>One of a few words, read without regard to case: <see cref="Setting.AllowedValues"/>.</summary>
public sealed record ChoiceSetting : Setting<string>
{
    /// <inheritdoc/>
    public override string Kind => "one of " + string.Join(", ", AllowedValues);

    /// <inheritdoc/>
    protected override bool TryParseText(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out SettingFault? fault)
    {
        value = AllowedValues.FirstOrDefault(allowed => string.Equals(allowed, text, StringComparison.OrdinalIgnoreCase));
        fault = value is null ? new("is not one of the allowed values.", $"Use one of {string.Join(", ", AllowedValues)}.") : null;
        return fault is null;
    }
}
