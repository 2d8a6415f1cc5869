using System.Text.Json.Nodes;

namespace Lucia.Simulator.Home;

/// <summary>Something that happened in the house, as Home Assistant's event bus tells it.</summary>
/// <param name="Type">For example <c>state_changed</c> or <c>entity_registry_updated</c>.</param>
/// <param name="EntityId">The entity it is about.</param>
/// <param name="At">When it happened.</param>
/// <param name="Context">What caused it.</param>
public sealed record HouseEvent(string Type, string EntityId, DateTimeOffset At, ChangeContext Context)
{
    internal const string StateChanged = "state_changed";
    internal const string EntityRegistryUpdated = "entity_registry_updated";

    /// <summary>Before a <c>state_changed</c>; absent for a new entity.</summary>
    public EntityState? Old { get; init; }

    /// <summary>After a <c>state_changed</c>; absent for a removed entity.</summary>
    public EntityState? New { get; init; }

    /// <summary>For a registry event: <c>create</c>, <c>update</c> or <c>remove</c>.</summary>
    public string? Action { get; init; }

    internal JsonObject ToJson() => new()
    {
        ["event_type"] = Type,
        ["data"] = Type == StateChanged
            ? new JsonObject { ["entity_id"] = EntityId, ["old_state"] = Old?.ToJson(), ["new_state"] = New?.ToJson() }
            : new JsonObject { ["action"] = Action, ["entity_id"] = EntityId },
        ["origin"] = "LOCAL",
        ["time_fired"] = EntityState.Timestamp(At),
        ["context"] = Context.ToJson(),
    };

    internal JsonObject ToCompressedJson() => (Old, New) switch
    {
        (null, { } added) => new JsonObject { ["a"] = new JsonObject { [EntityId] = added.ToCompressedJson() } },
        ({ }, null) => new JsonObject { ["r"] = new JsonArray(EntityId) },
        ({ } old, { } changed) => new JsonObject { ["c"] = new JsonObject { [EntityId] = changed.DiffFrom(old) } },
        _ => [],
    };
}
