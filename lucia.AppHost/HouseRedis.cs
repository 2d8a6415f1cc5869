namespace Lucia.AppHost;

/// <summary>Where conversations are kept, with its address and its password apart.</summary>
/// <param name="Resource">What to wait for.</param>
/// <param name="Address">Host and port.</param>
/// <param name="Password">The password alone.</param>
internal sealed record SessionStore(IResourceBuilder<IResource> Resource, ReferenceExpression Address, ParameterResource Password);

/// <summary>
/// The Redis of the house: a container in every deployment. What a run uses is the engine's business, see the other files of this class.
/// </summary>
internal static partial class HouseRedis
{
    /// <summary>Sessions all have a lifetime, so an eviction policy would evict exactly them; what was said must survive a crash.</summary>
    internal const string Settings = "appendonly yes\nmaxmemory 256mb\nmaxmemory-policy noeviction\n";

    private static IResourceBuilder<RedisResource> AddContainerOrProcess(IDistributedApplicationBuilder builder, string name) =>
        builder.AddRedis(name).WithImageTag("8.2-alpine").WithDataVolume($"{name}-data").WithPersistence().WithBoundedMemory();

    private static SessionStore StoreOf(IResourceBuilder<IResource> resource, EndpointReference endpoint, ParameterResource password) => new(
        resource, ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.Host)}:{endpoint.Property(EndpointProperty.Port)}"), password);

    /// <summary>A deployment is told the settings by its command, one plain line.</summary>
    private static IResourceBuilder<RedisResource> WithBoundedMemory(this IResourceBuilder<RedisResource> redis) =>
        redis.ApplicationBuilder.ExecutionContext.IsRunMode
            ? redis
            : redis.WithArgs(context =>
            {
                context.Args.Clear();
                context.Args.Add("-c");
                context.Args.Add("exec redis-server --appendonly yes --maxmemory 256mb --maxmemory-policy noeviction --requirepass $REDIS_PASSWORD");
            });
}
