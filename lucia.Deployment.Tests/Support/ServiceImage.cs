using Lucia.AgentHost.Tests.Support;

[assembly: AssemblyFixture(typeof(Lucia.Deployment.Tests.Support.ServiceImage))]

namespace Lucia.Deployment.Tests.Support;

/// <summary>
/// The image of these sources as <c>eng/build-image.sh</c> makes it for a release, with their version and commit: made when the first test asks for it, and the
/// same for all of them.
/// </summary>
public sealed class ServiceImage : IAsyncDisposable
{
    private readonly string _name = $"lucia-test-{Guid.NewGuid():N}:tested";
    private readonly Lazy<Task<string>> _made;

    public ServiceImage() => _made = new(BuildAsync);

    /// <summary>Its name in the engine that answers here.</summary>
    /// <remarks>When it cannot be made, every test that asks is told why.</remarks>
    internal Task<string> GetAsync() => _made.Value;

    public async ValueTask DisposeAsync()
    {
        if (_made.IsValueCreated) await Ran.ToEndAsync("docker", ["image", "rm", "--force", _name]);
    }

    private async Task<string> BuildAsync()
    {
        // What a workflow that runs the tests is about does not concern the build.
        (await Shell.RunAsync($"eng/build-image.sh --load --tag {_name}", Programs.Repository, new Dictionary<string, string?> { ["GITHUB_EVENT_NAME"] = null }, seconds: 600)).Well();
        return _name;
    }
}
