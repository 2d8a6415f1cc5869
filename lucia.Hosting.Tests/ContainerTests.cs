using Aspire.Hosting.Running;

namespace Aspire.Hosting.Tests;

public sealed class ContainerTests
{
    private const string Image = "redis";
    private const string Tag = "8.2-alpine";

    [Fact]
    public async Task Redis_runs_in_a_container_with_its_password_in_no_argument()
    {
        var engine = await NeedsEngineAsync();
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        var redis = builder.AddRedis("redis").WithImageRegistry(null).WithImage(Image, Tag).WithDataVolume("data");
        EndpointPorts.Allocate([redis.Resource], randomize: true, (_, _) => null).ShouldBeEmpty();
        var password = (await redis.Resource.PasswordParameter!.GetValueAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
        redis.Resource.Entrypoint = null;
        var scope = $"hosting-test-{Guid.NewGuid():n}";
        var plan = engine.Plan(
            redis.Resource, scope, sandbox.Directory, new Dictionary<string, string?>(), ["redis-server", "-"],
            RedisServer.Configuration("*", 6379, "/data", password, save: null));

        plan.Arguments.ShouldNotContain(argument => argument.Contains(password));
        using var child = ChildProcess.Start(plan, (_, _) => { });
        try
        {
            var probe = new RedisHealthProbe(redis.Resource);
            await SandboxExtensions.EventuallyAsync(() => IsHealthy(probe), "Redis answers");
        }
        finally
        {
            await child.StopAsync(TimeSpan.FromSeconds(5));
            await engine.RemoveAsync(redis.Resource, scope, CancellationToken.None);
            await engine.RemoveVolumesAsync(redis.Resource, scope, CancellationToken.None);
        }
    }

    private static bool IsHealthy(RedisHealthProbe probe)
    {
        try
        {
            return probe.CheckAsync(CancellationToken.None).GetAwaiter().GetResult() is null;
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<ContainerEngine> NeedsEngineAsync()
    {
        var engine = await ContainerEngine.FindAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(engine is null, "Neither Docker nor Podman answers.");
        Assert.SkipUnless(await engine!.HasImageAsync($"{Image}:{Tag}", TestContext.Current.CancellationToken), $"The image {Image}:{Tag} is not on this machine.");
        return engine;
    }
}
