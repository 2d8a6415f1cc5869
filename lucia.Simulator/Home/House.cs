using System.Text.Json.Nodes;

namespace Lucia.Simulator.Home;

/// <summary>The simulated house: registries and the state machine. Every member may be called from any thread.</summary>
public sealed class House
{
    /// <summary>The user behind the access token.</summary>
    public const string UserId = "5f1c0ffee0a54bd1a9c2d7e4b8361f20";

    private const int MaxEntities = 1000;
    private const int MaxStateLength = 255;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly OrderedDictionary<string, RegisteredEntity> _registry = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, EntityState> _states = new(StringComparer.Ordinal);

    /// <summary>Furnishes a house.</summary>
    public House(TimeProvider time)
    {
        _time = time;
        Reset();
    }

    /// <summary>Tells every event in order, while the house is locked: a handler may only take note of it.</summary>
    internal event Action<HouseEvent>? Happened;

    /// <summary>The storeys.</summary>
    public IReadOnlyList<Floor> Floors => FurnishedHouse.Floors;

    /// <summary>The rooms.</summary>
    public IReadOnlyList<Area> Areas => FurnishedHouse.Areas;

    /// <summary>The devices.</summary>
    public IReadOnlyList<Device> Devices => FurnishedHouse.Devices;

    /// <summary>The entity registry, in the order of creation.</summary>
    public IReadOnlyList<RegisteredEntity> Entities
    {
        get
        {
            lock (_gate)
                return [.. _registry.Values];
        }
    }

    /// <summary>All states, in the order of creation.</summary>
    public IReadOnlyList<EntityState> States
    {
        get
        {
            lock (_gate)
                return [.. _states.Values];
        }
    }

    /// <summary>The state of one entity, or <see langword="null"/> when there is no such entity.</summary>
    public EntityState? State(string entityId)
    {
        lock (_gate)
            return _states.GetValueOrDefault(entityId);
    }

    /// <summary>The area an entity is in: its own, else its device's.</summary>
    public Area? AreaOf(RegisteredEntity entity)
    {
        var areaId = entity.AreaId ?? Devices.FirstOrDefault(device => device.DeviceId == entity.DeviceId)?.AreaId;
        return Areas.FirstOrDefault(area => area.AreaId == areaId);
    }

    /// <summary>Looks an area up by id or, without regard to case, by name.</summary>
    public Area? FindArea(string idOrName) => Areas.FirstOrDefault(area =>
        area.AreaId == idOrName || area.Name.Equals(idOrName, StringComparison.OrdinalIgnoreCase));

    /// <summary>Sets a state as a device would, behind the back of whoever uses the services.</summary>
    /// <param name="entityId">An entity of the house.</param>
    /// <param name="state">The new state, or <see langword="null"/> to keep it.</param>
    /// <param name="attributes">Attributes to change; the others stay.</param>
    /// <param name="context">What caused it; by default the device itself.</param>
    /// <returns>The state after the change, or <see langword="null"/> when there is no such entity.</returns>
    public EntityState? Set(string entityId, string? state, JsonObject? attributes = null, ChangeContext? context = null)
    {
        lock (_gate)
        {
            return _states.TryGetValue(entityId, out var old)
                ? Write(old, state ?? old.State, Merge(old.Attributes, attributes), context)
                : null;
        }
    }

    /// <summary>Lets <paramref name="change"/> decide on the state it finds, with nothing changing in between.</summary>
    internal EntityState? Update(string entityId, Func<EntityState, EntityChange?> change, ChangeContext context)
    {
        lock (_gate)
        {
            return _states.TryGetValue(entityId, out var old) && change(old) is { } wanted
                ? Write(old, wanted.State ?? old.State, Merge(old.Attributes, wanted.Attributes), context)
                : null;
        }
    }

    /// <summary>Looks at all states with nothing changing, so that what happens next follows what was seen.</summary>
    internal void Observe(Action<IReadOnlyCollection<EntityState>> look)
    {
        lock (_gate)
            look(_states.Values);
    }

    /// <summary>Creates an entity.</summary>
    /// <returns>False when the id is taken or the house is full.</returns>
    public bool Add(RegisteredEntity entity, string state, JsonObject attributes)
    {
        lock (_gate)
        {
            if (_registry.Count >= MaxEntities || _registry.ContainsKey(entity.EntityId))
                return false;
            Place(entity, state, attributes);
            var added = _states[entity.EntityId];
            Tell(HouseEvent.EntityRegistryUpdated, entity.EntityId, added.Context, action: "create");
            Tell(HouseEvent.StateChanged, entity.EntityId, added.Context, state: added);
            return true;
        }
    }

    /// <summary>Takes an entity away, from the registry and the states.</summary>
    public bool Remove(string entityId)
    {
        lock (_gate)
        {
            if (!_states.Remove(entityId, out var old))
                return false;
            _registry.Remove(entityId);
            var context = ChangeContext.Now(_time.GetUtcNow());
            Tell(HouseEvent.EntityRegistryUpdated, entityId, context, action: "remove");
            Tell(HouseEvent.StateChanged, entityId, context, old: old);
            return true;
        }
    }

    /// <summary>Gives an entity another name; its id stays.</summary>
    public bool Rename(string entityId, string name) => Register(entityId, entity => entity with { Name = name });

    /// <summary>Puts an entity into an area of its own, whatever its device's area is.</summary>
    public bool Move(string entityId, string areaId) => Register(entityId, entity => entity with { AreaId = areaId });

    /// <summary>Shows an entity to voice assistants or hides it from them.</summary>
    public bool Expose(string entityId, bool exposed) => Register(entityId, entity => entity with { Exposed = exposed });

    /// <summary>Puts everything back as it was at the start. Listeners hear of every difference.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            var before = _states.ToDictionary();
            var registered = _registry.ToDictionary();
            _states.Clear();
            _registry.Clear();
            foreach (var piece in FurnishedHouse.Furniture)
                Place(piece.Entity, piece.State, piece.Attributes);

            foreach (var (id, old) in before)
            {
                if (!_states.TryGetValue(id, out var now))
                    Tell(HouseEvent.StateChanged, id, old.Context, old: old);
                else if (now.State == old.State && JsonNode.DeepEquals(now.Attributes, old.Attributes))
                    _states[id] = old;
                else
                    Tell(HouseEvent.StateChanged, id, now.Context, old: old, state: now);
            }

            foreach (var (id, state) in _states)
            {
                if (before.Count > 0 && !before.ContainsKey(id))
                    Tell(HouseEvent.StateChanged, id, state.Context, state: state);
                if (registered.TryGetValue(id, out var entry) ? entry != _registry[id] : registered.Count > 0)
                    Tell(HouseEvent.EntityRegistryUpdated, id, state.Context, action: "update");
            }
        }
    }

    private bool Register(string entityId, Func<RegisteredEntity, RegisteredEntity> change)
    {
        lock (_gate)
        {
            if (!_registry.TryGetValue(entityId, out var entity))
                return false;
            var changed = change(entity);
            _registry[entityId] = changed;
            var context = ChangeContext.Now(_time.GetUtcNow());
            Tell(HouseEvent.EntityRegistryUpdated, entityId, context, action: "update");
            if (changed.FriendlyName != entity.FriendlyName)
            {
                var old = _states[entityId];
                Write(old, old.State, Merge(old.Attributes, new JsonObject { ["friendly_name"] = changed.FriendlyName }), context);
            }

            return true;
        }
    }

    private void Place(RegisteredEntity entity, string state, JsonObject attributes)
    {
        var now = Now();
        var all = (JsonObject)attributes.DeepClone();
        all["friendly_name"] = entity.FriendlyName;
        _registry[entity.EntityId] = entity;
        _states[entity.EntityId] = new EntityState(entity.EntityId, state, all, now, now, ChangeContext.Now(now));
    }

    private EntityState Write(EntityState old, string state, JsonObject attributes, ChangeContext? context)
    {
        var text = state.Length > MaxStateLength ? state[..MaxStateLength] : state;
        var changed = text != old.State;
        if (!changed && JsonNode.DeepEquals(attributes, old.Attributes))
            return old;

        var now = Now();
        var written = new EntityState(
            old.EntityId, text, attributes, changed ? now : old.LastChanged, now, context ?? ChangeContext.Now(now));
        _states[old.EntityId] = written;
        Tell(HouseEvent.StateChanged, old.EntityId, written.Context, old, written);
        return written;
    }

    private void Tell(string type, string entityId, ChangeContext context, EntityState? old = null, EntityState? state = null, string? action = null) =>
        Happened?.Invoke(new HouseEvent(type, entityId, Now(), context) { Old = old, New = state, Action = action });

    /// <summary>Home Assistant counts microseconds; anything finer would be lost in a timestamp.</summary>
    private DateTimeOffset Now()
    {
        var now = _time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static JsonObject Merge(JsonObject attributes, JsonObject? changes)
    {
        var merged = (JsonObject)attributes.DeepClone();
        foreach (var (name, value) in changes ?? [])
            merged[name] = value?.DeepClone();
        return merged;
    }
}

/// <summary>What a service makes of an entity: another state, some attributes, or both.</summary>
internal sealed record EntityChange(string? State, JsonObject? Attributes = null);
