namespace Lucia.AgentHost.Home;

/// <summary>What Home Assistant's registries say of the house: the states know nothing of areas.</summary>
/// <param name="Areas">Area names by area id.</param>
/// <param name="AreaOfEntity">The area's name by entity id, through the device where the entity has none of its own.</param>
/// <param name="Exposed">The entities exposed to assistants; null when the token may not read that list.</param>
/// <param name="Hidden">Entities that are hidden or disabled.</param>
/// <param name="Notes">What could not be read and what that means, for <c>/health</c>.</param>
public sealed record Registries(
    IReadOnlyDictionary<string, string> Areas,
    IReadOnlyDictionary<string, string> AreaOfEntity,
    IReadOnlySet<string>? Exposed,
    IReadOnlySet<string> Hidden,
    IReadOnlyList<string> Notes)
{
    public static readonly Registries Empty = new(
        new Dictionary<string, string>(), new Dictionary<string, string>(), null, new HashSet<string>(), []);
}
