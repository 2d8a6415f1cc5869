using System.Collections.Concurrent;
using System.Diagnostics;

namespace Lucia.AgentHost.Tests.Telemetry;

/// <summary>Listens to everything that the process traces, and keeps the activities of one trace.</summary>
internal sealed class Trace : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ActivityTraceId _id = ActivityTraceId.CreateRandom();
    private readonly ConcurrentQueue<Activity> _activities = new();

    public Trace()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId == _id ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == _id) _activities.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public string Id => _id.ToHexString();

    /// <summary>The header that makes a request part of this trace.</summary>
    public string Parent => $"00-{_id}-{ActivitySpanId.CreateRandom()}-01";

    public IReadOnlyCollection<Activity> Activities => _activities;

    public Activity Find(string name) => _activities.FirstOrDefault(activity => activity.DisplayName == name)
        ?? throw new InvalidOperationException($"No \"{name}\" among {string.Join(", ", _activities.Select(activity => activity.DisplayName))}.");

    /// <summary>The names from an activity up to the request that began it all.</summary>
    public IReadOnlyList<string> PathOf(Activity activity)
    {
        List<string> path = [];
        for (var at = activity; at is not null; at = _activities.FirstOrDefault(parent => parent.SpanId == at.ParentSpanId)) path.Insert(0, at.DisplayName);
        return path;
    }

    public void Dispose() => _listener.Dispose();
}
