using System.Text.Json;

namespace Lucia.Publishing.Profile;

/// <summary>
/// What an Aspire manifest cannot say: health, limits, replicas, users, settings' meaning, systemd's own way. It is a resource of type
/// <c>lucia.deployment.v0</c> in the same manifest; other tools pass over it.
/// </summary>
/// <remarks>
/// An AppHost writes it with <c>.WithManifestPublishingCallback(context => profile.WriteTo(context.Writer))</c>. Every part is optional.
/// Texts of <see cref="WorkloadProfile.Command"/>, <see cref="WorkloadProfile.Args"/>, <see cref="WorkloadProfile.Environment"/> and
/// <see cref="FileProfile.Content"/> may hold <c>{resource.path}</c> expressions. Durations are whole seconds.
/// </remarks>
public sealed record DeploymentProfile
{
    /// <summary>The resource's type in the manifest.</summary>
    public const string ResourceType = "lucia.deployment.v0";

    /// <summary>Compose project, namespace, chart and unit prefix: lower case, digits, hyphens.</summary>
    public string? Application { get; init; }

    /// <summary>One sentence about the application.</summary>
    public string? Description { get; init; }

    /// <summary>The application's version, such as <c>0.1.0</c>: chart version and label.</summary>
    public string? Version { get; init; }

    /// <summary>Home page or repository.</summary>
    public string? Url { get; init; }

    /// <summary>By resource name.</summary>
    public IReadOnlyDictionary<string, WorkloadProfile> Workloads { get; init; } = new Dictionary<string, WorkloadProfile>();

    /// <summary>What a person must know of a parameter, by the parameter resource's name.</summary>
    public IReadOnlyDictionary<string, SettingProfile> Parameters { get; init; } = new Dictionary<string, SettingProfile>();

    /// <summary>Writes the members of the resource, <c>type</c> included, into the object that is open on <paramref name="writer"/>.</summary>
    public void WriteTo(Utf8JsonWriter writer) => DeploymentProfileWriter.Write(this, writer);
}
