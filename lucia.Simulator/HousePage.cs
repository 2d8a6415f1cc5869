using System.Net;
using System.Security.Cryptography;
using System.Text;
using Lucia.Simulator.Home;

namespace Lucia.Simulator;

/// <summary>
/// A page that shows what is on. It changes nothing and needs no token: the simulator listens on loopback alone, and only a request that names
/// this machine is answered, so that no foreign site can read it under a name of its own (DNS rebinding).
/// </summary>
internal sealed class HousePage(House house)
{
    private static readonly string Html = ReadHtml();
    private static readonly string Policy = $"default-src 'none'; connect-src 'self'; script-src '{HashOf("script")}'; style-src '{HashOf("style")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public void Map(WebApplication app)
    {
        app.MapGet("/", OwnNameOnly(http =>
        {
            http.Response.Headers.ContentSecurityPolicy = Policy;
            http.Response.ContentType = "text/html; charset=utf-8";
            return http.Response.WriteAsync(Html, http.RequestAborted);
        }));
        app.MapGet("/house.json", OwnNameOnly(http => Json.WriteAsync(http.Response, HouseView.Of(house))));
    }

    private static RequestDelegate OwnNameOnly(Func<HttpContext, Task> handle) => http =>
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        var host = http.Request.Host.Host.Trim('[', ']');
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
            return handle(http);
        http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return http.Response.WriteAsync("This page answers to localhost only.", http.RequestAborted);
    };

    private static string ReadHtml()
    {
        using var stream = typeof(HousePage).Assembly.GetManifestResourceStream("house.html") ?? throw new InvalidOperationException("house.html is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The hash of the page's one element of that name: only it may run.</summary>
    private static string HashOf(string element)
    {
        var start = Html.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var content = Html[start..Html.IndexOf($"</{element}>", StringComparison.Ordinal)];
        return "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }
}
