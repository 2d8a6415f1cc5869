using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Lucia.Settings;
using Microsoft.AspNetCore.Http;

namespace Lucia.ServiceDefaults;

/// <summary>
/// How much one caller may ask for, and how often it may be wrong about the key. A caller is an address; of IPv6 the network of a household (/64).
/// </summary>
/// <remarks>
/// Callers share a fixed number of buckets, chosen by a hash that is different in every process: however many addresses ask, or pretend to, memory
/// stays under a few megabytes, and nobody can aim at the bucket of another.
/// </remarks>
internal sealed class RequestLimits(LuciaSettings settings) : IDisposable
{
    /// <summary>Wrong keys that may follow each other at once; afterwards one in <see cref="FailureRefill"/>.</summary>
    public const int Failures = 10;

    private const int Buckets = 4096;
    private static readonly TimeSpan FailureRefill = TimeSpan.FromSeconds(6);

    private readonly PartitionedRateLimiter<HttpContext> _requests = PartitionedRateLimiter.Create<HttpContext, int>(
        context => RateLimitPartition.GetTokenBucketLimiter(BucketOf(context), _ => PerMinute(settings.RequestsPerMinute)));

    private readonly PartitionedRateLimiter<HttpContext> _failures = PartitionedRateLimiter.Create<HttpContext, int>(
        context => RateLimitPartition.GetTokenBucketLimiter(BucketOf(context), static _ => new()
        {
            TokenLimit = Failures,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = FailureRefill,
        }));

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

    private static int BucketOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return 0;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes().AsSpan();
        var hash = new HashCode();
        hash.AddBytes(address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address) ? bytes[..8] : bytes);
        return (int)((uint)hash.ToHashCode() % Buckets);
    }
}
