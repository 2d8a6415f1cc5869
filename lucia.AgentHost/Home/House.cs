using System.Collections.Concurrent;
using Lucia.Settings;

namespace Lucia.AgentHost.Home;

/// <summary>The house as last heard of: states from events, areas and exposure from the registries. Safe for many readers and one writer.</summary>
public sealed class House(LuciaSettings settings)
{
    /// <summary>The kinds of entity that Lucia knows how to speak of; what people and cameras report is none of them.</summary>
    private static readonly HashSet<string> SupportedDomains = new(StringComparer.OrdinalIgnoreCase)
    {
        "light", "switch", "sensor", "binary_sensor", "climate", "cover", "fan", "lock", "media_player", "scene", "script", "input_boolean",
        "vacuum", "humidifier", "water_heater", "weather", "alarm_control_panel", "todo", "valve",
    };

    private readonly ConcurrentDictionary<string, EntityState> _states = new(StringComparer.Ordinal);
    private volatile Registries _registries = Registries.Empty;
    private volatile TaskCompletionSource _changed = NewSignal();

    /// <summary>Whether events are arriving, so that states are current. False: ask Home Assistant before believing a state.</summary>
    public bool IsLive { get; private set; }

    public Registries Registries => _registries;

    public IReadOnlyList<string> Areas => [.. _registries.Areas.Values.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The entities that Lucia may see and use, ordered by id.</summary>
    public IReadOnlyList<Entity> Entities =>
        [.. _states.Values.Where(IsAllowed).OrderBy(state => state.EntityId, StringComparer.Ordinal).Select(state => new Entity(state, AreaOf(state.EntityId)))];

    /// <summary>An entity that Lucia may use; null when there is none of that id, or it is not exposed.</summary>
    public Entity? Find(string entityId) =>
        _states.TryGetValue(entityId, out var state) && IsAllowed(state) ? new Entity(state, AreaOf(entityId)) : null;

    /// <summary>Replaces everything, as after a (re)connection.</summary>
    public void Load(Registries registries, IEnumerable<EntityState> states)
    {
        _registries = registries;
        HashSet<string> seen = [];
        foreach (var state in states)
        {
            _states[state.EntityId] = state;
            seen.Add(state.EntityId);
        }

        foreach (var gone in _states.Keys.Where(id => !seen.Contains(id))) _states.TryRemove(gone, out _);
        IsLive = true;
        Signal();
    }

    public void Load(Registries registries) => _registries = registries;

    public void Update(EntityState state)
    {
        _states[state.EntityId] = state;
        Signal();
    }

    public void Remove(string entityId)
    {
        _states.TryRemove(entityId, out _);
        Signal();
    }

    /// <summary>Events have stopped; what is known may be old.</summary>
    public void Lost()
    {
        IsLive = false;
        Signal();
    }

    /// <summary>Waits until an entity's state satisfies a condition, or the limit or the connection ends.</summary>
    /// <returns>Whether the condition was met by a reported state.</returns>
    public async Task<bool> WaitForAsync(string entityId, Func<EntityState, bool> condition, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        using var ended = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, cancellation);
        while (true)
        {
            // Taken before looking: a change between looking and waiting must not be missed.
            var changed = _changed.Task;
            if (_states.TryGetValue(entityId, out var state) && condition(state)) return true;
            if (!IsLive) return false;
            try
            {
                await changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private string? AreaOf(string entityId) => _registries.AreaOfEntity.GetValueOrDefault(entityId);

    private bool IsAllowed(EntityState state)
    {
        if (settings.HomeAssistant is not { } home) return false;
        var registries = _registries;
        if (registries.Hidden.Contains(state.EntityId)) return false;
        if (!(home.AllowedDomains.Count > 0 ? home.AllowedDomains.Contains(state.Domain, StringComparer.OrdinalIgnoreCase) : SupportedDomains.Contains(state.Domain))) return false;
        return !home.ExposedOnly || registries.Exposed is not { } exposed || exposed.Contains(state.EntityId);
    }

    private void Signal()
    {
        var before = Interlocked.Exchange(ref _changed, NewSignal());
        before.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
