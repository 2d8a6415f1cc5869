namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>
    /// Passes a connection string on as <c>ConnectionStrings__name</c>, and its parts as <c>NAME_HOST</c>, <c>NAME_PORT</c> and so on.
    /// </summary>
    /// <param name="builder">Who refers.</param>
    /// <param name="source">To what.</param>
    /// <param name="connectionName">The name to pass it on under; the resource's own unless given.</param>
    /// <param name="optional">Whether the connection string may be missing.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        var prefix = name.Length == 0 ? "" : VariableName(name) + "_";
        return builder.WithReferencesOf(resource).WithEnvironment(context =>
        {
            context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] =
                new ConnectionStringReference(resource, optional);
            foreach (var (part, value) in resource.GetConnectionProperties())
                context.EnvironmentVariables[prefix + part.ToUpperInvariant()] = value;
        });
    }

    /// <summary>Passes all endpoints of a resource on, as <c>services__name__endpoint__0</c> and <c>NAME_ENDPOINT</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.WithEndpointsOf(source.Resource, endpoint: null);

    /// <summary>Passes one endpoint of a resource on, as <c>services__name__endpoint__0</c> and <c>NAME_ENDPOINT</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment => builder.WithEndpointsOf(endpointReference.Resource, endpointReference.EndpointName);

    private static IResourceBuilder<T> WithEndpointsOf<T>(this IResourceBuilder<T> builder, IResourceWithEndpoints source, string? endpoint)
        where T : IResourceWithEnvironment
    {
        var passed = builder.Resource.Annotations.OfType<EndpointReferenceAnnotation>().FirstOrDefault(a => a.Resource == source);
        if (passed is null)
        {
            passed = new EndpointReferenceAnnotation(source);
            builder.WithAnnotation(passed).WithReferencesOf(source).WithEnvironment(context => PassEndpoints(context, passed));
        }

        if (endpoint is null)
            passed.UseAllEndpoints = true;
        else
            passed.EndpointNames.Add(endpoint);
        return builder;
    }

    private static void PassEndpoints(EnvironmentCallbackContext context, EndpointReferenceAnnotation passed)
    {
        var source = passed.Resource;
        foreach (var endpoint in source.GetEndpoints().Where(e => passed.UseAllEndpoints || passed.EndpointNames.Contains(e.EndpointName)))
        {
            context.EnvironmentVariables[$"{VariableName(source.Name)}_{VariableName(endpoint.EndpointName)}"] = endpoint;
            var discovered = endpoint.EndpointName is "http" or "https" ? endpoint.Scheme : endpoint.EndpointName;
            var index = 0;
            while (context.EnvironmentVariables.ContainsKey($"services__{source.Name}__{discovered}__{index}"))
                index++;
            context.EnvironmentVariables[$"services__{source.Name}__{discovered}__{index}"] = endpoint;
        }
    }

    private static string VariableName(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
