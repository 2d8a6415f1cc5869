using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests;

/// <summary>A directory for one test, with builders whose state lies in it; everything is stopped and deleted at the end.</summary>
public sealed class Sandbox : IAsyncDisposable
{
    private readonly List<DistributedApplication> _applications = [];

    /// <summary>The test's own directory.</summary>
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("hosting-test-").FullName;

    public static void NeedsShell() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The test's resources are shell scripts.");

    public static void NeedsRedis() =>
        Assert.SkipUnless(Running.RedisServer.Program is not null, "There is no redis-server or valkey-server on PATH.");

    public string File(string name) => Path.Combine(Directory, name);

    public IDistributedApplicationBuilder Builder(params string[] args) => DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        Args = ["--state-directory", File("state"), "--DcpPublisher:RandomizePorts=true", "--no-dashboard", .. args],
        ProjectDirectory = Directory
    });

    public async Task<DistributedApplication> StartAsync(IDistributedApplicationBuilder builder)
    {
        var application = builder.Build();
        _applications.Add(application);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return application;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var application in _applications)
            await application.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}

internal static class SandboxExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A shell script as a resource.</summary>
    internal static IResourceBuilder<ExecutableResource> AddScript(this IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "sh", ".", "-c", script);

    internal static async Task<CustomResourceSnapshot> StateAsync(this DistributedApplication application, string resource, string state) =>
        (await application.ResourceNotifications.WaitForResourceAsync(resource, e => e.Snapshot.State?.Text == state, TestContext.Current.CancellationToken)
            .WaitAsync(Patience, TestContext.Current.CancellationToken)).Snapshot;

    internal static async Task<CustomResourceSnapshot> HealthyAsync(this DistributedApplication application, string resource) =>
        (await application.ResourceNotifications.WaitForResourceHealthyAsync(resource, TestContext.Current.CancellationToken)
            .WaitAsync(Patience, TestContext.Current.CancellationToken)).Snapshot;

    /// <summary>Waits, bounded, until something holds.</summary>
    internal static async Task EventuallyAsync(Func<bool> holds, string what)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!holds())
        {
            clock.Elapsed.ShouldBeLessThan(Patience, what);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
