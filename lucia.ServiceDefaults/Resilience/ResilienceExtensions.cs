using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Lucia.ServiceDefaults;

/// <summary>Makes HTTP clients patient with what they call, but not for ever.</summary>
public static class ResilienceExtensions
{
    /// <summary>
    /// Puts a total timeout, repetitions with jitter that honour <c>Retry-After</c>, and a circuit breaker in front of everything the client sends. Failures
    /// come out as <see cref="DependencyException"/>, which names the dependency; an answer with an error status comes out as it is.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="dependency">The dependency's name in plain words, for messages: <c>Home Assistant</c>.</param>
    /// <param name="configure">Changes the defaults; called once, on first use.</param>
    /// <remarks>The timeout ends with the response's headers. Whoever reads a body as a stream bounds that reading.</remarks>
    /// <example><code>services.AddHttpClient("home").AddDependencyResilience("Home Assistant", (services, options) => options.TotalTimeout = …);</code></example>
    public static IHttpClientBuilder AddDependencyResilience(
        this IHttpClientBuilder client,
        string dependency,
        Action<IServiceProvider, DependencyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(dependency);

        // Handlers come and go with the factory's rotation; what is known about the dependency stays.
        client.Services.TryAddSingleton(TimeProvider.System);
        client.Services.AddKeyedSingleton(client.Name, (services, _) =>
        {
            var options = new DependencyOptions();
            configure?.Invoke(services, options);
            return new DependencyPipeline(
                dependency,
                options,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILoggerFactory>().CreateLogger("Lucia.Resilience"));
        });

        // The client's own timeout would cut the pipeline's short and say less.
        client.ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan);
        return client.AddHttpMessageHandler(services => new ResilienceHandler(services.GetRequiredKeyedService<DependencyPipeline>(client.Name)));
    }
}
