namespace Lucia.Settings;

/// <summary>Yes or no. <c>yes</c>, <c>on</c> and <c>1</c> are read too, and their opposites.</summary>
public sealed record BooleanSetting : Setting<bool>
{
    /// <summary>A setting that allows <c>true</c> and <c>false</c>.</summary>
    public BooleanSetting() => AllowedValues = ["true", "false"];

    /// <inheritdoc/>
    public override string Kind => "true or false";

    /// <inheritdoc/>
    protected override bool TryParseText(string text, out bool value, [NotNullWhen(false)] out SettingFault? fault)
    {
        value = text.ToUpperInvariant() is "TRUE" or "YES" or "ON" or "1";
        fault = value || text.ToUpperInvariant() is "FALSE" or "NO" or "OFF" or "0" ? null : new("is neither true nor false.", "Use true or false.");
        return fault is null;
    }
}
