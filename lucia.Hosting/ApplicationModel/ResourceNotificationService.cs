using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A change of one instance of a resource.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">The instance: the resource's name and a suffix.</param>
/// <param name="snapshot">What is known now.</param>
public sealed class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The instance: the resource's name and a suffix.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>What is known now.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>The one place where the state of every resource is published and watched.</summary>
public sealed class ResourceNotificationService
{
    /// <summary>A watcher that does not read loses the oldest changes, never the newest.</summary>
    private const int BacklogOfWatcher = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceEvent> _latest = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Action<ResourceEvent>> _observers = [];

    /// <summary>Publishes a change of a resource with one instance.</summary>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory) =>
        PublishUpdateAsync(resource, resource.Name, stateFactory);

    /// <summary>Publishes a change of one instance.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_gate)
        {
            var before = _latest.TryGetValue(resourceId, out var known)
                ? known.Snapshot
                : new CustomResourceSnapshot { ResourceType = resource.GetType().Name, Properties = [], CreationTimeStamp = DateTime.UtcNow };
            var change = new ResourceEvent(resource, resourceId, stateFactory(before));
            _latest[resourceId] = change;
            foreach (var observer in _observers.ToArray())
                observer(change);
        }

        return Task.CompletedTask;
    }

    /// <summary>The latest change of an instance, found by its id or by its resource's name.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_gate)
        {
            return _latest.TryGetValue(resourceId, out resourceEvent)
                || (resourceEvent = _latest.Values.FirstOrDefault(e => Named(e, resourceId))) is not null;
        }
    }

    /// <summary>What is known of every instance, then every change, until cancelled.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var changes = Channel.CreateBounded<ResourceEvent>(new BoundedChannelOptions(BacklogOfWatcher) { FullMode = BoundedChannelFullMode.DropOldest });
        using (Observe(change => changes.Writer.TryWrite(change)))
        {
            await foreach (var change in changes.Reader.ReadAllAsync(cancellationToken))
                yield return change;
        }
    }

    /// <summary>Waits until the resource is in a state; <c>Running</c> unless another is named.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until the resource is in one of several states, and says in which.</summary>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        string[] wanted = [.. targetStates];
        var change = await WaitForResourceAsync(
            resourceName, e => e.Snapshot.State is { } state && wanted.Contains(state.Text, StringComparer.OrdinalIgnoreCase), cancellationToken);
        return change.Snapshot.State!.Text;
    }

    /// <summary>Waits until an instance of the resource matches.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        var found = new TaskCompletionSource<ResourceEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var observation = Observe(change =>
        {
            if (Named(change, resourceName) && predicate(change))
                found.TrySetResult(change);
        });
        return await found.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until the resource runs and is healthy.</summary>
    /// <exception cref="DistributedApplicationException">The resource ended in a state from which it will not become healthy.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var change = await WaitForResourceAsync(resourceName, e => IsHealthy(e) || HasGivenUp(e), cancellationToken);
        return IsHealthy(change)
            ? change
            : throw new DistributedApplicationException($"'{resourceName}' will not become healthy: its state is '{change.Snapshot.State?.Text}'.");
    }

    /// <summary>Observes every change, beginning with what is known; the observer runs inside the publisher's call and must be quick.</summary>
    internal IDisposable Observe(Action<ResourceEvent> observer)
    {
        lock (_gate)
        {
            foreach (var known in _latest.Values.ToArray())
                observer(known);
            _observers.Add(observer);
        }

        return new Observation(() =>
        {
            lock (_gate)
                _observers.Remove(observer);
        });
    }

    internal static bool IsHealthy(ResourceEvent change) => change.Snapshot.HealthStatus == HealthStatus.Healthy;

    /// <summary>Whether the resource is ready, or in a state that lasts.</summary>
    internal static bool IsSettled(ResourceEvent change) => IsHealthy(change) || HasGivenUp(change);

    private static bool HasGivenUp(ResourceEvent change) =>
        change.Snapshot.State is { } state && (state.Text == KnownResourceStates.Unavailable || KnownResourceStates.TerminalStates.Contains(state.Text));

    private static bool Named(ResourceEvent change, string name) =>
        string.Equals(change.Resource.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(change.ResourceId, name, StringComparison.OrdinalIgnoreCase);

    private sealed class Observation(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
