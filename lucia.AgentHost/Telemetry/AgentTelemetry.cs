using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Lucia.ServiceDefaults;

namespace Lucia.AgentHost.Telemetry;

/// <summary>The sources and instruments of the AgentHost. Names follow OpenTelemetry's conventions where there are any (<c>gen_ai.*</c>).</summary>
internal static class AgentTelemetry
{
    public const string Name = "Lucia.AgentHost";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Seconds of one model call, by operation, model and error.</summary>
    public static readonly Histogram<double> ModelDuration =
        Meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Duration of a model call.");

    /// <summary>Tokens of one model call, by direction.</summary>
    public static readonly Histogram<long> ModelTokens =
        Meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of a model call.");

    /// <summary>Seconds of one call to Home Assistant, by operation and outcome.</summary>
    public static readonly Histogram<double> HomeDuration =
        Meter.CreateHistogram<double>("lucia.home.call.duration", "s", "Duration of a call to Home Assistant, reading back included.");

    /// <summary>Seconds of one call to Redis, by operation and outcome.</summary>
    public static readonly Histogram<double> RedisDuration =
        Meter.CreateHistogram<double>("db.client.operation.duration", "s", "Duration of a call to Redis.");

    /// <summary>Actions on the home, by tool and whether the home confirmed them.</summary>
    public static readonly Counter<long> Actions = Meter.CreateCounter<long>("lucia.actions", "{action}", "Actions on the home.");

    /// <summary>Runs one operation inside a span and a duration measurement.</summary>
    /// <param name="histogram">Where the seconds go.</param>
    /// <param name="span">The span's name, of low cardinality.</param>
    /// <param name="kind">Client for calls that leave the process.</param>
    /// <param name="tags">Tags for both.</param>
    /// <param name="operation">The operation; an exception marks both as failed with its type, never with its message.</param>
    public static async Task<T> MeasureAsync<T>(
        Histogram<double> histogram, string span, ActivityKind kind, TagList tags, Func<Activity?, Task<T>> operation)
    {
        using var activity = Source.StartActivity(span, kind);
        if (activity is not null)
            foreach (var tag in tags) activity.SetTag(tag.Key, tag.Value);
        var start = Stopwatch.GetTimestamp();
        try
        {
            var result = await operation(activity);
            histogram.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
            return result;
        }
        catch (Exception exception)
        {
            Fail(activity, exception);
            tags.Add("error.type", ErrorType(exception));
            histogram.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
            throw;
        }
    }

    /// <summary>Marks a span as failed with the kind of failure; messages may hold what a user said or a secret, so they stay out.</summary>
    public static void Fail(Activity? activity, Exception exception) => Fail(activity, ErrorType(exception));

    /// <inheritdoc cref="Fail(Activity?, Exception)"/>
    public static void Fail(Activity? activity, string errorType)
    {
        activity?.SetTag("error.type", errorType);
        activity?.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>The kind of a failure, of low cardinality: the HTTP status where one came, else the exception that began it.</summary>
    public static string ErrorType(Exception exception) => exception switch
    {
        HttpRequestException { StatusCode: { } status } => ((int)status).ToString(CultureInfo.InvariantCulture),
        DependencyException { InnerException: { } cause } => ErrorType(cause),
        _ => exception.GetType().Name,
    };
}
