using Aspire.Hosting.Running;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Starts the resource once another one runs and is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.WithWait(dependency.Resource, WaitType.WaitUntilHealthy);

    /// <summary>Starts the resource once another one runs.</summary>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.WithWait(dependency.Resource, WaitType.WaitUntilStarted);

    /// <summary>Starts the resource once another one ended with an exit code.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.WithWait(dependency.Resource, WaitType.WaitForCompletion, exitCode);

    /// <summary>Calls the resource healthy when an HTTP GET is answered with a status.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path; <c>/</c> unless given.</param>
    /// <param name="statusCode">The status; 200 unless given.</param>
    /// <param name="endpointName">The endpoint; the first http or https one unless given.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = endpointName is null
            ? builder.Resource.GetEndpoints().FirstOrDefault(e => e.Scheme is "http" or "https")
                ?? throw new DistributedApplicationException($"'{builder.Resource.Name}' has no http endpoint to check; call WithHttpEndpoint first.")
            : builder.GetEndpoint(endpointName);
        if (!endpoint.Exists || endpoint.Scheme is not ("http" or "https"))
            throw new DistributedApplicationException($"The endpoint '{endpoint.EndpointName}' of '{builder.Resource.Name}' is no http endpoint, so it cannot be checked over HTTP.");

        var (at, expected) = (path ?? "/", statusCode ?? 200);
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{at}_{expected}_check";
        return builder.WithAnnotation(new HealthProbeAnnotation(key, new HttpHealthProbe(endpoint.EndpointAnnotation, at, expected)));
    }

    private static IResourceBuilder<T> WithWait<T>(this IResourceBuilder<T> builder, IResource dependency, WaitType type, int exitCode = 0)
        where T : IResourceWithWaitSupport
    {
        if (ReferenceEquals(builder.Resource, dependency))
            throw new DistributedApplicationException($"'{dependency.Name}' waits for itself.");
        return builder
            .WithAnnotation(new WaitAnnotation(dependency, type, exitCode))
            .WithAnnotation(new ResourceRelationshipAnnotation(dependency, KnownRelationshipTypes.WaitFor));
    }
}
