namespace Lucia.Settings;

/// <summary>Reads the settings out of their sources.</summary>
public static class SettingsReader
{
    /// <summary>
    /// Finds out which settings are set, in whichever spelling and source, without asking for required ones or checking values. What a composition asks
    /// before it decides what to simulate.
    /// </summary>
    /// <param name="sources">The sources; among <see cref="SettingBand.ApplicationFiles"/> the later one wins.</param>
    public static ResolvedSettings Resolve(IReadOnlyList<SettingSource> sources) => SettingsResolver.Resolve(sources);

    /// <summary>Reads everything and lists every problem at once.</summary>
    /// <param name="sources">The sources; among <see cref="SettingBand.ApplicationFiles"/> the later one wins.</param>
    /// <param name="listenAddresses">Where the service will listen; decides whether it needs an API key.</param>
    public static SettingsResult Read(IReadOnlyList<SettingSource> sources, IReadOnlyList<string> listenAddresses) =>
        new Reading(Resolve(sources)).Finish(listenAddresses);

    private sealed class Reading(ResolvedSettings resolved)
    {
        private readonly List<SettingProblem> _problems = [.. resolved.Problems];

        public SettingsResult Finish(IReadOnlyList<string> listenAddresses)
        {
            var chat = Model(SettingsCatalogue.ChatModel, SettingsCatalogue.ChatModelAccessKey);
            var embedding = Model(SettingsCatalogue.EmbeddingModel, SettingsCatalogue.EmbeddingModelAccessKey);
            var home = Home();
            var redis = Redis();
            var sessions = new SessionSettings(
                TimeSpan.FromHours(Value(SettingsCatalogue.SessionsTtlHours)),
                Value(SettingsCatalogue.SessionsMaxTurns));
            var apiKey = ApiKey(listenAddresses);
            var simulated = Value(SettingsCatalogue.Simulated) ?? [];
            var requests = Value(SettingsCatalogue.AuthRequestsPerMinute);
            var drain = Value(SettingsCatalogue.DrainSeconds);
            Value(SettingsCatalogue.LogLevel);
            Value(SettingsCatalogue.LogFormat);
            Value(SettingsCatalogue.OtlpEndpoint);

            var settings = _problems.Count > 0 || chat is null
                ? null
                : new LuciaSettings
                {
                    ChatModel = chat,
                    EmbeddingModel = embedding,
                    HomeAssistant = home,
                    Redis = redis,
                    Sessions = sessions,
                    ApiKey = apiKey,
                    RequestsPerMinute = requests,
                    Drain = resolved.IsSet(SettingsCatalogue.DrainSeconds) ? TimeSpan.FromSeconds(drain) : null,
                    Simulated = simulated,
                };
            return new(settings, _problems, resolved);
        }

        /// <summary>The value, the default when unset, or nothing and a problem.</summary>
        private T? Value<T>(Setting<T> setting)
            where T : notnull
        {
            var found = resolved[setting];
            if (found is null && setting.Default is null)
                return default;

            if (setting.TryParse(found?.Value ?? setting.Default!, out var value, out var fault))
                return value;

            _problems.Add(new(found?.WrittenAs ?? setting.Key, found?.Source, fault.What, fault.Remedy));
            return default;
        }

        private ModelConnection? Model(ModelConnectionSetting setting, SecretSetting keySetting)
        {
            var found = resolved[setting];
            var problemsBefore = _problems.Count;
            var key = Value(keySetting);
            if (found is null)
            {
                // A half-finished composition of deprecated settings has been reported already.
                if (setting.Requirement is Requirement.Required && !_problems.Any(problem => problem.Setting == setting.Parts.ModelId))
                    _problems.Add(new(setting.Key, null, "is not set.", $"Set it, for example to {setting.Examples[0].Value}"));
                return null;
            }

            var connection = Value(setting);
            if (connection is null)
                return null;

            if (resolved[keySetting] is { } apart && key is not null)
            {
                if (connection.AccessKey is { } written && written != key && apart.Rank == found.Rank)
                {
                    _problems.Add(SettingsResolver.Disagreement(found.WrittenAs, found.Source, apart.WrittenAs, apart.Source));
                    return null;
                }

                connection = connection.AccessKey is null || apart.Rank > found.Rank ? connection with { AccessKey = key } : connection;
            }

            var keyIsFaulty = _problems.Count > problemsBefore;
            if (connection.AccessKey is null && connection.Provider.NeedsAccessKey() && !keyIsFaulty)
            {
                _problems.Add(new(
                    found.WrittenAs,
                    found.Source,
                    $"has no access key, and provider {ModelProviderNames.NameOf(connection.Provider)} asks for one.",
                    $"Set {setting.AccessKeySetting}."));
                return null;
            }

            return connection;
        }

        private RedisSettings? Redis()
        {
            var setting = SettingsCatalogue.Redis;
            var redis = Value(setting);
            var password = Value(SettingsCatalogue.RedisPassword);
            if (redis is null || password is null)
                return redis;

            var (found, apart) = (resolved[setting]!, resolved[SettingsCatalogue.RedisPassword]!);
            if (redis.Password is { } written && written != password && apart.Rank == found.Rank)
                _problems.Add(SettingsResolver.Disagreement(found.WrittenAs, found.Source, apart.WrittenAs, apart.Source));

            return redis.Password is null || apart.Rank > found.Rank ? redis with { Password = password } : redis;
        }

        private HomeAssistantSettings? Home()
        {
            var url = Value(SettingsCatalogue.HomeAssistantBaseUrl);
            var token = Value(SettingsCatalogue.HomeAssistantAccessToken);
            var timeout = Value(SettingsCatalogue.HomeAssistantTimeoutSeconds);
            var validate = Value(SettingsCatalogue.HomeAssistantValidateSsl);
            var exposed = Value(SettingsCatalogue.HomeAssistantExposedOnly);
            var allowed = Value(SettingsCatalogue.HomeAssistantAllowedDomains) ?? [];
            var confirm = Value(SettingsCatalogue.HomeAssistantConfirmDomains) ?? [];

            var setting = SettingsCatalogue.HomeAssistantAccessToken;
            if (resolved[SettingsCatalogue.HomeAssistantBaseUrl] is { } found && !resolved.IsSet(setting))
                _problems.Add(new(setting.Key, null, $"is not set, although {found.WrittenAs} ({found.Source}) is.", $"Set it. {setting.Description}"));

            return url is null || token is null ? null : new(url, token, TimeSpan.FromSeconds(timeout), validate, exposed, allowed, confirm);
        }

        private string? ApiKey(IReadOnlyList<string> listenAddresses)
        {
            var setting = SettingsCatalogue.AuthApiKey;
            var open = listenAddresses.FirstOrDefault(address => !ListenAddress.IsLoopback(address));
            if (open is not null && !resolved.IsSet(setting))
            {
                _problems.Add(new(
                    setting.Key,
                    null,
                    "is not set, although the service listens on more than this machine's loopback address.",
                    "Set it to a long random text (openssl rand -hex 32), or listen on http://localhost:5000 only."));
            }

            return Value(setting);
        }
    }
}
