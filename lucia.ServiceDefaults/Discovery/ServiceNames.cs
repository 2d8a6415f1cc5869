using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lucia.ServiceDefaults;

/// <summary>Lets HTTP clients call a service by its name.</summary>
internal static class ServiceNames
{
    /// <summary>
    /// An AppHost writes the addresses of what a service refers to into its configuration: <c>services__simulator__http__0</c>. Where it wrote none,
    /// as in every deployment, no client is given anything to do.
    /// </summary>
    public static IServiceCollection AddServiceNames(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddServiceAddresses();
        return configuration.GetSection("services").GetChildren().Any()
            ? services.ConfigureHttpClientDefaults(client =>
                client.AddHttpMessageHandler(provider => new ServiceNameHandler(provider.GetRequiredService<ServiceAddresses>())))
            : services;
    }
}

/// <summary>Sends a request to where its service is.</summary>
internal sealed class ServiceNameHandler(ServiceAddresses addresses) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } asked)
            return await base.SendAsync(request, cancellationToken);
        request.RequestUri = await addresses.FindAsync(asked, cancellationToken);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // Whoever repeats the request, or reads it off the response, meets the one that was asked for.
            request.RequestUri = asked;
        }
    }
}
