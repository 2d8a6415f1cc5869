using Aspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>
/// Adds Redis. A run uses a <c>redis-server</c> or <c>valkey-server</c> of this machine, else a container engine that answers; with neither,
/// a notice says so and the other resources run without Redis.
/// </summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds Redis with a password, generated unless a parameter gives it.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="port">The port clients use; any free one unless given.</param>
    /// <param name="password">The password.</param>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        var redis = new RedisResource(name, password?.Resource ?? ParameterResourceBuilderExtensions.GeneratedPassword(builder, $"{name}-password"));
        return builder.AddResource(redis)
            .WithEndpoint(port: port, targetPort: 6379, name: RedisResource.PrimaryEndpointName, scheme: "redis")
            .WithImage("library/redis", "8.6")
            .WithImageRegistry("docker.io")
            .WithEntrypoint("/bin/sh")
            .WithAnnotation(new HealthProbeAnnotation($"{name}_check", new RedisHealthProbe(redis)))
            .WithEnvironment(context =>
            {
                if (redis.PasswordParameter is { } secret)
                    context.EnvironmentVariables["REDIS_PASSWORD"] = secret;
            })
            .WithArgs(context =>
            {
                // A run configures Redis over standard input; this is what the manifest says.
                if (context.ExecutionContext.IsRunMode)
                    return;
                var command = "redis-server";
                if (redis.PasswordParameter is not null)
                    command += " --requirepass $REDIS_PASSWORD";
                if (redis.TryGetLastAnnotation<PersistenceAnnotation>(out var persistence))
                    command += $" --save {persistence.Save}";
                context.Args.Add("-c");
                context.Args.Add(command);
            });
    }

    /// <summary>Keeps the data in a volume; unless read-only, snapshots are saved too.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.WithVolume(name ?? $"{builder.ApplicationBuilder.Environment.ApplicationName.ToLowerInvariant()}-{builder.Resource.Name}-data", "/data", isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    /// <summary>Saves a snapshot when so many keys changed in an interval.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="interval">The interval; a minute unless given.</param>
    /// <param name="keysChangedThreshold">The number of keys.</param>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1) =>
        builder.WithAnnotation(
            new PersistenceAnnotation(interval ?? TimeSpan.FromSeconds(60), keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Takes the password from a parameter; null runs Redis without one.</summary>
    public static IResourceBuilder<RedisResource> WithPassword(this IResourceBuilder<RedisResource> builder, IResourceBuilder<ParameterResource>? password)
    {
        builder.Resource.PasswordParameter = password?.Resource;
        return builder;
    }

    /// <summary>Sets the port clients use; null for any free one.</summary>
    public static IResourceBuilder<RedisResource> WithHostPort(this IResourceBuilder<RedisResource> builder, int? port) =>
        builder.WithEndpoint(RedisResource.PrimaryEndpointName, endpoint => endpoint.Port = port);
}
