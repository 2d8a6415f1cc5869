using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line a resource wrote.</summary>
/// <param name="LineNumber">Counted from 1 over the life of the application.</param>
/// <param name="Content">The line without its end.</param>
/// <param name="IsErrorMessage">Whether it came from standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage)
{
    /// <summary>When it was read.</summary>
    internal DateTime At { get; init; }
}

/// <summary>Keeps the last lines of every resource and passes new ones on.</summary>
public sealed class ResourceLoggerService
{
    /// <summary>How many lines of a resource are kept.</summary>
    internal const int LinesKept = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Log> _logs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The lines kept of a resource, then every new one, in batches, until cancelled.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    /// <inheritdoc cref="WatchAsync(IResource)"/>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName)
    {
        await foreach (var lines in FollowAsync(resourceName, CancellationToken.None))
            yield return lines;
    }

    /// <summary>The lines kept of a resource.</summary>
    internal IReadOnlyList<LogLine> Kept(string resourceName)
    {
        lock (_gate)
            return [.. LogOf(resourceName).Lines];
    }

    internal async IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(string resourceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(LinesKept) { FullMode = BoundedChannelFullMode.DropOldest });
        IReadOnlyList<LogLine> kept;
        lock (_gate)
        {
            var log = LogOf(resourceName);
            kept = [.. log.Lines];
            log.Followers.Add(lines.Writer);
        }

        try
        {
            if (kept.Count > 0)
                yield return kept;
            while (await lines.Reader.WaitToReadAsync(cancellationToken))
            {
                List<LogLine> batch = [];
                while (lines.Reader.TryRead(out var line))
                    batch.Add(line);
                yield return batch;
            }
        }
        finally
        {
            lock (_gate)
                LogOf(resourceName).Followers.Remove(lines.Writer);
        }
    }

    internal void Write(string resourceName, string line, bool isError)
    {
        lock (_gate)
        {
            var log = LogOf(resourceName);
            var entry = new LogLine(++log.Written, line, isError) { At = DateTime.UtcNow };
            log.Lines.Enqueue(entry);
            if (log.Lines.Count > LinesKept)
                log.Lines.Dequeue();
            foreach (var follower in log.Followers)
                follower.TryWrite(entry);
        }
    }

    private Log LogOf(string name) => _logs.TryGetValue(name, out var log) ? log : _logs[name] = new Log();

    private sealed class Log
    {
        internal Queue<LogLine> Lines { get; } = new();

        internal List<ChannelWriter<LogLine>> Followers { get; } = [];

        internal int Written { get; set; }
    }
}
