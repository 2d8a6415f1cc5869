using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The base of every resource.</summary>
/// <param name="name">The resource's name: ASCII letters, digits and single hyphens, a letter first, at most 64 characters.</param>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc/>
    public virtual string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <inheritdoc/>
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

/// <summary>One fact about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>The annotations of a resource, in the order they were given.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>What happens to annotations of the same type when one is added.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>The new one is added after the others.</summary>
    Append = 0,

    /// <summary>The new one takes the place of the others.</summary>
    Replace = 1
}

/// <summary>Reading annotations off a resource.</summary>
public static class ResourceExtensions
{
    /// <summary>Finds the annotation of a type that was added last.</summary>
    public static bool TryGetLastAnnotation<T>(this IResource resource, [NotNullWhen(true)] out T? annotation)
        where T : IResourceAnnotation
    {
        annotation = resource.Annotations.OfType<T>().LastOrDefault();
        return annotation is not null;
    }

    /// <summary>The endpoints of a resource, as references.</summary>
    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource) =>
        [.. resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new EndpointReference(resource, endpoint))];

    /// <summary>A reference to the endpoint with this name, which may be declared later.</summary>
    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName) => new(resource, endpointName);

    /// <summary>How many instances of the resource run.</summary>
    public static int GetReplicaCount(this IResource resource) =>
        resource.TryGetLastAnnotation<ReplicaAnnotation>(out var annotation) ? annotation.Replicas : 1;

    internal static IEnumerable<EndpointAnnotation> EndpointAnnotations(this IResource resource) => resource.Annotations.OfType<EndpointAnnotation>();
}
