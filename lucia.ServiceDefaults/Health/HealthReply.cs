using System.Text.Json.Serialization;

namespace Lucia.ServiceDefaults;

/// <summary>The answer of <c>GET /health</c>. Without access only <see cref="Status"/> is filled.</summary>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>.</param>
/// <param name="Version">The service's version.</param>
/// <param name="Commit">The commit it was built from; <see langword="null"/> when unknown.</param>
/// <param name="Components">What it depends on.</param>
/// <param name="Simulated">What is simulated.</param>
internal sealed record HealthReply(
    string Status,
    string? Version = null,
    string? Commit = null,
    IReadOnlyList<ComponentReply>? Components = null,
    IReadOnlyList<SimulatedReply>? Simulated = null);

/// <summary>One thing the service depends on.</summary>
/// <param name="Name">Its name: <c>redis</c>.</param>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>.</param>
/// <param name="LatencyMs">How long it took to find out, in milliseconds.</param>
/// <param name="Detail">What to know about it; never a secret.</param>
internal sealed record ComponentReply(string Name, string Status, double LatencyMs, string? Detail);

/// <summary>One thing that is simulated.</summary>
/// <param name="What"><c>chat-model</c>, <c>embedding-model</c> or <c>home</c>.</param>
/// <param name="Setting">The setting that would replace it with a real one.</param>
internal sealed record SimulatedReply(string What, string Setting);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthReply))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ServiceDefaultsJson : JsonSerializerContext;
