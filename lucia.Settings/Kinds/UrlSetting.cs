namespace Lucia.Settings;

/// <summary>An http or https address. The value always ends with a slash, so that relative addresses resolve below it.</summary>
public sealed record UrlSetting : Setting<Uri>
{
    /// <summary>A path that people copy along with the address and that is taken off its end, such as <c>api</c>.</summary>
    public string? IgnoredSuffix { get; init; }

    /// <inheritdoc/>
    public override string Kind => "http or https URL";

    /// <inheritdoc/>
    protected override bool TryParseText(string text, [NotNullWhen(true)] out Uri? value, [NotNullWhen(false)] out SettingFault? fault)
    {
        if (!HttpAddress.TryParse(text, out value, out fault))
            return false;

        var path = value.AbsolutePath.TrimEnd('/');
        if (IgnoredSuffix is { } suffix && path.EndsWith("/" + suffix, StringComparison.OrdinalIgnoreCase))
            path = path[..^(suffix.Length + 1)].TrimEnd('/');

        value = new UriBuilder(value) { Path = path + "/" }.Uri;
        return true;
    }
}
