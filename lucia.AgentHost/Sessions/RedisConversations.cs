using System.Globalization;
using System.Net;
using System.Text.Json;
using Lucia.ServiceDefaults;
using Lucia.Settings;
using StackExchange.Redis;

namespace Lucia.AgentHost.Sessions;

/// <summary>Conversations in Redis: one hash each (<c>v</c> a version, <c>d</c> the document), written only over the version that was read.</summary>
internal sealed class RedisConversations(RedisGate gate, LuciaSettings settings)
{
    private const string KeyPrefix = "lucia:session:";

    /// <summary>Two replicas clash once or twice; more than this is something else.</summary>
    private const int Attempts = 8;

    /// <summary>The stored conversation; null when there is none.</summary>
    /// <exception cref="DependencyException">Redis is not there.</exception>
    public async Task<Conversation?> ReadAsync(string sessionId, CancellationToken cancellation) =>
        (await ReadVersionAsync(sessionId, cancellation)).Conversation;

    /// <summary>Merges a conversation into the stored one, whatever others write meanwhile, and lets it live for another lifetime.</summary>
    /// <returns>What is stored now.</returns>
    /// <exception cref="DependencyException">Redis is not there; the caller still has its copy.</exception>
    public async Task<Conversation> MergeAsync(Conversation mine, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (version, stored) = await ReadVersionAsync(mine.SessionId, cancellation);
            var merged = stored is null ? mine : stored.Merge(mine, settings.Sessions.MaxTurns);
            if (await WriteAsync(merged, version, cancellation)) return merged;
            await Task.Delay(Random.Shared.Next(1, 10 << attempt), cancellation);
        }

        throw new DependencyException("Redis", "refused a conversation that too many write at once.", HttpStatusCode.ServiceUnavailable);
    }

    private async Task<(string? Version, Conversation? Conversation)> ReadVersionAsync(string sessionId, CancellationToken cancellation)
    {
        var fields = await gate.RunAsync("read session", database => database.HashGetAsync(KeyPrefix + sessionId, ["v", "d"]), cancellation);
        if (fields[0].IsNull || fields[1].IsNull) return (null, null);
        try
        {
            return (fields[0], JsonSerializer.Deserialize((string)fields[1]!, SessionJson.Default.Conversation));
        }
        catch (JsonException)
        {
            // Another version's document: it is replaced rather than kept from answering for a day.
            return (fields[0], null);
        }
    }

    private Task<bool> WriteAsync(Conversation conversation, string? version, CancellationToken cancellation)
    {
        var key = (RedisKey)(KeyPrefix + conversation.SessionId);
        var next = ((version is null ? 0 : long.Parse(version, CultureInfo.InvariantCulture)) + 1).ToString(CultureInfo.InvariantCulture);
        var document = JsonSerializer.Serialize(conversation, SessionJson.Default.Conversation);
        return gate.RunAsync("write session", database =>
        {
            var transaction = database.CreateTransaction();
            transaction.AddCondition(version is null ? Condition.KeyNotExists(key) : Condition.HashEqual(key, "v", version));
            // Their results arrive with the transaction's.
            _ = transaction.HashSetAsync(key, [new("v", next), new("d", document)]);
            _ = transaction.KeyExpireAsync(key, settings.Sessions.Ttl);
            return transaction.ExecuteAsync();
        }, cancellation);
    }
}
