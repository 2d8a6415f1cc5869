using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Home;

/// <summary>Registries and configuration in Home Assistant's words.</summary>
internal static class HomeJson
{
    public const string Version = "2025.11.3";

    /// <summary>When the registries were made: a house does not get a new history with every start.</summary>
    private const double Made = 1704067200.0;

    public static JsonObject Config(House house) => new()
    {
        ["allowlist_external_dirs"] = new JsonArray(),
        ["allowlist_external_urls"] = new JsonArray(),
        ["components"] = Json.Array(["api", "auth", "config", "conversation", "homeassistant", "http", "websocket_api",
            .. house.States.Select(state => state.Domain).Distinct().Order(StringComparer.Ordinal)]),
        ["config_dir"] = "/config",
        ["config_source"] = "storage",
        ["country"] = "DE",
        ["currency"] = "EUR",
        ["debug"] = false,
        ["elevation"] = 34,
        ["external_url"] = null,
        ["internal_url"] = null,
        ["language"] = "en",
        ["latitude"] = 52.52,
        ["location_name"] = "Simulated house",
        ["longitude"] = 13.405,
        ["radius"] = 100,
        ["recovery_mode"] = false,
        ["safe_mode"] = false,
        ["state"] = "RUNNING",
        ["time_zone"] = "Europe/Berlin",
        ["unit_system"] = new JsonObject
        {
            ["length"] = "km",
            ["accumulated_precipitation"] = "mm",
            ["area"] = "m²",
            ["mass"] = "g",
            ["pressure"] = "Pa",
            ["temperature"] = "°C",
            ["volume"] = "L",
            ["wind_speed"] = "m/s",
        },
        ["version"] = Version,
        ["whitelist_external_dirs"] = new JsonArray(),
    };

    public static JsonArray States(House house) => new([.. house.States.Select(state => state.ToJson())]);

    public static JsonArray Floors(House house) => new([.. house.Floors.Select(floor => new JsonObject
    {
        ["aliases"] = new JsonArray(),
        ["created_at"] = Made,
        ["floor_id"] = floor.FloorId,
        ["icon"] = null,
        ["level"] = floor.Level,
        ["name"] = floor.Name,
        ["modified_at"] = Made,
    })]);

    public static JsonArray Areas(House house) => new([.. house.Areas.Select(area => new JsonObject
    {
        ["aliases"] = Json.Array(area.Aliases),
        ["area_id"] = area.AreaId,
        ["floor_id"] = area.FloorId,
        ["humidity_entity_id"] = null,
        ["icon"] = null,
        ["labels"] = new JsonArray(),
        ["name"] = area.Name,
        ["picture"] = null,
        ["temperature_entity_id"] = null,
        ["created_at"] = Made,
        ["modified_at"] = Made,
    })]);

    public static JsonArray Devices(House house) => new([.. house.Devices.Select(device => new JsonObject
    {
        ["area_id"] = device.AreaId,
        ["config_entries"] = new JsonArray(),
        ["config_entries_subentries"] = new JsonObject(),
        ["configuration_url"] = null,
        ["connections"] = new JsonArray(),
        ["created_at"] = Made,
        ["disabled_by"] = null,
        ["entry_type"] = null,
        ["hw_version"] = null,
        ["id"] = device.DeviceId,
        ["identifiers"] = new JsonArray(new JsonArray("simulator", device.DeviceId)),
        ["labels"] = new JsonArray(),
        ["manufacturer"] = device.Manufacturer,
        ["model"] = device.Model,
        ["model_id"] = null,
        ["modified_at"] = Made,
        ["name_by_user"] = null,
        ["name"] = device.Name,
        ["primary_config_entry"] = null,
        ["serial_number"] = null,
        ["sw_version"] = null,
        ["via_device_id"] = null,
    })]);

    public static JsonArray Entities(House house) => new([.. house.Entities.Select(Entity)]);

    /// <summary>The abbreviated list that the frontend asks for; keys without a value are left out.</summary>
    public static JsonObject EntitiesForDisplay(House house) => new()
    {
        ["entity_categories"] = new JsonObject { ["0"] = "config", ["1"] = "diagnostic" },
        ["entities"] = new JsonArray([.. house.Entities.Select(entity =>
        {
            var brief = new JsonObject { ["ei"] = entity.EntityId, ["pl"] = entity.Platform, ["lb"] = new JsonArray() };
            if (entity.AreaId is not null)
                brief["ai"] = entity.AreaId;
            if (entity.DeviceId is not null)
                brief["di"] = entity.DeviceId;
            if (entity.EntityCategory is not null)
                brief["ec"] = entity.EntityCategory == "config" ? 0 : 1;
            brief["en"] = entity.FriendlyName;
            return brief;
        })]),
    };

    public static JsonObject Exposure(House house)
    {
        var entities = new JsonObject();
        foreach (var entity in house.Entities)
            entities[entity.EntityId] = new JsonObject { ["conversation"] = entity.Exposed };
        return new JsonObject { ["exposed_entities"] = entities };
    }

    public static JsonObject User() => new()
    {
        ["id"] = House.UserId,
        ["name"] = "Resident",
        ["is_owner"] = true,
        ["is_admin"] = true,
        ["credentials"] = new JsonArray(),
        ["mfa_modules"] = new JsonArray(),
    };

    private static JsonObject Entity(RegisteredEntity entity)
    {
        // A registry id is 32 hexadecimal digits; made from the entity id it is the same at every start.
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(entity.EntityId)).AsSpan(0, 16));
        return new JsonObject
        {
            ["area_id"] = entity.AreaId,
            ["categories"] = new JsonObject(),
            ["config_entry_id"] = null,
            ["config_subentry_id"] = null,
            ["created_at"] = Made,
            ["device_id"] = entity.DeviceId,
            ["disabled_by"] = null,
            ["entity_category"] = entity.EntityCategory,
            ["entity_id"] = entity.EntityId,
            ["has_entity_name"] = false,
            ["hidden_by"] = null,
            ["icon"] = null,
            ["id"] = id,
            ["labels"] = new JsonArray(),
            ["modified_at"] = Made,
            ["name"] = entity.Name,
            ["options"] = new JsonObject { ["conversation"] = new JsonObject { ["should_expose"] = entity.Exposed } },
            ["original_name"] = entity.OriginalName,
            ["platform"] = entity.Platform,
            ["translation_key"] = null,
            ["unique_id"] = id[..12],
        };
    }
}
