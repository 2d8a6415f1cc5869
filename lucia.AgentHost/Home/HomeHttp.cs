using System.Net.Http.Headers;
using Lucia.Settings;

namespace Lucia.AgentHost.Home;

/// <summary>The HTTP connections to Home Assistant: one pool for REST calls and for the WebSocket, with the user's choice about certificates.</summary>
public sealed class HomeHttp : IDisposable
{
    public HomeHttp(LuciaSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            AllowAutoRedirect = false,
            // Inside a span of our own that says what the call does; a header with trace ids is of no use to Home Assistant.
            ActivityHeadersPropagator = null,
        };
        if (settings.HomeAssistant is { ValidateSsl: false })
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        Client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 64 * 1024 * 1024 };
        if (settings.HomeAssistant is { } home)
        {
            Client.BaseAddress = new Uri(home.BaseUrl.AbsoluteUri.TrimEnd('/') + "/");
            Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", home.AccessToken);
        }
    }

    public HttpClient Client { get; }

    public void Dispose() => Client.Dispose();
}
