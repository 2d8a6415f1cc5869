using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lucia.ServiceDefaults;

/// <summary>Where services are: what Microsoft.Extensions.ServiceDiscovery says with the other package set.</summary>
public sealed class ServiceAddresses(IConfiguration configuration)
{
    /// <summary>The address of a service that is called by its name; any other address as it is.</summary>
    /// <param name="asked">Such as <c>http://simulator/v1</c>, for which <c>services:simulator:http:0</c> is looked up.</param>
    /// <param name="cancellation">Ends the search.</param>
    public ValueTask<Uri> FindAsync(Uri asked, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // A WebSocket is opened at an HTTP endpoint.
        var endpoint = asked.Scheme switch { "ws" => "http", "wss" => "https", var scheme => scheme };
        return ValueTask.FromResult(Uri.TryCreate(configuration[$"services:{asked.Host}:{endpoint}:0"], UriKind.Absolute, out var found)
            ? new UriBuilder(asked) { Host = found.Host, Port = found.Port }.Uri
            : asked);
    }
}

internal static class ServiceAddressesExtensions
{
    public static IServiceCollection AddServiceAddresses(this IServiceCollection services) => services.AddSingleton<ServiceAddresses>();
}
