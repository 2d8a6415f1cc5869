using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Faults;

/// <summary>One way to misbehave, how often, and when.</summary>
/// <param name="Kind">What goes wrong.</param>
public sealed record Fault(FaultKind Kind)
{
    internal const int LongestDelay = 600_000;

    /// <summary>How often it still happens; <see langword="null"/> until cleared.</summary>
    public int? Count { get; init; }

    /// <summary>
    /// Only where this occurs, without regard to case: for the model in the user's last message, for a service call in
    /// <c>domain.service</c> or an entity id, for REST in the path, for a WebSocket command in its type.
    /// </summary>
    public string? Match { get; init; }

    /// <summary>For the kinds that wait; 1000 unless said.</summary>
    public int Milliseconds { get; init; } = 1000;

    /// <summary>For <see cref="FaultKind.ModelRateLimit"/>.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>For <see cref="FaultKind.ModelMalformedArguments"/>.</summary>
    public string Variant { get; init; } = "truncated";

    internal static readonly string[] Variants = ["truncated", "single-quotes", "trailing-comma", "prose"];

    internal static string NameOf(FaultKind kind) => JsonSerializer.SerializeToElement(kind, FaultJson.Default.FaultKind).GetString()!;

    internal JsonObject ToJson() => new()
    {
        ["kind"] = NameOf(Kind),
        ["count"] = Count,
        ["match"] = Match,
        ["milliseconds"] = Milliseconds,
        ["retryAfterSeconds"] = RetryAfterSeconds,
        ["variant"] = Variant,
    };

    /// <summary>Reads a fault, adding to <paramref name="problems"/> whatever is wrong with it.</summary>
    internal static Fault? Read(JsonNode? json, string path, List<string> problems)
    {
        var before = problems.Count;
        if (json is not JsonObject fault)
        {
            problems.Add($"{path}: expected an object.");
            return null;
        }

        var kinds = Enum.GetValues<FaultKind>().ToDictionary(NameOf);
        if (fault.String("kind") is not { } name || !kinds.TryGetValue(name, out var kind))
        {
            problems.Add($"{path}.kind: expected one of {string.Join(", ", kinds.Keys)}.");
            return null;
        }

        foreach (var (key, value) in fault)
        {
            switch (key)
            {
                case "count" when value is not null && value.AsNumber() is not >= 1:
                    problems.Add($"{path}.count: expected a whole number of at least 1, or null until cleared.");
                    break;
                case "milliseconds" when value.AsNumber() is not (>= 0 and <= LongestDelay):
                    problems.Add($"{path}.milliseconds: expected 0 to {LongestDelay}.");
                    break;
                case "retryAfterSeconds" when value.AsNumber() is not (>= 0 and <= 3600):
                    problems.Add($"{path}.retryAfterSeconds: expected 0 to 3600.");
                    break;
                case "variant" when !Variants.Contains(value.AsString()):
                    problems.Add($"{path}.variant: expected one of {string.Join(", ", Variants)}.");
                    break;
                case "match" when value is not null && value.AsString() is null:
                    problems.Add($"{path}.match: expected a string.");
                    break;
                case "kind" or "count" or "match" or "milliseconds" or "retryAfterSeconds" or "variant":
                    break;
                default:
                    problems.Add($"{path}.{key}: unknown; a fault has kind, count, match, milliseconds, retryAfterSeconds and variant.");
                    break;
            }
        }

        return problems.Count > before ? null : new Fault(kind)
        {
            Count = (int?)fault.Number("count"),
            Match = fault.String("match"),
            Milliseconds = (int)(fault.Number("milliseconds") ?? 1000),
            RetryAfterSeconds = (int)(fault.Number("retryAfterSeconds") ?? 1),
            Variant = fault.String("variant") ?? "truncated",
        };
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(FaultKind))]
internal sealed partial class FaultJson : System.Text.Json.Serialization.JsonSerializerContext;
