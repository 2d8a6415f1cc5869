using Lucia.AgentHost.Home;
using Lucia.AgentHost.Models;
using Lucia.AgentHost.Sessions;
using Lucia.ServiceDefaults;
using Lucia.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lucia.AgentHost.Health;

/// <summary>Redis: conversations outlive the process.</summary>
internal sealed class RedisCheck(RedisGate gate) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(gate.Problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy("Connected."));
}

/// <summary>Home Assistant: events arrive, and all of the house can be read.</summary>
internal sealed class HomeAssistantCheck(HomeLink link, House house, LuciaSettings settings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        settings.HomeAssistant is null ? HealthCheckResult.Degraded("Not configured: Lucia only chats. Set HomeAssistant__BaseUrl and HomeAssistant__AccessToken.")
        : link.Problem is { } problem ? HealthCheckResult.Degraded(problem)
        : house.Registries.Notes is { Count: > 0 } notes ? HealthCheckResult.Degraded(string.Join(" ", notes))
        : HealthCheckResult.Healthy($"Connected: {house.Entities.Count} entities in {house.Areas.Count} rooms."));
}

/// <summary>A model: its last call went well, or at least something answers at its address.</summary>
internal sealed class ModelCheck(ModelWatch watch, ModelProbe probe) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await probe.ProblemAsync(watch, cancellationToken) is { } problem
            ? HealthCheckResult.Degraded(problem)
            : HealthCheckResult.Healthy($"{watch.Model} at {watch.Endpoint.Host}.");
}

internal static class ComponentChecks
{
    public static IServiceCollection AddComponentChecks(this IServiceCollection services, LuciaSettings settings)
    {
        services.AddSingleton<ModelProbe>();
        services.AddComponentHealth<RedisCheck>("redis").AddComponentHealth<HomeAssistantCheck>("homeAssistant");
        var checks = services.AddHealthChecks().Add(Model("chatModel", ModelRole.Chat));
        if (settings.EmbeddingModel is not null) checks.Add(Model("embeddingModel", ModelRole.Embedding));
        return services;
    }

    private static HealthCheckRegistration Model(string name, ModelRole role) => new(
        name,
        provider => new ModelCheck(provider.GetRequiredKeyedService<ModelWatch>(role), provider.GetRequiredService<ModelProbe>()),
        HealthStatus.Degraded,
        [ComponentHealthExtensions.Tag]);
}
