namespace Lucia.AppHost;

/// <summary>The embedded engine runs Redis as a process, in a container, or says that there is none, and sets its memory and its file by itself.</summary>
internal static partial class HouseRedis
{
    internal static SessionStore? AddSessionStore(this IDistributedApplicationBuilder builder, string name)
    {
        var redis = AddContainerOrProcess(builder, name);
        return StoreOf(redis, redis.Resource.PrimaryEndpoint, redis.Resource.PasswordParameter!);
    }
}
