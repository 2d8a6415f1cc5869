using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lucia.ServiceDefaults;

/// <summary>Asks every component how it is: all at once, each for a bounded time, and not again within a second however often it is asked.</summary>
internal sealed partial class HealthReporter(
    IServiceScopeFactory scopes,
    IOptions<HealthCheckServiceOptions> checks,
    TimeProvider time,
    ILogger<HealthReporter> logger) : IDisposable
{
    private static readonly TimeSpan MostPerCheck = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private IReadOnlyList<ComponentReply> _latest = [];
    private long? _askedAt;

    public async Task<IReadOnlyList<ComponentReply>> ComponentsAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_askedAt is { } before && time.GetElapsedTime(before) < Freshness)
                return _latest;

            // One caller that goes away must not spoil the answer of those who wait behind it.
            var components = checks.Value.Registrations.Where(check => check.Tags.Contains(ComponentHealthExtensions.Tag));
            _latest = await Task.WhenAll(components.Select(CheckAsync));
            _askedAt = time.GetTimestamp();
            return _latest;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<ComponentReply> CheckAsync(HealthCheckRegistration registration)
    {
        var started = time.GetTimestamp();
        HealthCheckResult result;
        using var bounded = new CancellationTokenSource(MostPerCheck, time);
        try
        {
            result = await Task.Run(() => AskAsync(registration, bounded.Token), bounded.Token).WaitAsync(bounded.Token);
        }
        catch (OperationCanceledException) when (bounded.IsCancellationRequested)
        {
            result = new(registration.FailureStatus, "did not answer within 2 seconds");
        }
        catch (Exception exception)
        {
            // The exception's text may name what nobody asked for: it is for the log.
            LogFailed(logger, registration.Name, exception);
            result = new(registration.FailureStatus, "could not be checked; the log says why");
        }

        return new(registration.Name, result.Status.ToString(), Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 1), result.Description);
    }

    private async Task<HealthCheckResult> AskAsync(HealthCheckRegistration registration, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await registration.Factory(scope.ServiceProvider).CheckHealthAsync(new() { Registration = registration }, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The health of {Component} could not be checked")]
    private static partial void LogFailed(ILogger logger, string component, Exception exception);
}
