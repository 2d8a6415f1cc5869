using Lucia.ServiceDefaults;

namespace Lucia.AgentHost.Sessions;

/// <summary>Conversations that survive: in Redis, so that any replica may serve them; from memory while Redis is away; written back when it returns.</summary>
internal sealed partial class ConversationStore
{
    /// <summary>Redis syncs its log every second; a crash of Redis can lose what it had already acknowledged.</summary>
    private static readonly TimeSpan MayBeLost = TimeSpan.FromSeconds(30);

    private readonly RedisConversations _redis;
    private readonly ConversationMirror _mirror;
    private readonly RedisGate _gate;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public ConversationStore(RedisConversations redis, ConversationMirror mirror, RedisGate gate, TimeProvider time, ILogger<ConversationStore> log)
    {
        (_redis, _mirror, _gate, _time, _log) = (redis, mirror, gate, time, log);
        gate.Recovering = WriteBackAsync;
    }

    /// <summary>A conversation; null when there is none or it was forgotten.</summary>
    public async Task<Conversation?> ReadAsync(string sessionId, CancellationToken cancellation)
    {
        Conversation? conversation;
        try
        {
            // What Redis does not have but memory does is a conversation that Redis lost; it counts until its lifetime ends.
            conversation = await _redis.ReadAsync(sessionId, cancellation) is { } stored ? _mirror.Merge(stored, unsaved: null) : _mirror.Read(sessionId);
        }
        catch (DependencyException)
        {
            conversation = _mirror.Read(sessionId);
        }

        return conversation is { Turns.Count: > 0 } ? conversation : null;
    }

    /// <summary>Adds a turn.</summary>
    public Task AppendAsync(string sessionId, Turn turn, CancellationToken cancellation) =>
        SaveAsync(new Conversation(sessionId, [turn]), cancellation);

    /// <summary>Forgets a conversation, here and wherever a copy of it may be.</summary>
    public Task ForgetAsync(string sessionId, CancellationToken cancellation) =>
        SaveAsync(Conversation.Empty(sessionId).Forget(_time.GetUtcNow()), cancellation);

    private async Task SaveAsync(Conversation change, CancellationToken cancellation)
    {
        var mine = _mirror.Merge(change, unsaved: true);
        if (!_gate.IsConfigured) return;
        try
        {
            _mirror.Merge(await _redis.MergeAsync(mine, cancellation), unsaved: false);
        }
        catch (DependencyException)
        {
            // Kept in memory; the write-back brings it to Redis.
        }
    }

    private async Task<bool> WriteBackAsync(CancellationToken cancellation)
    {
        var waiting = _mirror.ToWriteBack(MayBeLost);
        var written = 0;
        foreach (var conversation in waiting)
        {
            try
            {
                _mirror.Merge(await _redis.MergeAsync(conversation, cancellation), unsaved: false);
                written++;
            }
            catch (DependencyException)
            {
                // Still marked; the next recovery tries again.
            }
        }

        if (waiting.Count > 0) WrittenBack(written, waiting.Count);
        return written == waiting.Count;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Wrote {Written} of {Waiting} conversations back to Redis.")]
    private partial void WrittenBack(int written, int waiting);
}
