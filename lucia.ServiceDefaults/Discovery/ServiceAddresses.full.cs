using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace Lucia.ServiceDefaults;

/// <summary>Where services are, as Microsoft.Extensions.ServiceDiscovery finds them.</summary>
public sealed class ServiceAddresses(ServiceEndpointResolver resolver)
{
    /// <summary>The address of a service that is called by its name; any other address as it is.</summary>
    /// <param name="asked">Such as <c>http://simulator/v1</c>.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async ValueTask<Uri> FindAsync(Uri asked, CancellationToken cancellation)
    {
        // A WebSocket is opened at an HTTP endpoint. What has a port is an address, and the resolver would try to read it as a name.
        var endpoint = asked.Scheme switch { "ws" => "http", "wss" => "https", var scheme => scheme };
        if (!asked.IsDefaultPort || asked.HostNameType != UriHostNameType.Dns)
            return asked;
        var found = await resolver.GetEndpointsAsync($"{endpoint}://{asked.Host}", cancellation);
        return found.Endpoints.Select(candidate => candidate.EndPoint).OfType<UriEndPoint>().FirstOrDefault() is { Uri: { Port: > 0 } uri }
            ? new UriBuilder(asked) { Host = uri.Host, Port = uri.Port }.Uri
            : asked;
    }
}

internal static class ServiceAddressesExtensions
{
    public static IServiceCollection AddServiceAddresses(this IServiceCollection services) =>
        services.AddServiceDiscovery().AddSingleton<ServiceAddresses>();
}
