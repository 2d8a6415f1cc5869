using System.Runtime.InteropServices;
using Lucia.AgentHost.Tests.Support;

[assembly: AssemblyFixture(typeof(Lucia.Deployment.Tests.Support.ServiceBundle))]

namespace Lucia.Deployment.Tests.Support;

/// <summary>The bundle that <c>./lucia bundle systemd</c> makes of these sources: made when the first test asks for it, and the same for all of them.</summary>
public sealed class ServiceBundle : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-bundle-");
    private readonly Lazy<Task<(string Tarball, string Log)>> _made;

    public ServiceBundle() => _made = new(BuildAsync);

    /// <summary>What a bundle is made for unless told otherwise: this machine; null where there are no bundles for it.</summary>
    internal static string? Runtime { get; } = RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "linux-x64",
        Architecture.Arm64 => "linux-arm64",
        _ => null,
    };

    /// <summary>Skips the test where there are no bundles for this machine.</summary>
    internal static void NeedRuntime() => Assert.SkipWhen(Runtime is null, $"there are bundles for x64 and arm64, but this machine is {RuntimeInformation.OSArchitecture}");

    /// <summary>The tarball, and what was said while it was made.</summary>
    /// <remarks>When it cannot be made, every test that asks is told why.</remarks>
    internal Task<(string Tarball, string Log)> GetAsync() => _made.Value;

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Makes it, without a trace in the lock files.</summary>
    private async Task<(string Tarball, string Log)> BuildAsync()
    {
        var locks = Directory.EnumerateDirectories(Programs.Repository, "lucia.*").Select(project => Path.Combine(project, "packages.lock.json")).Where(File.Exists).ToList();
        var before = locks.Select(File.ReadAllText).ToList();
        // The build that runs these tests has made the AppHost already.
        var options = File.Exists(Path.Combine(Programs.Repository, "lucia.AppHost/bin/Debug/net10.0/lucia.AppHost.dll")) ? ["--no-build"] : Array.Empty<string>();

        var built = (await Ran.ToEndAsync(Path.Combine(Programs.Repository, "lucia"), ["bundle", "systemd", "--output", _folder.FullName, .. options], seconds: 600)).Well();

        locks.Select(File.ReadAllText).ShouldBe(before);
        return (_folder.EnumerateFiles("*.tar.gz").ShouldHaveSingleItem().FullName, built.Error);
    }
}
