namespace Lucia.Publishing.Manifest;

/// <summary>An Aspire manifest as read: resources in their order.</summary>
public sealed class AspireManifest(IReadOnlyList<ManifestResource> resources)
{
    private readonly Dictionary<string, ManifestResource> _byName = resources.ToDictionary(static r => r.Name, StringComparer.Ordinal);

    /// <summary>Every resource, in the manifest's order.</summary>
    public IReadOnlyList<ManifestResource> Resources => resources;

    /// <summary>The resource of that name, or null. Names are compared exactly.</summary>
    public ManifestResource? Find(string name) => _byName.GetValueOrDefault(name);
}
