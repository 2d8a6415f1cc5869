using Microsoft.Extensions.Hosting;

namespace Lucia.ServiceDefaults;

/// <summary>Whether the service is ready: started, not stopping, and nothing holds it back.</summary>
public sealed class Readiness(IHostApplicationLifetime lifetime)
{
    private int _holds;

    /// <summary>Whether requests are welcome.</summary>
    public bool IsReady =>
        lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested && Volatile.Read(ref _holds) == 0;

    /// <summary>Holds readiness back until the answer is disposed: for start-up work that goes on after the port is open.</summary>
    public IDisposable Hold()
    {
        Interlocked.Increment(ref _holds);
        return new Holding(this);
    }

    private sealed class Holding(Readiness readiness) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
                Interlocked.Decrement(ref readiness._holds);
        }
    }
}
