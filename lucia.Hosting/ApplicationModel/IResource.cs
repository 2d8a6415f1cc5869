namespace Aspire.Hosting.ApplicationModel;

/// <summary>A node of the application model: a name and the annotations that say how it behaves.</summary>
public interface IResource
{
    /// <summary>The name, unique in the model regardless of case.</summary>
    string Name { get; }

    /// <summary>What is known about the resource; the engine and the publishers read nothing else.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>A resource that takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that takes command-line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens on network endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource whose start can be held back until another one is ready.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that others find by its name and endpoint (<c>services__name__http__0</c>).</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that others reach through a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IExpressionValue, IValueWithReferences
{
    /// <summary>The connection string as an expression over endpoints and parameters.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>The variable a reference sets instead of <c>ConnectionStrings__name</c>, or null.</summary>
    string? ConnectionStringEnvironmentVariable => null;

    /// <summary>The resolved connection string, or null when the resource has none.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    /// <summary>The parts of the connection string (host, port, password ...) that a reference passes on one by one.</summary>
    IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() => [];

    /// <inheritdoc/>
    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    /// <inheritdoc/>
    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetConnectionStringAsync(cancellationToken);

    /// <inheritdoc/>
    IEnumerable<object> IValueWithReferences.References => [ConnectionStringExpression];
}
