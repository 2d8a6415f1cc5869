using System.Net;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Tests;

public sealed class RedisTests
{
    public RedisTests()
    {
        Sandbox.NeedsShell();
        Sandbox.NeedsRedis();
    }

    [Fact]
    public async Task Redis_asks_for_the_password_keeps_its_data_and_never_evicts()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        var redis = builder.AddRedis("redis").WithDataVolume();
        var application = await sandbox.StartAsync(builder);
        await application.HealthyAsync("redis");

        (await AskAsync(redis.Resource, "CONFIG GET appendonly")).ShouldContain("yes");
        (await AskAsync(redis.Resource, "CONFIG GET maxmemory-policy")).ShouldContain("noeviction");
        (await AskAsync(redis.Resource, "CONFIG GET maxmemory")).ShouldContain("268435456");
        (await AskAsync(redis.Resource, "PING", withPassword: false)).ShouldStartWith("-NOAUTH");
        redis.Resource.PrimaryEndpoint.Host.ShouldBe("127.0.0.1");
        var shown = await application.HealthyAsync("redis");
        shown.ResourceType.ShouldBe("Executable");
        shown.Properties.ShouldNotContain(property => property.Name == "container.image");
    }

    [Fact]
    public async Task The_next_run_reads_what_the_last_one_wrote_and_a_fresh_one_does_not()
    {
        await using var sandbox = new Sandbox();
        await RunAsync(sandbox, [], async redis => (await AskAsync(redis, "SET remembered yes")).ShouldContain("+OK"));
        await RunAsync(sandbox, [], async redis => (await AskAsync(redis, "GET remembered")).ShouldContain("yes"));
        await RunAsync(sandbox, ["--fresh"], async redis => (await AskAsync(redis, "GET remembered")).ShouldContain("$-1"));
    }

    [Fact]
    public async Task A_Redis_that_answers_anything_but_PONG_is_not_healthy()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder();
        var redis = builder.AddRedis("redis");
        var application = await sandbox.StartAsync(builder);
        await application.HealthyAsync("redis");

        await AskAsync(redis.Resource, "CONFIG SET requirepass another-password");

        (await new RedisHealthProbe(redis.Resource).CheckAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull().ShouldContain("WRONGPASS");
    }

    [Fact]
    public async Task A_stopped_Redis_comes_back_with_its_data_on_the_same_port()
    {
        await using var sandbox = new Sandbox();
        await RunAsync(sandbox, [], async (application, redis) =>
        {
            await AskAsync(redis, "SET remembered yes");
            var port = redis.PrimaryEndpoint.Port;
            await application.ResourceCommands.ExecuteCommandAsync(redis, KnownResourceCommands.RestartCommand, TestContext.Current.CancellationToken);
            await application.HealthyAsync("redis");

            redis.PrimaryEndpoint.Port.ShouldBe(port);
            (await AskAsync(redis, "GET remembered")).ShouldContain("yes");
        });
    }

    private static Task RunAsync(Sandbox sandbox, string[] args, Func<RedisResource, Task> use) => RunAsync(sandbox, args, (_, redis) => use(redis));

    private static async Task RunAsync(Sandbox sandbox, string[] args, Func<DistributedApplication, RedisResource, Task> use)
    {
        var builder = sandbox.Builder(args);
        var redis = builder.AddRedis("redis").WithDataVolume("data");
        var application = await sandbox.StartAsync(builder);
        await application.HealthyAsync("redis");
        await use(application, redis.Resource);
        await application.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> AskAsync(RedisResource redis, string command, bool withPassword = true)
    {
        var password = await redis.PasswordParameter!.GetValueAsync(TestContext.Current.CancellationToken);
        var request = (withPassword ? $"AUTH {password}\r\n" : "") + command + "\r\nQUIT\r\n";
        var address = new IPEndPoint(IPAddress.Loopback, redis.PrimaryEndpoint.Port);
        var answer = await LoopbackExchange.TryAsync(address, Encoding.UTF8.GetBytes(request), int.MaxValue, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(answer.ShouldNotBeNull());
    }
}
