using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Lucia.AgentHost.Tests.Pages;

/// <summary>A tab that watches itself: what it asked of other origins and what it complained about on the console.</summary>
public sealed class BrowserTab : IAsyncDisposable
{
    internal const float PatienceInMilliseconds = 15_000;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _foreign = new();
    private readonly ConcurrentQueue<string> _complaints = new();

    private BrowserTab(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>Addresses outside the page's origin that it tried to reach. None was reached.</summary>
    public IReadOnlyCollection<string> ForeignRequests => _foreign;

    /// <summary>Console errors (content security policy violations among them) and uncaught exceptions.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    internal static async Task<BrowserTab> OpenAsync(IBrowser browser, Uri address, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(PatienceInMilliseconds);
        var page = await context.NewPageAsync();
        var tab = new BrowserTab(context, page);
        await context.RouteAsync("**/*", route => tab.GuardAsync(route, address));
        page.PageError += (_, error) => tab._complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                tab._complaints.Enqueue($"{message.Text} ({message.Location})");
        };
        await page.GotoAsync(address.AbsoluteUri);
        return tab;
    }

    /// <summary>Fails when the page reached out of its origin or complained, but for complaints that contain one of <paramref name="expected"/>.</summary>
    public void ShouldBeClean(params string[] expected)
    {
        ForeignRequests.ShouldBeEmpty();
        Complaints.Where(complaint => !expected.Any(complaint.Contains)).ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private Task GuardAsync(IRoute route, Uri address)
    {
        var target = new Uri(route.Request.Url);
        if (target.GetLeftPart(UriPartial.Authority) == address.GetLeftPart(UriPartial.Authority))
            return route.ContinueAsync();
        _foreign.Enqueue(route.Request.Url);
        return route.AbortAsync();
    }
}
