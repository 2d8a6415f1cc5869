namespace Lucia.Simulator.Home;

/// <summary>A storey of the house.</summary>
public sealed record Floor(string FloorId, string Name, int Level);

/// <summary>A room, or the garden.</summary>
public sealed record Area(string AreaId, string Name, string? FloorId, IReadOnlyList<string> Aliases);

/// <summary>A physical device; entities without an area of their own are in its area.</summary>
public sealed record Device(string DeviceId, string Name, string? AreaId, string Manufacturer, string Model);

/// <summary>What Home Assistant's entity registry knows of an entity; its state is kept apart from this.</summary>
public sealed record RegisteredEntity
{
    /// <summary>For example <c>light.kitchen_ceiling</c>.</summary>
    public required string EntityId { get; init; }

    /// <summary>The integration that brought the entity, for example <c>hue</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The name the integration gave; <see cref="Name"/> is what a user made of it.</summary>
    public required string OriginalName { get; init; }

    /// <summary>Set once somebody renames the entity.</summary>
    public string? Name { get; init; }

    /// <summary>An own area; without it the area is the device's.</summary>
    public string? AreaId { get; init; }

    /// <summary>The device it belongs to, if any.</summary>
    public string? DeviceId { get; init; }

    /// <summary><c>config</c>, <c>diagnostic</c>, or nothing for an ordinary entity.</summary>
    public string? EntityCategory { get; init; }

    /// <summary>Whether voice assistants may see it.</summary>
    public bool Exposed { get; init; } = true;

    /// <summary>Other names that voice assistants understand.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What the entity is called.</summary>
    public string FriendlyName => Name ?? OriginalName;
}
