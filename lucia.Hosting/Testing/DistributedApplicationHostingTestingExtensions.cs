namespace Aspire.Hosting.Testing;

/// <summary>What a test asks a started application for.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>A client whose base address is an endpoint of a resource: the named one, else http or https.</summary>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null) =>
        new() { BaseAddress = app.GetEndpoint(resourceName, endpointName) };

    /// <summary>The URL of an endpoint of a resource: the named one, else http or https.</summary>
    /// <exception cref="ArgumentException">There is no such resource or endpoint.</exception>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var resource = Find(app, resourceName) as IResourceWithEndpoints
            ?? throw new ArgumentException($"'{resourceName}' has no endpoints.", nameof(resourceName));
        var endpoint = endpointName is not null
            ? resource.GetEndpoint(endpointName)
            : resource.GetEndpoints().Where(e => e.Scheme is "http" or "https").OrderByDescending(e => e.EndpointName == "http").FirstOrDefault();
        return endpoint is { Exists: true }
            ? new Uri(endpoint.Url)
            : throw new ArgumentException($"'{resourceName}' has no endpoint {(endpointName is null ? "for http" : $"'{endpointName}'")}.", nameof(endpointName));
    }

    /// <summary>The connection string of a resource.</summary>
    /// <exception cref="ArgumentException">There is no such resource, or it has no connection string.</exception>
    public static ValueTask<string?> GetConnectionStringAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        Find(app, resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException($"'{resourceName}' has no connection string.", nameof(resourceName));

    private static IResource Find(DistributedApplication app, string name) =>
        app.Model.Resources.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no resource '{name}'.", nameof(name));
}
