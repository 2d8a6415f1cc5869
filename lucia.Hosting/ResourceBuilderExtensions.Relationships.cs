namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Tells the dashboard how the resource is related to another one.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="resource">The other one.</param>
    /// <param name="type">What the relationship is called.</param>
    public static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResource resource, string type) where T : IResource =>
        builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, type));

    /// <inheritdoc cref="WithRelationship{T}(IResourceBuilder{T}, IResource, string)"/>
    public static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> resourceBuilder, string type)
        where T : IResource => builder.WithRelationship(resourceBuilder.Resource, type);

    /// <summary>Hangs the resource below another one in the dashboard.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="parent">The one above it.</param>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResource parent) where T : IResource =>
        builder.WithRelationship(parent, KnownRelationshipTypes.Parent);

    /// <inheritdoc cref="WithParentRelationship{T}(IResourceBuilder{T}, IResource)"/>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> parent) where T : IResource =>
        builder.WithParentRelationship(parent.Resource);
}
