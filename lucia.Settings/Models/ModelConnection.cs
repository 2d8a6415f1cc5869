namespace Lucia.Settings;

/// <summary>How to reach a model. Written as <c>Endpoint=…;AccessKey=…;Model=…;Provider=…</c>.</summary>
/// <param name="Provider">Who serves it.</param>
/// <param name="Endpoint">
/// The base address in the provider's own normal form and without a trailing slash: <c>https://api.openai.com/v1</c>, <c>http://nas:11434/v1</c>;
/// for Azure OpenAI the bare resource (<c>https://house.openai.azure.com</c>, classic API with deployments) or the resource with <c>/openai/v1</c>.
/// </param>
/// <param name="Model">The model's name; for Azure OpenAI the deployment's.</param>
/// <param name="AccessKey">The key; <see langword="null"/> when the provider asks for none.</param>
public sealed record ModelConnection(ModelProvider Provider, Uri Endpoint, string Model, string? AccessKey)
{
    /// <summary>Reads a connection string.</summary>
    /// <param name="text">The connection string. Keys are read without regard to case; an empty value counts as absent; a value with a <c>;</c> is quoted.</param>
    /// <param name="accessKey">The access key when it is kept apart; <see langword="null"/> when it is not.</param>
    /// <param name="connection">The connection, when the answer is <see langword="true"/>.</param>
    /// <param name="fault">What is wrong, never containing any part of the text, when the answer is <see langword="false"/>.</param>
    public static bool TryParse(
        string text,
        string? accessKey,
        [NotNullWhen(true)] out ModelConnection? connection,
        [NotNullWhen(false)] out SettingFault? fault)
    {
        if (!TryParseWithoutKey(text, out connection, out fault))
            return false;

        if (!string.IsNullOrWhiteSpace(accessKey))
            connection = connection with { AccessKey = accessKey.Trim() };

        if (connection.AccessKey is null && connection.Provider.NeedsAccessKey())
        {
            fault = new(
                $"has no access key, and provider {ModelProviderNames.NameOf(connection.Provider)} asks for one.",
                "Set the access key apart from it, or add AccessKey=<key> to it.");
            connection = null;
        }

        return fault is null;
    }

    /// <summary>The connection string that reads back as this connection. <b>It shows the access key.</b></summary>
    public string ToConnectionString() =>
        ModelConnectionText.Compose(Endpoint.AbsoluteUri.TrimEnd('/'), AccessKey, Model, ModelProviderNames.NameOf(Provider));

    internal static bool TryParseWithoutKey(
        string text,
        [NotNullWhen(true)] out ModelConnection? connection,
        [NotNullWhen(false)] out SettingFault? fault)
    {
        connection = null;
        if (!ModelConnectionText.TryRead(text, out var parts, out fault))
            return false;

        if (parts.Provider is { } name && !ModelProviderNames.TryParse(name, out _))
        {
            fault = new("names a Provider that is not known.", $"Use one of {string.Join(", ", ModelProviderNames.All)}.");
            return false;
        }

        ModelProvider? provider = parts.Provider is { } known && ModelProviderNames.TryParse(known, out var parsed) ? parsed : null;
        if (!ModelEndpoint.TryParse(parts.Endpoint, provider, out var endpoint, out fault))
            return false;

        var model = parts.Model ?? endpoint.Deployment;
        if (model is null)
        {
            fault = new("has no Model.", "Add Model=<model>, the name under which the provider serves it.");
            return false;
        }

        connection = new(endpoint.Provider, endpoint.Address, model, parts.AccessKey);
        return true;
    }

    internal static bool CarriesAccessKey(string text) => !ModelConnectionText.TryRead(text, out var parts, out _) || parts.AccessKey is not null;

    /// <summary>The connection without its access key.</summary>
    public override string ToString() =>
        $"{ModelProviderNames.NameOf(Provider)} {Model} at {Endpoint}, access key {(AccessKey is null ? "none" : "***")}";
}
