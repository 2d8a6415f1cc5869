using System.Text.Json.Nodes;

namespace Lucia.Simulator.Home;

/// <summary>What a service makes of one entity, given the call's data.</summary>
internal delegate EntityChange? ServiceEffect(EntityState current, JsonObject data);

/// <summary>One service, as <c>get_services</c> lists it and as a call runs it.</summary>
internal sealed record Service(string Domain, string Name, string Description, ServiceEffect Effect)
{
    /// <summary>What the call's data may hold besides its target.</summary>
    public IReadOnlyList<ServiceField> Fields { get; init; } = [];

    /// <summary>Whether the effect of the call goes beyond its target, as a scene's does.</summary>
    public bool RunsRoutine { get; init; }

    /// <summary>Domains the service can act on; by default its own.</summary>
    public IReadOnlyList<string> TargetDomains { get; init; } = [Domain];

    public JsonObject ToJson()
    {
        var fields = new JsonObject();
        foreach (var field in Fields)
            fields[field.Name] = new JsonObject { ["required"] = field.Required, ["name"] = field.Name, ["description"] = field.Description };
        return new JsonObject
        {
            ["name"] = Words.Title(Name),
            ["description"] = Description,
            ["fields"] = fields,
            ["target"] = new JsonObject { ["entity"] = new JsonArray(new JsonObject { ["domain"] = Json.Array(TargetDomains) }) },
        };
    }
}

/// <summary>A field of a service's data.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Description">What it is, with its unit.</param>
/// <param name="Problem">Says what is wrong with a value, or nothing.</param>
/// <param name="Required">Whether a call without it is refused.</param>
internal sealed record ServiceField(string Name, string Description, Func<JsonNode?, string?> Problem, bool Required = false)
{
    public static ServiceField Number(string name, string description, double minimum, double maximum, bool required = false) => new(
        name,
        description,
        value => value.AsNumber() switch
        {
            null => "expected float",
            { } number when number < minimum => FormattableString.Invariant($"value must be at least {minimum}"),
            { } number when number > maximum => FormattableString.Invariant($"value must be at most {maximum}"),
            _ => null,
        },
        required);

    public static ServiceField Text(string name, string description, bool required = false) =>
        new(name, description, value => value is JsonValue ? null : "expected str", required);

    public static ServiceField OneOf(string name, string description, IReadOnlyCollection<string> values, bool required = false) =>
        new(name, description, value => value.AsString() is { } text && values.Contains(text) ? null : "value must be one of [" + string.Join(", ", values) + "]", required);

    public static ServiceField Flag(string name, string description, bool required = false) =>
        new(name, description, value => value is JsonValue flag && flag.TryGetValue<bool>(out _) ? null : "expected bool", required);

    public static ServiceField Numbers(string name, string description, int count) =>
        new(name, description, value => value is JsonArray array && array.Count == count && array.All(item => item.AsNumber() is not null) ? null : $"expected {count} numbers");
}
