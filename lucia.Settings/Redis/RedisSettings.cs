namespace Lucia.Settings;

/// <summary>Where Redis is and how to sign in.</summary>
/// <param name="Host">Host name or IP address, without brackets.</param>
/// <param name="Port">Port, 6379 when not written.</param>
/// <param name="User">ACL user; <see langword="null"/> for the default user.</param>
/// <param name="Password">Password; <see langword="null"/> when Redis asks for none.</param>
/// <param name="Tls">Whether the connection is encrypted.</param>
/// <param name="Database">Database number; <see langword="null"/> for the default, 0.</param>
/// <param name="Options">The other StackExchange.Redis options as <c>name=value</c>, in their written order: <c>connectTimeout=2000</c>.</param>
public sealed record RedisSettings(string Host, int Port, string? User, string? Password, bool Tls, int? Database, IReadOnlyList<string> Options)
{
    /// <summary>Reads <c>host:port[,options]</c>, <c>redis://[[user]:password@]host[:port][/database]</c> or the same with <c>rediss://</c> for TLS.</summary>
    /// <param name="text">The address.</param>
    /// <param name="redis">The settings, when the answer is <see langword="true"/>.</param>
    /// <param name="fault">What is wrong, never containing any part of the text, when the answer is <see langword="false"/>.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RedisSettings? redis, [NotNullWhen(false)] out SettingFault? fault) =>
        text.Contains("://", StringComparison.Ordinal)
            ? RedisAddress.TryParseUrl(text, out redis, out fault)
            : RedisAddress.TryParseOptions(text, out redis, out fault);

    /// <inheritdoc/>
    public bool Equals(RedisSettings? other) => other is not null
        && (Host, Port, User, Password, Tls, Database) == (other.Host, other.Port, other.User, other.Password, other.Tls, other.Database)
        && Options.SequenceEqual(other.Options);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Host, Port, User, Password, Tls, Database);

    /// <summary>The address without its password.</summary>
    public override string ToString() =>
        $"{Host}:{Port}, database {Database ?? 0}, {(Tls ? "TLS" : "no TLS")}, user {User ?? "default"}, password {(Password is null ? "none" : "***")}";
}
