namespace Lucia.Settings;

/// <summary>
/// Every setting there is, once. The reference, the example files, the chart's schema and the deployment parameters are generated from it, and the
/// service reads itself from it.
/// </summary>
public static class SettingsCatalogue
{
    /// <summary>The model that talks and acts.</summary>
    public static ModelConnectionSetting ChatModel { get; } = new()
    {
        Key = "ConnectionStrings__chat-model",
        ParameterName = "chat-model",
        Group = SettingGroup.Models,
        Requirement = Requirement.Required,
        Description = "The model that understands what is said and decides what to do. Any service that speaks the OpenAI API will do; it must support tool calls.",
        AccessKeySetting = "ChatModel__AccessKey",
        Parts = new("OpenAI__ApiKey", "OpenAI__BaseUrl", "OpenAI__ModelId"),
        Examples = ModelExamples.Chat,
    };

    /// <summary>The chat model's access key.</summary>
    public static SecretSetting ChatModelAccessKey { get; } = new()
    {
        Key = "ChatModel__AccessKey",
        ParameterName = "chat-model-access-key",
        Group = SettingGroup.Models,
        Description = "The chat model's access key, kept apart from its connection string so that only this value is a secret. Cloud providers need one, local ones do not.",
    };

    /// <summary>The model that compares meanings.</summary>
    public static ModelConnectionSetting EmbeddingModel { get; } = new()
    {
        Key = "ConnectionStrings__embedding-model",
        ParameterName = "embedding-model",
        Group = SettingGroup.Models,
        Aliases = ["ConnectionStrings__embeddings"],
        Description = "The model that finds a device by what its name means. Without one, names are compared by their words.",
        AccessKeySetting = "EmbeddingModel__AccessKey",
        Parts = new("OpenAI__ApiKey", "OpenAI__BaseUrl", "OpenAI__EmbeddingModelId"),
        Examples = ModelExamples.Embedding,
    };

    /// <summary>The embedding model's access key.</summary>
    public static SecretSetting EmbeddingModelAccessKey { get; } = new()
    {
        Key = "EmbeddingModel__AccessKey",
        ParameterName = "embedding-model-access-key",
        Group = SettingGroup.Models,
        Description = "The embedding model's access key, kept apart from its connection string.",
    };

    /// <summary>Home Assistant's address.</summary>
    public static UrlSetting HomeAssistantBaseUrl { get; } = new()
    {
        Key = "HomeAssistant__BaseUrl",
        ParameterName = "home-assistant-base-url",
        Group = SettingGroup.HomeAssistant,
        Aliases = ["HOMEASSISTANT_URL"],
        Description = "Home Assistant's address, as this machine or container reaches it. Without it Lucia only chats.",
        IgnoredSuffix = "api",
        Examples =
        [
            new("On the network", "http://192.168.1.20:8123"),
            new("Home Assistant OS", "http://homeassistant.local:8123", "A container does not resolve .local names: use the IP address there."),
            new("On the same machine, from a container", "http://host.docker.internal:8123"),
        ],
    };

    /// <summary>The token Lucia signs in to Home Assistant with.</summary>
    public static SecretSetting HomeAssistantAccessToken { get; } = new()
    {
        Key = "HomeAssistant__AccessToken",
        ParameterName = "home-assistant-access-token",
        Group = SettingGroup.HomeAssistant,
        Aliases = ["HOMEASSISTANT_ACCESS_TOKEN"],
        Requirement = Requirement.WithAnother,
        NeededWith = "HomeAssistant__BaseUrl",
        Description = "A long-lived access token of Home Assistant: your profile there, Security, Long-lived access tokens.",
    };

    /// <summary>How long to wait for Home Assistant, in seconds.</summary>
    public static IntegerSetting HomeAssistantTimeoutSeconds { get; } = new(1, 300)
    {
        Key = "HomeAssistant__TimeoutSeconds",
        ParameterName = "home-assistant-timeout-seconds",
        Group = SettingGroup.HomeAssistant,
        Default = "30",
        Description = "How many seconds a request to Home Assistant may take, repeated attempts included.",
    };

    /// <summary>Whether Home Assistant's certificate is checked.</summary>
    public static BooleanSetting HomeAssistantValidateSsl { get; } = new()
    {
        Key = "HomeAssistant__ValidateSSL",
        ParameterName = "home-assistant-validate-ssl",
        Group = SettingGroup.HomeAssistant,
        Default = "true",
        Description = "Whether Home Assistant's https certificate must be valid. Turn it off only for a certificate you signed yourself.",
    };

    /// <summary>Whether only exposed entities are seen.</summary>
    public static BooleanSetting HomeAssistantExposedOnly { get; } = new()
    {
        Key = "HomeAssistant__ExposedOnly",
        ParameterName = "home-assistant-exposed-only",
        Group = SettingGroup.HomeAssistant,
        Default = "true",
        Description = "Whether Lucia sees only the entities that are exposed to Assist in Home Assistant (Settings, Voice assistants, Expose).",
    };

    /// <summary>The domains that may be acted on.</summary>
    public static ListSetting HomeAssistantAllowedDomains { get; } = new()
    {
        Key = "HomeAssistant__AllowedDomains",
        ParameterName = "home-assistant-allowed-domains",
        Group = SettingGroup.HomeAssistant,
        Description = "The kinds of device Lucia may see and switch, by their Home Assistant domain. Unset means every kind it supports.",
        Examples = [new("Lights and plugs", "light,switch")],
    };

    /// <summary>The domains that are acted on only after a question.</summary>
    public static ListSetting HomeAssistantConfirmDomains { get; } = new()
    {
        Key = "HomeAssistant__ConfirmDomains",
        ParameterName = "home-assistant-confirm-domains",
        Group = SettingGroup.HomeAssistant,
        Default = "lock,alarm_control_panel,cover:garage",
        Description = "The kinds of device Lucia asks about before it acts: a domain, or domain:device_class. So far it acts on lights and switches, "
            + "which the default does not name. Write none to be asked about nothing.",
        Examples =
        [
            new("Everything that opens", "lock,alarm_control_panel,cover"),
            new("Sockets too", "lock,alarm_control_panel,cover:garage,switch:outlet"),
            new("Nothing", "none"),
        ],
    };

    /// <summary>Where Redis is.</summary>
    public static RedisConnectionSetting Redis { get; } = new()
    {
        Key = "ConnectionStrings__redis",
        ParameterName = "redis",
        Group = SettingGroup.Sessions,
        Aliases = ["Redis__ConnectionString"],
        Secret = true,
        PasswordSetting = "Redis__Password",
        Description = "Where Redis (or Valkey) is, which keeps the conversations. Without it they are kept in memory and lost on a restart.",
        Examples =
        [
            new("Compose and Kubernetes", "redis:6379"),
            new("The systemd bundle", "127.0.0.1:6380"),
            new("With options", "redis.lan:6379,defaultDatabase=2,connectTimeout=2000"),
            new("Encrypted", "rediss://redis.lan:6380"),
        ],
    };

    /// <summary>The password of Redis.</summary>
    public static SecretSetting RedisPassword { get; } = new()
    {
        Key = "Redis__Password",
        ParameterName = "redis-password",
        Group = SettingGroup.Sessions,
        SentInHeader = false,
        Description = "The password of Redis, kept apart from its address so that only this value is a secret.",
    };

    /// <summary>How long a conversation is remembered, in hours.</summary>
    public static IntegerSetting SessionsTtlHours { get; } = new(1, 8760)
    {
        Key = "Sessions__TtlHours",
        ParameterName = "sessions-ttl-hours",
        Group = SettingGroup.Sessions,
        Default = "24",
        Description = "How many hours a conversation is remembered after its last message.",
    };

    /// <summary>How many turns of a conversation the model sees.</summary>
    public static IntegerSetting SessionsMaxTurns { get; } = new(1, 200)
    {
        Key = "Sessions__MaxTurns",
        ParameterName = "sessions-max-turns",
        Group = SettingGroup.Sessions,
        Default = "20",
        Description = "How many of a conversation's last exchanges the model is shown. More costs time and money with every message.",
    };

    /// <summary>The key that callers of the service present.</summary>
    public static SecretSetting AuthApiKey { get; } = new()
    {
        Key = "Auth__ApiKey",
        ParameterName = "auth-api-key",
        Group = SettingGroup.Access,
        Requirement = Requirement.BeyondLoopback,
        MinimumLength = 16,
        Description = "The key that every caller must present. The set-up of each deployment makes one; only a service that this machine alone can reach runs without.",
    };

    /// <summary>How many requests a minute one caller may send.</summary>
    public static IntegerSetting AuthRequestsPerMinute { get; } = new(10, 100_000)
    {
        Key = "Auth__RequestsPerMinute",
        ParameterName = "auth-requests-per-minute",
        Group = SettingGroup.Access,
        Default = "300",
        Description = "How many requests a minute one caller may send, where a key is asked for. Nobody who types or talks comes near it; a program of your own might.",
    };

    /// <summary>Where secret files are looked for.</summary>
    public static TextSetting SecretsDirectory { get; } = new()
    {
        Key = "Lucia__SecretsDirectory",
        ParameterName = "lucia-secrets-directory",
        Group = SettingGroup.Access,
        Description = "A directory with one file per setting, named like the setting. Unset means /run/secrets and the directory systemd names in CREDENTIALS_DIRECTORY.",
        Examples = [new("Mounted by Kubernetes", "/etc/lucia/secrets")],
    };

    /// <summary>How much is logged.</summary>
    public static ChoiceSetting LogLevel { get; } = new()
    {
        Key = "Logging__LogLevel__Default",
        ParameterName = "log-level",
        Group = SettingGroup.Observation,
        Default = "Information",
        AllowedValues = ["Trace", "Debug", "Information", "Warning", "Error", "Critical", "None"],
        Description = "How much is logged: everything from this level up.",
    };

    /// <summary>How a line of the log looks.</summary>
    public static ChoiceSetting LogFormat { get; } = new()
    {
        Key = "Logging__Console__FormatterName",
        ParameterName = "log-format",
        Group = SettingGroup.Observation,
        AllowedValues = ["simple", "json", "systemd"],
        Description = "How the log is written: simple for people, json for one object per line, systemd with the level that the journal reads. "
            + "Unset means systemd under systemd, json in a container, and simple elsewhere.",
    };

    /// <summary>Where traces, metrics and logs are sent.</summary>
    public static UrlSetting OtlpEndpoint { get; } = new()
    {
        Key = "OTEL_EXPORTER_OTLP_ENDPOINT",
        ParameterName = "otel-exporter-otlp-endpoint",
        Group = SettingGroup.Observation,
        Description = "Your own OpenTelemetry collector or dashboard. Unset means that no telemetry is collected; Lucia sends none anywhere else.",
        Examples = [new("A collector", "http://otel-collector:4317")],
    };

    /// <summary>The address a deployment publishes the service on.</summary>
    public static IPAddressSetting Bind { get; } = new()
    {
        Key = "LUCIA_BIND",
        ParameterName = "lucia-bind",
        Group = SettingGroup.Deployment,
        Scope = SettingScope.Deployment,
        Default = "127.0.0.1",
        Description = "The address of this machine that Lucia is published on: 127.0.0.1 for this machine alone, 0.0.0.0 for the whole network.",
        Examples = [new("The whole network", "0.0.0.0")],
    };

    /// <summary>The port a deployment publishes the service on.</summary>
    public static IntegerSetting Port { get; } = new(1, 65535)
    {
        Key = "LUCIA_PORT",
        ParameterName = "lucia-port",
        Group = SettingGroup.Deployment,
        Scope = SettingScope.Deployment,
        Default = "5000",
        Description = "The port that Lucia is published on.",
    };

    /// <summary>How long requests are still answered after the service was told to stop, in seconds.</summary>
    public static IntegerSetting DrainSeconds { get; } = new(0, 20)
    {
        Key = "Lucia__DrainSeconds",
        ParameterName = "lucia-drain-seconds",
        Group = SettingGroup.Deployment,
        Description = "How many seconds new requests are still answered after Lucia was told to stop, until load balancers have noticed. Unset means 5 in Kubernetes and 0 elsewhere.",
    };

    /// <summary>What the development run simulates.</summary>
    public static ListSetting Simulated { get; } = new()
    {
        Key = "Lucia__Simulated",
        ParameterName = "lucia-simulated",
        Group = SettingGroup.Deployment,
        Scope = SettingScope.DevelopmentRun,
        AllowedValues = ["chat-model", "embedding-model", "home"],
        Description = "What the development run simulates because it is not configured, so that the service can say so. Not for deployments.",
    };

    /// <summary>Every setting, in the order of the settings reference.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        ChatModel, ChatModelAccessKey, EmbeddingModel, EmbeddingModelAccessKey,
        HomeAssistantBaseUrl, HomeAssistantAccessToken, HomeAssistantTimeoutSeconds, HomeAssistantValidateSsl,
        HomeAssistantExposedOnly, HomeAssistantAllowedDomains, HomeAssistantConfirmDomains,
        Redis, RedisPassword, SessionsTtlHours, SessionsMaxTurns,
        AuthApiKey, AuthRequestsPerMinute, SecretsDirectory,
        LogLevel, LogFormat, OtlpEndpoint,
        Bind, Port, DrainSeconds, Simulated,
    ];

    /// <summary>
    /// The deprecated settings that only together say what <see cref="ChatModel"/> and <see cref="EmbeddingModel"/> say. They are read, with a warning;
    /// documentation mentions them under their successors.
    /// </summary>
    public static IReadOnlyList<Setting> Deprecated { get; } =
    [
        new SecretSetting { Key = "OpenAI__ApiKey", ParameterName = "openai-api-key", Group = SettingGroup.Models, Description = "Use ChatModel__AccessKey." },
        new TextSetting { Key = "OpenAI__BaseUrl", ParameterName = "openai-base-url", Group = SettingGroup.Models, Description = "Use ConnectionStrings__chat-model." },
        new TextSetting { Key = "OpenAI__ModelId", ParameterName = "openai-model-id", Group = SettingGroup.Models, Description = "Use ConnectionStrings__chat-model." },
        new TextSetting
        {
            Key = "OpenAI__EmbeddingModelId",
            ParameterName = "openai-embedding-model-id",
            Group = SettingGroup.Models,
            Description = "Use ConnectionStrings__embedding-model.",
        },
    ];

    /// <summary>The setting that reads a name in any of its spellings; <see langword="null"/> when none does.</summary>
    public static Setting? Find(string name) => SettingNames.Find(name);

    /// <summary>Whether a name is Lucia's own: a setting in any spelling, a deprecated one, or something that was probably meant to be one.</summary>
    public static bool Concerns(string name) =>
        SettingNames.IsRead(name) || UnknownName.Warn(SettingKey.ToConfiguration(name)) is not null;
}
