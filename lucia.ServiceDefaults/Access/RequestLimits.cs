using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Lucia.Settings;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Lucia.ServiceDefaults;

/// <summary>
/// How much one caller may ask for, and how often it may be wrong about the key. A caller is an address; of IPv6 the network of a household (/64).
/// </summary>
/// <remarks>
/// A proxy names the caller it speaks for, and whoever reaches the port without one could name anybody. So a caller is what is named together with
/// who names it: nobody is shut out in another's name. And whoever connects has a limit of its own, <see cref="Neighbours"/> times as wide.
/// Callers share a fixed number of buckets, chosen by a hash that is different in every process: however many addresses ask, or pretend to, memory
/// stays under a few megabytes, and nobody can aim at the bucket of another.
/// </remarks>
internal sealed class RequestLimits(LuciaSettings settings) : IDisposable
{
    /// <summary>Wrong keys that may follow each other at once; afterwards one in <see cref="FailureRefill"/>.</summary>
    public const int Failures = 10;

    /// <summary>How many callers one proxy may speak for at their limits.</summary>
    public const int Neighbours = 10;

    private const int Buckets = 4096;
    private static readonly TimeSpan FailureRefill = TimeSpan.FromSeconds(6);

    private readonly PartitionedRateLimiter<HttpContext> _requests = PerConnectionAndCaller(share => PerMinute(settings.RequestsPerMinute * share));

    private readonly PartitionedRateLimiter<HttpContext> _failures = PerConnectionAndCaller(static share => new()
    {
        TokenLimit = Failures * share,
        TokensPerPeriod = share,
        ReplenishmentPeriod = FailureRefill,
    });

    /// <summary>Counts a request.</summary>
    /// <returns>How long the caller is to wait; <see langword="null"/> when it may go on.</returns>
    public TimeSpan? Enter(HttpContext context) => Take(_requests, context, 1);

    /// <summary>Whether the caller was wrong so often that it is not even listened to.</summary>
    /// <returns>How long it is to wait; <see langword="null"/> when its key may be looked at.</returns>
    public TimeSpan? ShutOut(HttpContext context) =>
        // Whole permits: a bucket that is filling up holds a fraction of one, which a request for none would be granted.
        _failures.GetStatistics(context) is { CurrentAvailablePermits: > 0 } ? null : Take(_failures, context, 1);

    /// <summary>Counts a wrong key.</summary>
    public void Fail(HttpContext context) => Take(_failures, context, 1);

    public void Dispose()
    {
        _requests.Dispose();
        _failures.Dispose();
    }

    private static TimeSpan? Take(PartitionedRateLimiter<HttpContext> limiter, HttpContext context, int permits)
    {
        using var lease = limiter.AttemptAcquire(context, permits);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
    }

    /// <summary>A minute's worth may come at once.</summary>
    private static TokenBucketRateLimiterOptions PerMinute(int requests) => new()
    {
        TokenLimit = requests,
        TokensPerPeriod = Math.Max(1, requests / 60),
        ReplenishmentPeriod = TimeSpan.FromMinutes(1) * Math.Max(1, requests / 60) / requests,
    };

    private static PartitionedRateLimiter<HttpContext> PerConnectionAndCaller(Func<int, TokenBucketRateLimiterOptions> options) =>
        PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, int>(context => RateLimitPartition.GetTokenBucketLimiter(BucketOf(Connected(context)), _ => options(Neighbours))),
            PartitionedRateLimiter.Create<HttpContext, int>(context => RateLimitPartition.GetTokenBucketLimiter(
                BucketOf(Connected(context), context.Connection.RemoteIpAddress), _ => options(1))));

    /// <summary>Who holds the connection; <see cref="ConnectionInfo.RemoteIpAddress"/> may be what a header named in its place.</summary>
    private static IPAddress? Connected(HttpContext context) =>
        (context.Features.Get<IConnectionSocketFeature>()?.Socket.RemoteEndPoint as IPEndPoint)?.Address ?? context.Connection.RemoteIpAddress;

    private static int BucketOf(params ReadOnlySpan<IPAddress?> addresses)
    {
        var hash = new HashCode();
        foreach (var given in addresses)
        {
            if (given is null) continue;
            var address = given.IsIPv4MappedToIPv6 ? given.MapToIPv4() : given;
            var bytes = address.GetAddressBytes().AsSpan();
            hash.AddBytes(address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address) ? bytes[..8] : bytes);
        }

        return (int)((uint)hash.ToHashCode() % Buckets);
    }
}
