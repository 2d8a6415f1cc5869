using System.Net.Sockets;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Changes an endpoint, or declares it.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    /// <param name="callback">Changes it.</param>
    /// <param name="createIfNotExists">Whether it is declared when it is not there.</param>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder, string endpointName, Action<EndpointAnnotation> callback, bool createIfNotExists = true)
        where T : IResourceWithEndpoints
    {
        var endpoint = builder.Find(endpointName);
        if (endpoint is null && !createIfNotExists)
            return builder;
        if (endpoint is null)
            builder.WithAnnotation(endpoint = new EndpointAnnotation(ProtocolType.Tcp, name: endpointName));
        callback(endpoint);
        return builder;
    }

    /// <summary>Declares an endpoint, or sets what is given of one that is there.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The port clients use; any free one unless given.</param>
    /// <param name="targetPort">The port the resource listens on, when it is not told one.</param>
    /// <param name="scheme">The URL's scheme; <c>tcp</c> unless given.</param>
    /// <param name="name">The endpoint's name; the scheme unless given.</param>
    /// <param name="env">The variable that tells the resource its port.</param>
    /// <param name="isProxied">Has a meaning for the manifest only.</param>
    /// <param name="isExternal">Whether it is meant to be reached from outside the application.</param>
    /// <param name="protocol">TCP unless given.</param>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? scheme = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null,
        bool? isExternal = null,
        ProtocolType? protocol = null)
        where T : IResourceWithEndpoints
    {
        var declared = new EndpointAnnotation(protocol ?? ProtocolType.Tcp, scheme, name: name, port: port, targetPort: targetPort, isExternal: isExternal, isProxied: isProxied);
        var endpoint = builder.Find(declared.Name);
        if (endpoint is null)
        {
            builder.WithAnnotation(endpoint = declared);
        }
        else
        {
            endpoint.Port = port ?? endpoint.Port;
            endpoint.TargetPort = targetPort ?? endpoint.TargetPort;
            endpoint.IsExternal = isExternal ?? endpoint.IsExternal;
            endpoint.IsProxied = isProxied ?? endpoint.IsProxied;
        }

        if (env is not null && builder.Resource is IResourceWithEnvironment)
        {
            var tells = endpoint.TargetPortEnvironmentVariable is null;
            endpoint.TargetPortEnvironmentVariable = env;
            if (tells)
            {
                var listeningPort = new EndpointReference(builder.Resource, endpoint).Property(EndpointProperty.TargetPort);
                builder.WithAnnotation(new EnvironmentCallbackAnnotation(context =>
                {
                    context.EnvironmentVariables[endpoint.TargetPortEnvironmentVariable] = listeningPort;
                    return Task.CompletedTask;
                }));
            }
        }

        return builder;
    }

    /// <summary>Declares an http endpoint.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints =>
        builder.WithEndpoint(port: port, targetPort: targetPort, scheme: "http", name: name, env: env, isProxied: isProxied);

    /// <summary>Marks the http and https endpoints declared so far as meant for the outside.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.EndpointAnnotations().Where(e => e.UriScheme is "http" or "https"))
            endpoint.IsExternal = true;
        return builder;
    }

    /// <summary>Refers to an endpoint by its name.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        new(builder.Resource, name);

    private static EndpointAnnotation? Find<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        builder.Resource.EndpointAnnotations().FirstOrDefault(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
}
