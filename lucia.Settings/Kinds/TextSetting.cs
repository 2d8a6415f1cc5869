namespace Lucia.Settings;

/// <summary>Any text.</summary>
public sealed record TextSetting : Setting<string>
{
    /// <inheritdoc/>
    public override string Kind => "text";

    /// <inheritdoc/>
    protected override bool TryParseText(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out SettingFault? fault)
    {
        value = text;
        fault = null;
        return true;
    }
}
