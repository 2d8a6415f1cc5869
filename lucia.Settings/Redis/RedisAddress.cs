using System.Globalization;

namespace Lucia.Settings;

/// <summary>The two ways to write where Redis is.</summary>
internal static class RedisAddress
{
    private const int DefaultPort = 6379;

    private static readonly SettingFault NotAnAddress = new("is not a Redis address.", "Write it as host:port, for example redis:6379, or as redis://host:port.");

    /// <summary>The options that StackExchange.Redis knows in any of its versions, besides those with a property of their own.</summary>
    private static readonly HashSet<string> OtherOptions = new(StringComparer.OrdinalIgnoreCase)
    {
        "abortConnect", "allowAdmin", "asyncTimeout", "channelPrefix", "checkCertificateRevocation", "configChannel", "configCheckSeconds", "connectRetry",
        "connectTimeout", "heartbeatInterval", "keepAlive", "name", "protocol", "proxy", "resolveDns", "responseTimeout", "serviceName", "setClientLibrary",
        "sslHost", "sslProtocols", "syncTimeout", "tiebreaker", "tunnel", "version", "writeBuffer",
    };

    public static bool TryParseUrl(string text, [NotNullWhen(true)] out RedisSettings? redis, [NotNullWhen(false)] out SettingFault? fault)
    {
        redis = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("redis" or "rediss") || url.Host.Length == 0)
        {
            // A password with / ? or # in it is the usual reason why such an address cannot be read.
            fault = text.StartsWith("redis", StringComparison.OrdinalIgnoreCase)
                ? NotAnAddress with { Remedy = "Write it as redis://:password@host:port; a password with / ? # or @ is set apart as Redis__Password." }
                : NotAnAddress;
            return false;
        }

        int? database = null;
        if (url.AbsolutePath.Trim('/') is { Length: > 0 } path)
        {
            if (!int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                fault = new("has a path that is not a database number.", "Write redis://host:port/0, or leave the path out.");
                return false;
            }

            database = number;
        }

        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            fault = new("has a ? or # behind the address.", "Remove it; a password with such a character is set apart as Redis__Password.");
            return false;
        }

        // redis://secret@host is read as a password by some clients and as a user by others; only the unambiguous form is accepted.
        if (url.UserInfo.Length > 0 && !url.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            fault = new("has something before the @ that may be a user or a password.", "Write redis://:password@host:port with a colon, or set Redis__Password.");
            return false;
        }

        var user = url.UserInfo.Split(':', 2);
        if (user.Length == 2 && Placeholder.IsPlaceholder(Uri.UnescapeDataString(user[1])))
            return Fail(new("still holds a placeholder of an example as its password.", "Replace it with your own password, or remove it."), out fault);

        redis = new(
            url.IdnHost.Trim('[', ']'),
            url.Port > 0 ? url.Port : DefaultPort,
            Present(user[0]),
            user.Length == 2 ? Present(user[1]) : null,
            url.Scheme == "rediss",
            database,
            []);
        fault = null;
        return true;
    }

    public static bool TryParseOptions(string text, [NotNullWhen(true)] out RedisSettings? redis, [NotNullWhen(false)] out SettingFault? fault)
    {
        redis = null;
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var endpoints = parts.Where(part => !part.Contains('=', StringComparison.Ordinal)).ToArray();
        if (endpoints.Length > 1)
            return Fail(new("names more than one server.", "Name one; a password with a comma is set apart as Redis__Password."), out fault);

        if (endpoints.Length == 0 || parts[0] != endpoints[0] || !TryParseEndpoint(endpoints[0], out var host, out var port))
            return Fail(NotAnAddress, out fault);

        string? user = null, password = null;
        var tls = false;
        int? database = null;
        List<string> others = [];
        foreach (var option in parts.Skip(1))
        {
            var end = option.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = (option[..end].Trim(), option[(end + 1)..].Trim());
            if (value.Length == 0)
                continue;

            switch (name.ToUpperInvariant())
            {
                case "PASSWORD" when Placeholder.IsPlaceholder(value):
                    return Fail(new("still holds a placeholder of an example as its password.", "Replace it with your own password, or remove it."), out fault);
                case "PASSWORD":
                    password = value;
                    break;
                case "USER":
                    user = value;
                    break;
                case "SSL" when bool.TryParse(value, out tls):
                    break;
                case "SSL":
                    return Fail(new("has an option ssl that is neither true nor false.", "Write ssl=true or leave it out."), out fault);
                case "DEFAULTDATABASE" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    database = number;
                    break;
                case "DEFAULTDATABASE":
                    return Fail(new("has an option defaultDatabase that is not a number.", "Write defaultDatabase=0 or leave it out."), out fault);
                case var _ when OtherOptions.TryGetValue(name, out var known):
                    others.Add(known + "=" + value);
                    break;
                default:
                    // The name may be a piece of a password behind a comma: it is not repeated.
                    return Fail(new("has an option that is not known.", "Check the options' names; a password with a comma is set apart as Redis__Password."), out fault);
            }
        }

        redis = new(host, port, user, password, tls, database, others);
        fault = null;
        return true;
    }

    private static bool TryParseEndpoint(string text, out string host, out int port)
    {
        port = DefaultPort;
        host = text.Trim('[', ']');
        var lastColon = text.LastIndexOf(':');
        var isBareIPv6 = !text.StartsWith('[') && text.IndexOf(':', StringComparison.Ordinal) != lastColon;
        if (lastColon > 0 && !isBareIPv6 && !text.EndsWith(']'))
        {
            host = text[..lastColon].Trim('[', ']');
            if (!int.TryParse(text[(lastColon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)
                return false;
        }

        return Uri.CheckHostName(host) != UriHostNameType.Unknown;
    }

    private static string? Present(string text) => text.Length == 0 ? null : Uri.UnescapeDataString(text);

    private static bool Fail(SettingFault why, out SettingFault fault)
    {
        fault = why;
        return false;
    }
}
