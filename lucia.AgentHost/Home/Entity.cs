namespace Lucia.AgentHost.Home;

/// <summary>An entity that Lucia may use: its state together with the area it is in.</summary>
/// <param name="Current">State and attributes, as of the last event.</param>
/// <param name="Area">The area's name, of the entity itself or of its device; null when it is in none.</param>
public sealed record Entity(EntityState Current, string? Area)
{
    public string Id => Current.EntityId;

    public string Name => Current.Name;

    public string Domain => Current.Domain;

    public string State => Current.State;
}
