using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>
/// One deployment that all tests of this collection use one after the other, each leaving it healthy. Whatever it says to anybody is
/// watched from its first moment to its last.
/// </summary>
public sealed class ComposeHouse(ServiceImage tested) : IAsyncLifetime
{
    // While a service is down, the engine does not know its name and asks the machine's own resolver.
    internal static readonly string[] ConfiguredNames = ["udp 53 asks for redis", "udp 53 asks for simulator"];

    private readonly string _repository = $"lucia-test-{Guid.NewGuid():N}";
    private readonly List<string> _images = [];
    private readonly List<Func<Contact, bool>> _deliberate = [];
    private ComposeDeployment? _deployment;
    private NetworkWatch? _watch;
    private string _unwatched = "";
    private string? _missing;
    private Exception? _failure;

    /// <summary>Why nothing can be watched here; empty when it can.</summary>
    internal string Unwatched => _unwatched;

    /// <summary>The watch over everything that was ever sent.</summary>
    internal NetworkWatch Watch => _watch ?? throw new InvalidOperationException(_unwatched);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The running deployment; skips the test where there is no container engine.</summary>
    internal async Task<ComposeDeployment> DeploymentAsync()
    {
        await NeedEngineAsync();
        if (_failure is not null) throw new InvalidOperationException("The deployment did not start; the first test that needed it says why.", _failure);
        if (_deployment is not null) return _deployment;
        try
        {
            _watch = NetworkWatch.TryStart(out _unwatched);
            var image = await ImageAsync();
            _deployment = new ComposeDeployment(image);
            await _deployment.StartAsync();
            return _deployment;
        }
        catch (Exception failure)
        {
            _failure = failure;
            throw;
        }
    }

    /// <summary>The image of these sources, or the one that another version of them would be, built as the comment at the top of the Dockerfile says.</summary>
    internal async Task<string> ImageAsync(string? version = null)
    {
        await NeedEngineAsync();
        if (version is null) return await tested.GetAsync();
        var image = $"{_repository}:{version}";
        if (_images.Contains(image)) return image;
        (await Shell.RunAsync($"docker build -f deploy/docker/Dockerfile -t {image} --build-arg VERSION={version} --build-arg COMMIT=0123456789abcdef .", Programs.Repository, seconds: 300)).Well();
        _images.Add(image);
        return image;
    }

    /// <summary>Throws when anything but the configured endpoints was ever asked for, be it by name or by address. Where nothing can be watched the test is warned.</summary>
    internal void ShouldHaveKeptToItself()
    {
        if (_unwatched.Length > 0) TestContext.Current.AddWarning($"Nobody saw whom the deployment contacted. {_unwatched}");
        if (_watch is null || _failure is not null) return;
        Watch.Missed().ShouldBe(0, "packets went by unseen");
        Watch.BegunWithOutsiders(_deployment!.Networks).Where(contact => !ConfiguredNames.Contains(contact.What) && !_deliberate.Any(known => known(contact)))
            .ShouldBeEmpty("nothing but the configured endpoints is ever contacted");
    }

    /// <summary>From now on, what a test sent outside on purpose is none of what nobody may contact; anything else that it sent there still is.</summary>
    internal void WasOnPurpose(Func<Contact, bool> contact) => _deliberate.Add(contact);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_deployment is not null) await _deployment.DisposeAsync();
        }
        finally
        {
            _watch?.Dispose();
            if (_images.Count > 0) await Shell.RunAsync($"docker image rm {string.Join(' ', _images)}", Path.GetTempPath());
        }
    }

    internal async Task NeedEngineAsync()
    {
        if (_missing is null)
        {
            var asked = await Shell.RunAsync("docker info >/dev/null && docker compose version", Path.GetTempPath(), seconds: 30);
            _missing = asked.ExitCode == 0 ? "" : $"No container engine with compose answers: {asked.Error.Trim()}";
        }

        if (_missing.Length > 0) Assert.Skip(_missing);
    }
}

/// <summary>The tests that share the deployment.</summary>
[CollectionDefinition(Name)]
public sealed class ComposeTests : ICollectionFixture<ComposeHouse>
{
    public const string Name = "compose";
}
