using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lucia.AgentHost.Telemetry;
using Lucia.ServiceDefaults;
using Microsoft.Extensions.AI;

namespace Lucia.AgentHost.Models;

/// <summary>
/// Watches every call to the chat model: spans and metrics, a limit on silence, failures in the user's words, and the last outcome for
/// <c>/health</c>.
/// </summary>
internal sealed class ObservedChatClient(IChatClient inner, ModelWatch watch, TimeProvider time) : DelegatingChatClient(inner)
{
    /// <summary>The longest pause between two pieces of an answer. The wait for the first one is bounded where the request is sent.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken)) updates.Add(update);
        return updates.ToChatResponse();
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        TagList tags = new()
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.provider.name", watch.Provider },
            { "gen_ai.request.model", watch.Model },
        };
        using var activity = AgentTelemetry.Source.StartActivity("chat " + watch.Model, ActivityKind.Client);
        if (activity is not null)
            foreach (var tag in tags) activity.SetTag(tag.Key, tag.Value);
        var start = time.GetTimestamp();

        using var silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        await using var updates = base.GetStreamingResponseAsync(messages, options, either.Token).GetAsyncEnumerator(either.Token);
        var begun = false;
        while (true)
        {
            ChatResponseUpdate update;
            try
            {
                if (!await updates.MoveNextAsync()) break;
                update = updates.Current;
                silence.CancelAfter(Silence);
                begun = true;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // A connection that is lost once the answer has begun says nothing against the address.
                var failure = watch.Failed(begun && exception is IOException or HttpRequestException { StatusCode: null } and not DependencyException ? new EndOfStreamException(null, exception) : exception);
                AgentTelemetry.Fail(activity, failure);
                tags.Add("error.type", AgentTelemetry.ErrorType(failure));
                AgentTelemetry.ModelDuration.Record(time.GetElapsedTime(start).TotalSeconds, tags);
                throw failure;
            }

            foreach (var usage in update.Contents.OfType<UsageContent>()) Record(usage.Details, tags, activity);
            yield return update;
        }

        watch.Succeeded();
        AgentTelemetry.ModelDuration.Record(time.GetElapsedTime(start).TotalSeconds, tags);
    }

    private static void Record(UsageDetails usage, TagList tags, Activity? activity)
    {
        Record("input", usage.InputTokenCount);
        Record("output", usage.OutputTokenCount);

        void Record(string direction, long? tokens)
        {
            if (tokens is not > 0) return;
            activity?.SetTag($"gen_ai.usage.{direction}_tokens", tokens);
            var counted = tags;
            counted.Add("gen_ai.token.type", direction);
            AgentTelemetry.ModelTokens.Record(tokens.Value, counted);
        }
    }
}
