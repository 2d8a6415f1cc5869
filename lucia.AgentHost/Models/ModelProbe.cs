using System.Collections.Concurrent;
using System.Net.Sockets;
using Lucia.ServiceDefaults;

namespace Lucia.AgentHost.Models;

/// <summary>
/// Finds out whether a model is there without spending tokens: the last call counts; when that is old, a connection to its address is
/// opened and closed. Remembered for a while, because health is asked for often and a provider is not to be bothered for it.
/// </summary>
internal sealed class ModelProbe(TimeProvider time, ServiceAddresses addresses)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<ModelWatch, (DateTimeOffset At, string? Problem)> _known = new();

    /// <summary>What is wrong, in the user's words; null when nothing is known to be.</summary>
    public async Task<string?> ProblemAsync(ModelWatch watch, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var known = _known.TryGetValue(watch, out var probed) && now - probed.At < Fresh;
        if (watch.Last is { } last && (!known || last.At > probed.At) && (last.Lasting || now - last.At < Fresh)) return last.Problem;
        if (known) return probed.Problem;
        var problem = await ConnectAsync(watch, cancellation);
        _known[watch] = (now, problem);
        return problem;
    }

    private async Task<string?> ConnectAsync(ModelWatch watch, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var address = await addresses.FindAsync(watch.Endpoint, cancellation);
            await socket.ConnectAsync(address.Host, address.Port, cancellation);
            return null;
        }
        catch (SocketException exception)
        {
            return watch.Explain(exception).Message;
        }
    }
}
