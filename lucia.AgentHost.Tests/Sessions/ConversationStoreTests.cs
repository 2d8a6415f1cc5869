using Lucia.AgentHost.Sessions;
using Lucia.AgentHost.Tests.Support;
using Lucia.ServiceDefaults;
using Lucia.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lucia.AgentHost.Tests.Sessions;

/// <summary>Against a real Redis: two replicas, a crash, a wrong password.</summary>
public sealed class ConversationStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_replicas_serve_one_conversation()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var first = await Replica.StartAsync(redis.Settings);
        await using var second = await Replica.StartAsync(redis.Settings);

        await first.Store.AppendAsync("s", Turn("a"), Cancellation);
        await second.Store.AppendAsync("s", Turn("b"), Cancellation);

        (await first.TurnsAsync("s")).ShouldBe(["a", "b"]);
        (await second.TurnsAsync("s")).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Many_turns_written_at_once_by_both_are_all_kept()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var first = await Replica.StartAsync(redis.Settings);
        await using var second = await Replica.StartAsync(redis.Settings);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            (number % 2 == 0 ? first : second).Store.AppendAsync("s", Turn($"t{number:00}"), Cancellation)));
        // A clash that was given up stays in memory and goes along with the next write.
        await first.Store.AppendAsync("s", Turn("last-of-first"), Cancellation);
        await second.Store.AppendAsync("s", Turn("last-of-second"), Cancellation);

        var turns = await first.TurnsAsync("s");
        turns.Order(StringComparer.Ordinal).ShouldBe([.. new[] { "last-of-first", "last-of-second" }, .. Enumerable.Range(0, 12).Select(number => $"t{number:00}")]);
    }

    [Fact]
    public async Task Conversations_go_on_while_redis_is_dead_and_are_written_back_when_it_returns()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var first = await Replica.StartAsync(redis.Settings);
        await first.Store.AppendAsync("s", Turn("before"), Cancellation);

        redis.Kill();
        await first.Store.AppendAsync("s", Turn("during"), Cancellation);
        (await first.TurnsAsync("s")).ShouldBe(["before", "during"]);
        first.Gate.Problem.ShouldNotBeNull().ShouldContain("cannot be reached");

        await redis.StartAgainAsync(Cancellation);
        await first.UntilConnectedAsync();
        await using var second = await Replica.StartAsync(redis.Settings);
        (await second.TurnsAsync("s")).ShouldBe(["before", "during"]);
    }

    [Fact]
    public async Task A_conversation_forgotten_while_redis_is_dead_stays_forgotten()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var first = await Replica.StartAsync(redis.Settings);
        await first.Store.AppendAsync("s", Turn("secret"), Cancellation);

        redis.Kill();
        await first.Store.ForgetAsync("s", Cancellation);
        (await first.TurnsAsync("s")).ShouldBeEmpty();

        await redis.StartAgainAsync(Cancellation);
        await first.UntilConnectedAsync();
        await using var second = await Replica.StartAsync(redis.Settings);
        (await second.TurnsAsync("s")).ShouldBeEmpty();
        (await redis.SendAsync("HGET lucia:session:s d", Cancellation)).ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_conversation_expires_with_its_lifetime()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var replica = await Replica.StartAsync(redis.Settings);

        await replica.Store.AppendAsync("s", Turn("a"), Cancellation);

        var answer = await redis.SendAsync("TTL lucia:session:s", Cancellation);
        int.Parse(answer.Split(':')[1].Split('\r')[0]).ShouldBeInRange(24 * 3600 - 60, 24 * 3600);
    }

    [Fact]
    public async Task A_wrong_password_is_named_and_conversations_stay_in_memory()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var replica = Replica.Create(redis.Settings with { Password = "not-the-password" });
        await replica.Gate.StartAsync(Cancellation);

        await replica.Store.AppendAsync("s", Turn("a"), Cancellation);

        (await replica.TurnsAsync("s")).ShouldBe(["a"]);
        await replica.UntilAsync(() => replica.Gate.Problem?.Contains("Redis__Password", StringComparison.Ordinal) == true);
        replica.Gate.Problem.ShouldNotBeNull().ShouldNotContain("not-the-password");
    }

    [Fact]
    public async Task Without_redis_conversations_are_kept_in_memory()
    {
        await using var replica = Replica.Create(null);

        await replica.Store.AppendAsync("s", Turn("a"), Cancellation);

        (await replica.TurnsAsync("s")).ShouldBe(["a"]);
        await Should.ThrowAsync<DependencyException>(() => replica.Gate.RunAsync("ping", database => database.PingAsync(), Cancellation));
    }

    private static Turn Turn(string id) => new(id, DateTimeOffset.UtcNow, "user " + id, "answer " + id, "home", [], [], []);

    private sealed class Replica(RedisGate gate, ConversationStore store) : IAsyncDisposable
    {
        public RedisGate Gate => gate;

        public ConversationStore Store => store;

        public static Replica Create(RedisSettings? redis)
        {
            var settings = TestSettings.With(redis);
            var gate = new RedisGate(settings, TimeProvider.System, NullLogger<RedisGate>.Instance);
            var store = new ConversationStore(
                new RedisConversations(gate, settings), new ConversationMirror(settings, TimeProvider.System), gate, TimeProvider.System, NullLogger<ConversationStore>.Instance);
            return new Replica(gate, store);
        }

        public static async Task<Replica> StartAsync(RedisSettings redis)
        {
            var replica = Create(redis);
            await replica.Gate.StartAsync(Cancellation);
            await replica.UntilConnectedAsync();
            return replica;
        }

        public Task UntilConnectedAsync() => UntilAsync(() => gate.Problem is null);

        public async Task UntilAsync(Func<bool> condition)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            while (!condition()) await Task.Delay(25, limit.Token);
        }

        public async Task<IReadOnlyList<string>> TurnsAsync(string sessionId) =>
            [.. (await store.ReadAsync(sessionId, Cancellation))?.Turns.Select(turn => turn.Id) ?? []];

        public async ValueTask DisposeAsync()
        {
            await gate.StopAsync(CancellationToken.None);
            gate.Dispose();
        }
    }
}
