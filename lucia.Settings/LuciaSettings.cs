namespace Lucia.Settings;

/// <summary>Everything the service is told, checked. It never shows a secret.</summary>
public sealed record LuciaSettings
{
    /// <summary>The model that talks and acts, with its access key.</summary>
    public required ModelConnection ChatModel { get; init; }

    /// <summary>The model that compares meanings; <see langword="null"/> compares words.</summary>
    public ModelConnection? EmbeddingModel { get; init; }

    /// <summary>Where conversations are kept; <see langword="null"/> keeps them in memory.</summary>
    public RedisSettings? Redis { get; init; }

    /// <summary>The home; <see langword="null"/> only chats.</summary>
    public HomeAssistantSettings? HomeAssistant { get; init; }

    /// <summary>How conversations are kept.</summary>
    public required SessionSettings Sessions { get; init; }

    /// <summary>The key callers present; <see langword="null"/> on a loopback bind without one.</summary>
    public string? ApiKey { get; init; }

    /// <summary>How many requests a minute one caller may send.</summary>
    public int RequestsPerMinute { get; init; } = 300;

    /// <summary>How long new requests are still answered after the service was told to stop; <see langword="null"/> leaves it to where it runs.</summary>
    public TimeSpan? Drain { get; init; }

    /// <summary>What is simulated: <c>chat-model</c>, <c>embedding-model</c>, <c>home</c>.</summary>
    public IReadOnlyList<string> Simulated { get; init; } = [];

    /// <summary>The settings without their secrets.</summary>
    public override string ToString() =>
        $"ChatModel = {ChatModel}; EmbeddingModel = {EmbeddingModel}; Redis = {Redis}; HomeAssistant = {HomeAssistant}; Sessions = {Sessions}; "
        + $"ApiKey = {(ApiKey is null ? "none" : "***")}; Simulated = {string.Join(',', Simulated)}";
}

/// <summary>The home and how it is treated.</summary>
/// <param name="BaseUrl">Home Assistant's address, ending with a slash: <c>new Uri(BaseUrl, "api/states")</c>.</param>
/// <param name="AccessToken">Long-lived access token.</param>
/// <param name="Timeout">How long a request may take, repeated attempts included.</param>
/// <param name="ValidateSsl">Whether the certificate must be valid.</param>
/// <param name="ExposedOnly">Whether only entities exposed to Assist are seen.</param>
/// <param name="AllowedDomains">Domains that may be seen and acted on; empty means every supported one.</param>
/// <param name="ConfirmDomains">What is acted on only after a question: a domain (<c>lock</c>) or a domain and device class (<c>cover:garage</c>).</param>
public sealed record HomeAssistantSettings(
    Uri BaseUrl,
    string AccessToken,
    TimeSpan Timeout,
    bool ValidateSsl,
    bool ExposedOnly,
    IReadOnlyList<string> AllowedDomains,
    IReadOnlyList<string> ConfirmDomains)
{
    /// <summary>The settings without their secrets.</summary>
    public override string ToString() =>
        $"{BaseUrl}, access token ***, timeout {Timeout}, certificate {(ValidateSsl ? "checked" : "not checked")}, "
        + $"{(ExposedOnly ? "exposed entities" : "all entities")}, allowed {string.Join(',', AllowedDomains)}, confirmed {string.Join(',', ConfirmDomains)}";
}

/// <summary>How conversations are kept.</summary>
/// <param name="Ttl">How long one is remembered after its last message.</param>
/// <param name="MaxTurns">How many of its last exchanges the model is shown.</param>
public sealed record SessionSettings(TimeSpan Ttl, int MaxTurns);
