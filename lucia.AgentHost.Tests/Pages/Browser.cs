using Microsoft.Playwright;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>
/// Chromium for tests: started when the first test opens a tab, shared by all, closed at the end. Register it with
/// <c>[assembly: AssemblyFixture(typeof(Browser))]</c> and take it in a test class's constructor. The executable is the one that <c>CHROMIUM</c> names, else
/// <c>/usr/bin/chromium</c>; without one, <see cref="OpenAsync"/> skips the test and says why.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    private const string Usual = "/usr/bin/chromium";

    // The machine's own Chromium, in a container perhaps, and silent: a test's browser talks to the test alone.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Chromium)>> _started = new(StartAsync);

    private static string Executable => Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : Usual;

    /// <summary>Opens <paramref name="address"/> in a context of its own: no storage is shared with another tab.</summary>
    /// <param name="address">The page; requests to any other origin are refused and recorded.</param>
    /// <param name="options">Window size, colour scheme and the like.</param>
    public async Task<BrowserTab> OpenAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        Assert.SkipUnless(File.Exists(Executable), $"There is no Chromium at {Executable}. Install it, or name one in CHROMIUM.");
        var (_, chromium) = await _started.Value;
        return await BrowserTab.OpenAsync(chromium, address, options ?? new());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated)
            return;
        var (playwright, chromium) = await _started.Value;
        await chromium.DisposeAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright Playwright, IBrowser Chromium)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(BrowserTab.PatienceInMilliseconds);
        var playwright = await Playwright.CreateAsync();
        return (playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Arguments }));
    }
}
