using System.Net;
using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;

namespace Lucia.AgentHost.Tests.Sessions;

/// <summary>Conversations of whole services over a real Redis: shared by two, forgotten, and kept through its death.</summary>
public sealed class SharedSessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_conversation_goes_on_at_another_replica()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var first = await StartAsync(simulator, redis);
        await using var second = await StartAsync(simulator, redis);

        var on = await first.ChatAsync("Turn on the kitchen ceiling light");
        var off = await second.ChatAsync("Turn it off again", on.SessionId);

        off.SessionId.ShouldBe(on.SessionId);
        off.Actions.ShouldHaveSingleItem().Target.ShouldBe("light.kitchen_ceiling", "the second knows what the first has done");
        simulator.House.State("light.kitchen_ceiling")!.State.ShouldBe("off");
        var session = (await first.SessionAsync(on.SessionId))!;
        session.Turns.Select(turn => turn.User).ShouldBe(["Turn on the kitchen ceiling light", "Turn it off again"]);
        session.Turns[0].Actions.ShouldHaveSingleItem().State.ShouldBe("on");
    }

    [Fact]
    public async Task A_forgotten_conversation_is_gone_everywhere()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var first = await StartAsync(simulator, redis);
        await using var second = await StartAsync(simulator, redis);
        await first.ChatAsync("hello", "to-be-forgotten");
        (await second.SessionAsync("to-be-forgotten")).ShouldNotBeNull();

        using var forgotten = await first.Http.DeleteAsync("/api/sessions/to-be-forgotten", Cancellation);

        forgotten.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var lucia in new[] { first, second })
        {
            using var answer = await lucia.Http.GetAsync("/api/sessions/to-be-forgotten", Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        await second.ChatAsync("help", "to-be-forgotten");
        (await first.SessionAsync("to-be-forgotten"))!.Turns.ShouldHaveSingleItem().User.ShouldBe("help", "what is said afterwards begins anew");
    }

    [Fact]
    public async Task A_restart_of_the_service_loses_nothing()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using (var before = await StartAsync(simulator, redis)) await before.ChatAsync("hello", "survivor");

        await using var after = await StartAsync(simulator, redis);

        (await after.SessionAsync("survivor"))!.Turns.ShouldHaveSingleItem().User.ShouldBe("hello");
    }

    [Fact]
    public async Task The_death_of_redis_degrades_the_service_and_loses_nothing()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await StartAsync(simulator, redis);
        await lucia.ChatAsync("hello", "s");

        redis.Kill();
        (await lucia.ChatAsync("Turn on the kitchen ceiling light", "s")).Actions.ShouldHaveSingleItem().Success.ShouldBeTrue();
        await lucia.UntilComponentAsync("redis", "Degraded", "cannot be reached");
        (await lucia.HealthAsync())["status"]!.GetValue<string>().ShouldBe("Degraded");
        (await lucia.Http.GetAsync("/health/ready", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await lucia.ChatAsync("Turn it off again", "s");
        (await lucia.SessionAsync("s"))!.Turns.Count.ShouldBe(3);

        await redis.StartAgainAsync(Cancellation);
        await lucia.UntilComponentAsync("redis", "Healthy");
        await using var other = await StartAsync(simulator, redis);
        (await other.SessionAsync("s"))!.Turns.Select(turn => turn.User).ShouldBe(["hello", "Turn on the kitchen ceiling light", "Turn it off again"]);
    }

    [Fact]
    public async Task Without_redis_conversations_are_kept_and_health_says_where()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        await lucia.ChatAsync("hello", "in-memory");

        (await lucia.SessionAsync("in-memory")).ShouldNotBeNull();
        (await lucia.UntilComponentAsync("redis", "Degraded")).ShouldContain("memory");
    }

    private static async Task<RunningLucia> StartAsync(RunningSimulator simulator, RedisServer redis)
    {
        var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with { Redis = redis });
        await lucia.UntilComponentAsync("redis", "Healthy");
        return lucia;
    }
}
