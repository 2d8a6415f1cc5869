using Microsoft.Playwright;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>
/// Chromium for tests: started once per fixture, closed with it. The executable is the one that <c>CHROMIUM</c> names, else
/// <c>/usr/bin/chromium</c>; without one, <see cref="OpenAsync"/> skips the test and says why.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Usual = "/usr/bin/chromium";

    // The machine's own Chromium, in a container perhaps, and silent: a test's browser talks to the test alone.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _chromium;

    private static string Executable => Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : Usual;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Executable))
            return;
        _playwright = await Playwright.CreateAsync();
        _chromium = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Arguments });
    }

    /// <summary>Opens <paramref name="address"/> in a context of its own: no storage is shared with another tab.</summary>
    /// <param name="address">The page; requests to any other origin are refused and recorded.</param>
    /// <param name="options">Window size, colour scheme and the like.</param>
    public async Task<BrowserTab> OpenAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(_chromium is null, $"There is no Chromium at {Executable}. Install it, or name one in CHROMIUM.");
        return await BrowserTab.OpenAsync(_chromium!, address, options ?? new());
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        _playwright?.Dispose();
    }
}
