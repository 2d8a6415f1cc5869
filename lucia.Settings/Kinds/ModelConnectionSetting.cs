namespace Lucia.Settings;

/// <summary>A model's connection string: see <see cref="ModelConnection"/>.</summary>
public sealed record ModelConnectionSetting : Setting<ModelConnection>
{
    /// <summary>A setting that is secret as soon as an access key is in it.</summary>
    public ModelConnectionSetting() => Secret = true;

    /// <summary>The setting that carries the access key apart, so that the connection string is not secret: <c>ChatModel__AccessKey</c>.</summary>
    public required string AccessKeySetting { get; init; }

    /// <summary>The deprecated settings that together say the same.</summary>
    public required ModelConnectionParts Parts { get; init; }

    /// <inheritdoc/>
    public override string Kind => "Endpoint=<url>;AccessKey=<key>;Model=<model>;Provider=<provider>";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> PartKeys => [Parts.ApiKey, Parts.BaseUrl, Parts.ModelId];

    /// <inheritdoc/>
    public override bool IsSecretValue(string text) => ModelConnection.CarriesAccessKey(text);

    /// <inheritdoc/>
    /// <remarks>A connection string without the access key its provider needs is accepted here: the key may come from <see cref="AccessKeySetting"/>.</remarks>
    protected override bool TryParseText(string text, [NotNullWhen(true)] out ModelConnection? value, [NotNullWhen(false)] out SettingFault? fault) =>
        ModelConnection.TryParseWithoutKey(text, out value, out fault);
}

/// <summary>Deprecated settings that compose a model connection.</summary>
/// <param name="ApiKey">The name of the setting with the access key.</param>
/// <param name="BaseUrl">The name of the setting with the endpoint.</param>
/// <param name="ModelId">The name of the setting with the model.</param>
public sealed record ModelConnectionParts(string ApiKey, string BaseUrl, string ModelId);
