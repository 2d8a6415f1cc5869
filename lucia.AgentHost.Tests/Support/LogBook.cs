using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Lucia.AgentHost.Tests.Support;

/// <summary>Keeps every line that a service logs, exceptions and scopes included.</summary>
internal sealed class LogBook : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public override string ToString() => string.Join(Environment.NewLine, _lines);

    public void Dispose()
    {
    }

    private sealed class Category(LogBook book, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => book._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            book._scopes.ForEachScope(static (scope, found) => found.Add(scope?.ToString() ?? ""), scopes);
            book._lines.Enqueue($"{logLevel} {name}: {formatter(state, exception)} {string.Join(' ', scopes)} {exception}");
        }
    }
}
