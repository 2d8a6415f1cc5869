using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Lucia.ServiceDefaults;

/// <summary>Sends through a dependency's pipeline and says in its name what went wrong.</summary>
internal sealed class ResilienceHandler(DependencyPipeline dependency) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        dependency.SendAsync(request, base.SendAsync, cancellationToken);
}

/// <summary>
/// What stands between the service and one dependency: a total timeout around repetitions around a circuit breaker. One per dependency, for as long as
/// the service runs, so that every client shares what is known about its state.
/// </summary>
internal sealed partial class DependencyPipeline
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> RequestKey = new("request");
    private static readonly ResiliencePropertyKey<CancellationToken> CallerKey = new("caller");

    private readonly string _dependency;
    private readonly DependencyOptions _options;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public DependencyPipeline(string dependency, DependencyOptions options, TimeProvider time, ILogger logger)
    {
        (_dependency, _options) = (dependency, options);
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }.AddTimeout(options.TotalTimeout);
        if (options.Retries > 0)
            builder.AddRetry(Retry(options, time, logger));
        _pipeline = builder.AddCircuitBreaker(Breaker(options, logger)).Build();
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send,
        CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RequestKey, request);
        context.Properties.Set(CallerKey, cancellationToken);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (context, state) => await state.send(state.request, context.CancellationToken),
                context,
                (send, request));
        }
        catch (BrokenCircuitException exception)
        {
            throw new DependencyException(_dependency, "failed too often just now and is left alone for a moment.", HttpStatusCode.ServiceUnavailable, exception);
        }
        catch (TimeoutRejectedException exception)
        {
            var seconds = _options.TotalTimeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            throw new DependencyException(_dependency, $"did not answer within {seconds} seconds.", HttpStatusCode.ServiceUnavailable, exception);
        }
        catch (HttpRequestException exception) when (exception is not DependencyException)
        {
            throw new DependencyException(_dependency, "cannot be reached.", HttpStatusCode.BadGateway, exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private RetryStrategyOptions<HttpResponseMessage> Retry(DependencyOptions options, TimeProvider time, ILogger logger) => new()
    {
        MaxRetryAttempts = options.Retries,
        Delay = options.RetryDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Context.Properties.TryGetValue(RequestKey, out var request) && IsWorthRepeating(request, arguments.Outcome, options, time)),
        DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } response ? RetryAfter(response, time) : null),
        OnRetry = arguments =>
        {
            LogRetry(logger, _dependency, arguments.AttemptNumber + 1, arguments.RetryDelay.TotalMilliseconds);
            arguments.Outcome.Result?.Dispose();
            return default;
        },
    };

    private CircuitBreakerStrategyOptions<HttpResponseMessage> Breaker(DependencyOptions options, ILogger logger) => new()
    {
        MinimumThroughput = options.CircuitMinimumCalls,
        FailureRatio = options.CircuitFailureRatio,
        SamplingDuration = options.SamplingDuration,
        BreakDuration = options.BreakDuration,
        ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments.Outcome, arguments.Context)),
        OnOpened = _ =>
        {
            LogOpened(logger, _dependency, options.BreakDuration.TotalSeconds);
            return default;
        },
        OnClosed = _ =>
        {
            LogClosed(logger, _dependency);
            return default;
        },
    };

    /// <summary>429 and 503 say that nothing was done, so that any request can be repeated; other failures leave it open, so only harmless ones are.</summary>
    private static bool IsWorthRepeating(HttpRequestMessage request, Outcome<HttpResponseMessage> outcome, DependencyOptions options, TimeProvider time)
    {
        var isIdempotent = request.Method.Method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE";
        return outcome switch
        {
            { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } =>
                (RetryAfter(outcome.Result, time) ?? TimeSpan.Zero) <= options.LongestRetryAfter,
            { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout } => isIdempotent,
            { Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } } => true,
            { Exception: HttpRequestException } => isIdempotent,
            _ => false,
        };
    }

    /// <summary>A call that the caller gave up is no failure of the dependency; one that ran into the total timeout is.</summary>
    private static bool IsFailure(Outcome<HttpResponseMessage> outcome, ResilienceContext context) => outcome switch
    {
        { Exception: HttpRequestException } => true,
        { Exception: OperationCanceledException } => context.Properties.TryGetValue(CallerKey, out var caller) && !caller.IsCancellationRequested,
        { Result.StatusCode: >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };

    [LoggerMessage(LogLevel.Debug, "{Dependency} is asked again (repetition {Repetition}) in {Milliseconds:0} ms")]
    private static partial void LogRetry(ILogger logger, string dependency, int repetition, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "{Dependency} failed too often and is left alone for {Seconds:0} s")]
    private static partial void LogOpened(ILogger logger, string dependency, double seconds);

    [LoggerMessage(LogLevel.Information, "{Dependency} answers again")]
    private static partial void LogClosed(ILogger logger, string dependency);
}
