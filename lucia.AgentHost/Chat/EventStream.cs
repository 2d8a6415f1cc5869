using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Lucia.ServiceDefaults;

namespace Lucia.AgentHost.Chat;

/// <summary>Writes a turn as server-sent events: <c>session</c>, <c>delta</c>, <c>action</c>, then <c>done</c> or <c>error</c>.</summary>
internal static partial class EventStream
{
    /// <summary>Proxies cut connections that are silent; a comment keeps them open while a model thinks.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    public static async Task<IResult> WriteAsync(HttpContext http, IAsyncEnumerable<TurnEvent> events)
    {
        var response = http.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        await response.StartAsync(http.RequestAborted);

        var time = http.RequestServices.GetRequiredService<TimeProvider>();
        var written = Channel.CreateBounded<TurnEvent>(64);
        var turn = PumpAsync(events, written.Writer, http.RequestAborted);
        var waiting = written.Reader.WaitToReadAsync(http.RequestAborted).AsTask();
        try
        {
            while (true)
            {
                try
                {
                    if (!await waiting.WaitAsync(KeepAlive, time, http.RequestAborted)) break;
                }
                catch (TimeoutException) when (!waiting.IsCompleted)
                {
                    await response.WriteAsync(": waiting\n\n", http.RequestAborted);
                    await response.Body.FlushAsync(http.RequestAborted);
                    continue;
                }

                while (written.Reader.TryRead(out var happened)) await WriteAsync(response, happened, http.RequestAborted);
                waiting = written.Reader.WaitToReadAsync(http.RequestAborted).AsTask();
            }
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The user left; the turn notices the same and keeps what was done.
        }
        catch (Exception exception)
        {
            // The status line is out already: what went wrong can only be said inside the stream.
            await WriteAsync(response, "error", ProblemOf(http, exception), ChatJson.Default.Problem, http.RequestAborted);
        }

        await turn;
        // Nobody waits any more when the user has left; how the turn ended is then of no interest.
        _ = waiting.Exception;
        return Results.Empty;
    }

    private static Problem ProblemOf(HttpContext http, Exception exception)
    {
        var log = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(EventStream).FullName!);
        if (exception is DependencyException dependency)
        {
            LogDependency(log, dependency.Dependency, dependency);
            return Problem.Of(http, (int)dependency.Status, dependency.Message);
        }

        LogUnexpected(log, exception);
        return Problem.Of(http, StatusCodes.Status500InternalServerError, "Something went wrong inside the service. Its log says more under this trace id.");
    }

    private static async Task PumpAsync(IAsyncEnumerable<TurnEvent> events, ChannelWriter<TurnEvent> writer, CancellationToken cancellation)
    {
        try
        {
            await foreach (var happened in events) await writer.WriteAsync(happened, cancellation);
            writer.Complete();
        }
        catch (Exception exception)
        {
            writer.Complete(exception);
        }
    }

    private static Task WriteAsync(HttpResponse response, TurnEvent happened, CancellationToken cancellation) => happened switch
    {
        TurnStarted started => WriteAsync(response, "session", started, ChatJson.Default.TurnStarted, cancellation),
        TextAdded text => WriteAsync(response, "delta", text, ChatJson.Default.TextAdded, cancellation),
        ActionTaken action => WriteAsync(response, "action", action.Action, ChatJson.Default.ChatAction, cancellation),
        ReplyFinished finished => WriteAsync(response, "done", finished.Reply, ChatJson.Default.ChatReply, cancellation),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} has no event."),
    };

    [LoggerMessage(LogLevel.Warning, "{Dependency} failed a turn")]
    private static partial void LogDependency(ILogger logger, string dependency, Exception exception);

    [LoggerMessage(LogLevel.Error, "A turn failed")]
    private static partial void LogUnexpected(ILogger logger, Exception exception);

    private static async Task WriteAsync<T>(HttpResponse response, string name, T data, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        // JSON has no raw line breaks, so one data line is enough.
        var text = new StringBuilder("event: ").Append(name).Append("\ndata: ").Append(JsonSerializer.Serialize(data, type)).Append("\n\n");
        await response.WriteAsync(text.ToString(), cancellation);
        await response.Body.FlushAsync(cancellation);
    }
}
