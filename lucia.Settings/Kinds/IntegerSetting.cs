using System.Globalization;

namespace Lucia.Settings;

/// <summary>A whole number.</summary>
/// <param name="Minimum">The smallest value allowed.</param>
/// <param name="Maximum">The largest value allowed.</param>
public sealed record IntegerSetting(int Minimum, int Maximum) : Setting<int>
{
    /// <inheritdoc/>
    public override string Kind => string.Create(CultureInfo.InvariantCulture, $"whole number, {Minimum} to {Maximum}");

    /// <inheritdoc/>
    protected override bool TryParseText(string text, out int value, [NotNullWhen(false)] out SettingFault? fault)
    {
        var isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        fault = isNumber && value >= Minimum && value <= Maximum
            ? null
            : new(isNumber ? "is out of range." : "is not a whole number.", string.Create(CultureInfo.InvariantCulture, $"Use a whole number from {Minimum} to {Maximum}."));
        return fault is null;
    }
}
