using System.Globalization;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Home;

/// <summary>One state of one entity, as Home Assistant's state machine holds it. Never changed once made.</summary>
/// <param name="EntityId">For example <c>light.kitchen_ceiling</c>.</param>
/// <param name="State">At most 255 characters, for example <c>on</c>.</param>
/// <param name="Attributes">Owned by this state; read it, never write it.</param>
/// <param name="LastChanged">When <paramref name="State"/> last became another.</param>
/// <param name="LastUpdated">When the state or an attribute last became another.</param>
/// <param name="Context">What caused this state.</param>
public sealed record EntityState(
    string EntityId, string State, JsonObject Attributes, DateTimeOffset LastChanged, DateTimeOffset LastUpdated, ChangeContext Context)
{
    /// <summary>The part of <see cref="EntityId"/> before the dot.</summary>
    public string Domain => EntityId[..EntityId.IndexOf('.')];

    internal JsonObject ToJson() => new()
    {
        ["entity_id"] = EntityId,
        ["state"] = State,
        ["attributes"] = Attributes.DeepClone(),
        ["last_changed"] = Timestamp(LastChanged),
        ["last_reported"] = Timestamp(LastUpdated),
        ["last_updated"] = Timestamp(LastUpdated),
        ["context"] = Context.ToJson(),
    };

    /// <summary>The short form that <c>subscribe_entities</c> sends for an entity that is new to the listener.</summary>
    internal JsonObject ToCompressedJson()
    {
        var json = new JsonObject
        {
            ["s"] = State,
            ["a"] = Attributes.DeepClone(),
            ["c"] = CompressedContext(Context),
            ["lc"] = UnixSeconds(LastChanged),
        };
        if (LastUpdated != LastChanged)
            json["lu"] = UnixSeconds(LastUpdated);
        return json;
    }

    /// <summary>What differs from <paramref name="old"/>, in the short form: <c>{"+": {...}, "-": {"a": [...]}}</c>.</summary>
    internal JsonObject DiffFrom(EntityState old)
    {
        var added = new JsonObject();
        if (State != old.State)
            added["s"] = State;
        if (LastChanged != old.LastChanged)
            added["lc"] = UnixSeconds(LastChanged);
        else if (LastUpdated != old.LastUpdated)
            added["lu"] = UnixSeconds(LastUpdated);

        var context = new JsonObject();
        if (Context.ParentId != old.Context.ParentId)
            context["parent_id"] = Context.ParentId;
        if (Context.UserId != old.Context.UserId)
            context["user_id"] = Context.UserId;
        if (Context.Id != old.Context.Id)
        {
            if (context.Count > 0)
                context["id"] = Context.Id;
            else
                added["c"] = Context.Id;
        }

        if (context.Count > 0)
            added["c"] = context;

        var attributes = new JsonObject();
        foreach (var (name, value) in Attributes)
        {
            if (!old.Attributes.TryGetPropertyValue(name, out var before) || !JsonNode.DeepEquals(before, value))
                attributes[name] = value?.DeepClone();
        }

        if (attributes.Count > 0)
            added["a"] = attributes;

        var diff = new JsonObject { ["+"] = added };
        var gone = old.Attributes.Select(pair => pair.Key).Where(name => !Attributes.ContainsKey(name)).ToList();
        if (gone.Count > 0)
            diff["-"] = new JsonObject { ["a"] = Json.Array(gone) };
        return diff;
    }

    internal static string Timestamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00:00";

    internal static double UnixSeconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / 10 / 1e6;

    private static JsonNode CompressedContext(ChangeContext context) =>
        context is { ParentId: null, UserId: null } ? context.Id : context.ToJson();
}
