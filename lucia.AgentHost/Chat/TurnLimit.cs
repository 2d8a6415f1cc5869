using System.Threading.RateLimiting;

namespace Lucia.AgentHost.Chat;

/// <summary>How many turns run at once: a model on a small machine answers one at a time anyway, and a queue without end helps nobody.</summary>
internal sealed class TurnLimit : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = 16, QueueLimit = 32, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellation) => _limiter.AcquireAsync(1, cancellation);

    public void Dispose() => _limiter.Dispose();
}
