using Microsoft.Extensions.Configuration;

namespace Lucia.ServiceDefaults;

/// <summary>Where the service is going to listen, known before it does.</summary>
internal static class ListenAddresses
{
    /// <summary>Kestrel's own order: its endpoints section, then urls, then ports on every address, then its default.</summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration)
    {
        string[] endpoints = [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>()];
        if (endpoints.Length > 0)
            return endpoints;

        if (Split(configuration["urls"]) is { Length: > 0 } urls)
            return urls;

        string[] ports =
        [
            .. Split(configuration["http_ports"]).Select(port => $"http://*:{port}"),
            .. Split(configuration["https_ports"]).Select(port => $"https://*:{port}"),
        ];
        return ports.Length > 0 ? ports : ["http://localhost:5000"];
    }

    private static string[] Split(string? list) => list?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
