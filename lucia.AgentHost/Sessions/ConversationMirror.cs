using Lucia.Settings;

namespace Lucia.AgentHost.Sessions;

/// <summary>The conversations of this process in memory: what is served when Redis is away, and what is written back when it returns. Bounded.</summary>
internal sealed class ConversationMirror(LuciaSettings settings, TimeProvider time)
{
    /// <summary>A home has a handful; this is for tests of patience.</summary>
    private const int Most = 2000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = [];

    public Conversation? Read(string sessionId)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(sessionId, out var node)) return null;
            if (IsExpired(node.Value))
            {
                Remove(node);
                return null;
            }

            Touch(node);
            return node.Value.Conversation;
        }
    }

    /// <summary>Merges a copy in.</summary>
    /// <param name="conversation">The copy.</param>
    /// <param name="unsaved">True when Redis does not have it yet, false when it has, null when that is as before.</param>
    /// <returns>The merged conversation.</returns>
    public Conversation Merge(Conversation conversation, bool? unsaved)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(conversation.SessionId, out var node))
            {
                node = _byUse.AddFirst(new Entry(conversation));
                _entries[conversation.SessionId] = node;
                if (_entries.Count > Most) Remove(_byUse.Last!);
            }

            var entry = node.Value;
            entry.Conversation = entry.Conversation.Merge(conversation, settings.Sessions.MaxTurns);
            entry.Unsaved = unsaved ?? entry.Unsaved;
            if (unsaved is not null) entry.WrittenAt = time.GetUtcNow();
            Touch(node);
            return entry.Conversation;
        }
    }

    /// <summary>What Redis may not have: never written, or so recently that a crash of Redis may have lost it.</summary>
    public IReadOnlyList<Conversation> ToWriteBack(TimeSpan recent)
    {
        var since = time.GetUtcNow() - recent;
        lock (_gate)
            return [.. _byUse.Where(entry => !IsExpired(entry) && (entry.Unsaved || entry.WrittenAt >= since)).Select(entry => entry.Conversation)];
    }

    private bool IsExpired(Entry entry) => time.GetUtcNow() - entry.UsedAt > settings.Sessions.Ttl;

    private void Touch(LinkedListNode<Entry> node)
    {
        node.Value.UsedAt = time.GetUtcNow();
        _byUse.Remove(node);
        _byUse.AddFirst(node);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Conversation.SessionId);
    }

    private sealed class Entry(Conversation conversation)
    {
        public Conversation Conversation { get; set; } = conversation;

        public bool Unsaved { get; set; }

        public DateTimeOffset UsedAt { get; set; }

        public DateTimeOffset WrittenAt { get; set; }
    }
}
