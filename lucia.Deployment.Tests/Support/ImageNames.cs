namespace Lucia.Deployment.Tests.Support;

/// <summary>Names of images that a test gives to its own: afterwards each is the image's that had it before, or nobody's.</summary>
internal sealed class ImageNames : IAsyncDisposable
{
    private readonly IReadOnlyDictionary<string, string?> _before;

    private ImageNames(IReadOnlyDictionary<string, string?> before) => _before = before;

    /// <summary>Looks whose they are.</summary>
    /// <param name="names">With their tags: <c>example/lucia:1.2.3</c>.</param>
    public static async Task<ImageNames> RememberAsync(IEnumerable<string> names)
    {
        Dictionary<string, string?> before = [];
        foreach (var name in names) before[name] = await ImageAsync(name);
        return new(before);
    }

    /// <summary>The image that has a name now; null when none has.</summary>
    public static async Task<string?> ImageAsync(string name)
    {
        var inspected = await Ran.ToEndAsync("docker", ["image", "inspect", "--format", "{{.Id}}", name]);
        return inspected.ExitCode == 0 ? inspected.Output.Trim() : null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, image) in _before)
        {
            if (image is not null) await Ran.ToEndAsync("docker", ["tag", image, name]);
            else if (await ImageAsync(name) is not null) await Ran.ToEndAsync("docker", ["image", "rm", "--force", name]);
        }
    }
}
