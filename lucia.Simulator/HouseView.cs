using System.Text.Json.Nodes;
using Lucia.Simulator.Home;

namespace Lucia.Simulator;

/// <summary>The house room by room, for people and tests.</summary>
internal static class HouseView
{
    public static JsonObject Of(House house)
    {
        var states = house.States.ToDictionary(state => state.EntityId);
        var rooms = house.Entities.Where(entity => states.ContainsKey(entity.EntityId)).GroupBy(house.AreaOf).OrderBy(group => group.Key is null);
        return new JsonObject
        {
            ["areas"] = new JsonArray([.. rooms.Select(room => new JsonObject
            {
                ["area_id"] = room.Key?.AreaId,
                ["name"] = room.Key?.Name ?? "Whole house",
                ["entities"] = new JsonArray([.. room.Select(entity => new JsonObject
                {
                    ["entity_id"] = entity.EntityId,
                    ["name"] = entity.FriendlyName,
                    ["domain"] = states[entity.EntityId].Domain,
                    ["state"] = states[entity.EntityId].State,
                    ["exposed"] = entity.Exposed,
                    ["attributes"] = states[entity.EntityId].Attributes.DeepClone(),
                })]),
            })]),
        };
    }
}
