using Microsoft.Extensions.Logging;

namespace Lucia.ServiceDefaults;

/// <summary>Keeps what is logged until there is somebody to take it, and passes it on from then.</summary>
[ProviderAlias("OpenTelemetry")]
internal sealed class LateLogs : ILoggerProvider, ISupportExternalScope
{
    /// <summary>A start says little; whoever says more than this loses the rest.</summary>
    private const int MostKept = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<Action<ILoggerProvider>> _kept = new();
    private IExternalScopeProvider? _scopes;
    private volatile ILoggerProvider? _taker;

    public ILogger CreateLogger(string categoryName) => new LateLogger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    /// <summary>Passes on what was kept, then everything that comes.</summary>
    public void PassTo(ILoggerProvider taker)
    {
        if (_scopes is not null)
            (taker as ISupportExternalScope)?.SetScopeProvider(_scopes);
        lock (_gate)
        {
            while (_kept.TryDequeue(out var record))
                record(taker);
            _taker = taker;
        }
    }

    public void Dispose()
    {
        // Whoever brought the taker disposes of it.
    }

    private sealed class LateLogger(LateLogs logs, string category) : ILogger
    {
        private volatile ILogger? _logger;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logs._taker is null)
            {
                lock (logs._gate)
                {
                    if (logs._taker is null)
                    {
                        if (logs._kept.Count < MostKept)
                            logs._kept.Enqueue(taker => LoggerOf(taker).Log(logLevel, eventId, state, exception, formatter));
                        return;
                    }
                }
            }

            LoggerOf(logs._taker).Log(logLevel, eventId, state, exception, formatter);
        }

        private ILogger LoggerOf(ILoggerProvider taker) => _logger ??= taker.CreateLogger(category);
    }
}
