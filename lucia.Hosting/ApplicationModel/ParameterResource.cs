namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value the person who runs or deploys the application gives.</summary>
/// <param name="name">The name; the value is read from <c>Parameters:name</c>.</param>
/// <param name="callback">Gives the value, from its default when it has one.</param>
/// <param name="secret">Whether the value must not be shown.</param>
public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : Resource(name), IExpressionValue
{
    private readonly Lock _gate = new();
    private string? _value;

    /// <summary>Whether the value must not be shown.</summary>
    public bool Secret { get; } = secret;

    /// <summary>Whether the parameter stands for a connection string.</summary>
    public bool IsConnectionString { get; set; }

    /// <summary>Where the value comes from when none was given.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>What the parameter is for.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the description is Markdown.</summary>
    public bool EnableDescriptionMarkdown { get; set; }

    /// <inheritdoc/>
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The value. It is asked for once and stays the same.</summary>
    /// <exception cref="MissingParameterValueException">No value was given and there is no default.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return new(_value ??= callback(Default));
    }
}

/// <summary>A connection string that is given from outside, as a parameter.</summary>
internal sealed class ConnectionStringParameterResource : ParameterResource, IResourceWithConnectionString
{
    internal ConnectionStringParameterResource(string name, Func<ParameterDefault?, string> callback, string? variable)
        : base(name, callback, secret: true)
    {
        ConnectionStringEnvironmentVariable = variable;
        IsConnectionString = true;
        ConnectionStringExpression = ReferenceExpression.Create($"{this}");
    }

    public string? ConnectionStringEnvironmentVariable { get; }

    public ReferenceExpression ConnectionStringExpression { get; }

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(cancellationToken);

    IEnumerable<object> IValueWithReferences.References => [];
}

/// <summary>A parameter or connection string was used that has no value.</summary>
/// <param name="message">What is missing and how to give it.</param>
public sealed class MissingParameterValueException(string message) : DistributedApplicationException(message);
