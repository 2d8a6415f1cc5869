using System.Net;

namespace Lucia.Settings;

/// <summary>An IPv4 or IPv6 address of this machine.</summary>
public sealed record IPAddressSetting : Setting<IPAddress>
{
    /// <inheritdoc/>
    public override string Kind => "IP address";

    /// <inheritdoc/>
    protected override bool TryParseText(string text, [NotNullWhen(true)] out IPAddress? value, [NotNullWhen(false)] out SettingFault? fault)
    {
        fault = IPAddress.TryParse(text, out value) && (value.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork || text.Split('.').Length == 4)
            ? null
            : new("is not an IP address.", "Use 127.0.0.1 for this machine alone, 0.0.0.0 for the whole network.");
        return fault is null;
    }
}
