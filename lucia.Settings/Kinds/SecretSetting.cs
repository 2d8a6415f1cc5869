using System.Globalization;

namespace Lucia.Settings;

/// <summary>A key, token or password.</summary>
public sealed record SecretSetting : Setting<string>
{
    /// <summary>A secret setting.</summary>
    public SecretSetting() => Secret = true;

    /// <summary>The fewest characters that are accepted.</summary>
    public int MinimumLength { get; init; } = 1;

    /// <summary>Whether the value travels in an HTTP header, which carries printable ASCII without spaces only.</summary>
    public bool SentInHeader { get; init; } = true;

    /// <inheritdoc/>
    public override string Kind => MinimumLength > 1
        ? string.Create(CultureInfo.InvariantCulture, $"secret text, at least {MinimumLength} characters")
        : "secret text";

    /// <inheritdoc/>
    protected override bool TryParseText(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out SettingFault? fault)
    {
        value = text;
        fault = null;
        if (text.Length < MinimumLength)
        {
            fault = new(
                string.Create(CultureInfo.InvariantCulture, $"is too short: at least {MinimumLength} characters are needed."),
                "Make one with: openssl rand -hex 32");
        }
        else if (SentInHeader && text.Any(character => character is <= ' ' or > '~'))
        {
            fault = new("holds a space, a line break or a character outside ASCII, which no HTTP header can carry.", "Copy it again, without anything before or after it.");
        }

        return fault is null;
    }
}
