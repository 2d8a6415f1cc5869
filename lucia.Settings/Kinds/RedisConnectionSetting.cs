namespace Lucia.Settings;

/// <summary>Where Redis is: see <see cref="RedisSettings"/>.</summary>
public sealed record RedisConnectionSetting : Setting<RedisSettings>
{
    /// <summary>The setting that carries the password apart, so that the address is not secret: <c>Redis__Password</c>.</summary>
    public required string PasswordSetting { get; init; }

    /// <inheritdoc/>
    public override string Kind => "host:port[,options] or redis://host:port";

    /// <inheritdoc/>
    public override bool IsSecretValue(string text) =>
        !RedisSettings.TryParse(text, out var redis, out _) || redis.Password is not null;

    /// <inheritdoc/>
    protected override bool TryParseText(string text, [NotNullWhen(true)] out RedisSettings? value, [NotNullWhen(false)] out SettingFault? fault) =>
        RedisSettings.TryParse(text, out value, out fault);
}
