using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lucia.ServiceDefaults;

/// <summary>Registers what <c>/health</c> reports on.</summary>
public static class ComponentHealthExtensions
{
    /// <summary>The tag of health checks that <c>/health</c> reports on.</summary>
    public const string Tag = "component";

    /// <summary>
    /// Reports on something the service depends on. A check that fails or takes longer than two seconds makes the service <i>Degraded</i>, not unhealthy:
    /// it goes on with what is left.
    /// </summary>
    /// <typeparam name="TCheck">The check; taken from the services, or created with them. Its description is shown to callers with access: no secrets in it.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="name">The component's name in the report: <c>redis</c>.</param>
    public static IServiceCollection AddComponentHealth<TCheck>(this IServiceCollection services, string name)
        where TCheck : class, IHealthCheck
    {
        services.AddHealthChecks().AddCheck<TCheck>(name, HealthStatus.Degraded, [Tag]);
        return services;
    }
}
