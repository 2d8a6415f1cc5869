using System.Net.Http.Headers;
using Lucia.ServiceDefaults;
using Lucia.Settings;

namespace Lucia.AgentHost.Home;

/// <summary>The HTTP connections to Home Assistant: one pool for REST calls and one for the WebSocket, with the user's choice about certificates.</summary>
internal static class HomeHttp
{
    /// <summary>The REST client: patient, repeats what is safe to repeat.</summary>
    public const string Rest = "home";

    /// <summary>The client that opens the WebSocket: the link itself tries again.</summary>
    public const string Socket = "home-socket";

    private const long LargestAnswer = 64 * 1024 * 1024;

    public static IServiceCollection AddHomeHttp(this IServiceCollection services, LuciaSettings settings)
    {
        if (settings.HomeAssistant is not { } home) return services;
        services.AddHttpClient(Rest, client =>
        {
            client.BaseAddress = new Uri(home.BaseUrl.AbsoluteUri.TrimEnd('/') + "/");
            client.MaxResponseContentBufferSize = LargestAnswer;
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", home.AccessToken);
        })
            .AddDependencyResilience("Home Assistant", (_, options) => options.TotalTimeout = home.Timeout)
            .UseSocketsHttpHandler((handler, _) => Configure(handler, home))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        services.AddHttpClient(Socket).UseSocketsHttpHandler((handler, _) => Configure(handler, home)).SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        return services;
    }

    public static void Configure(SocketsHttpHandler handler, HomeAssistantSettings home)
    {
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.ConnectTimeout = TimeSpan.FromSeconds(5);
        // A redirect would carry the token to wherever it points.
        handler.AllowAutoRedirect = false;
        if (!home.ValidateSsl) handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
    }
}
