namespace Lucia.Settings;

/// <summary>Reads an http or https address that carries neither credentials nor a query.</summary>
internal static class HttpAddress
{
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out SettingFault? fault)
    {
        fault = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
        {
            fault = text.Contains("://", StringComparison.Ordinal)
                ? new("is not an http or https address.", "Write it like http://homeassistant.local:8123.")
                : new("is not a full address.", "Put http:// or https:// in front: http://homeassistant.local:8123.");
        }
        else if (address.UserInfo.Length > 0)
        {
            fault = new("carries a user name or password.", "Remove the part before the @; keys have settings of their own.");
        }
        else if (address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            fault = new("carries a query (?) or a fragment (#).", "Remove everything from the ? or # on.");
        }

        if (fault is not null)
            address = null;
        return fault is null;
    }
}
