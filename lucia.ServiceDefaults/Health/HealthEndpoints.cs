using Lucia.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lucia.ServiceDefaults;

/// <summary>The three questions about the service's health.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/alive", Get, context => context.Response.WriteAsync("alive")).AllowAnonymous().WithMetadata(new ProbeMetadata());
        endpoints.MapMethods("/health/ready", Get, ReadyAsync).AllowAnonymous().WithMetadata(new ProbeMetadata());
        endpoints.MapMethods("/health", Get, HealthAsync).AllowAnonymous();
    }

    private static string[] Get => [HttpMethods.Get, HttpMethods.Head];

    private static Task ReadyAsync(HttpContext context)
    {
        var isReady = context.RequestServices.GetRequiredService<Readiness>().IsReady;
        context.Response.Headers.CacheControl = "no-store";
        return isReady
            ? context.Response.WriteAsync("ready")
            : Problem.Of(context, StatusCodes.Status503ServiceUnavailable, "The service is starting or stopping.").WriteAsync(context);
    }

    private static async Task HealthAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var components = await services.GetRequiredService<HealthReporter>().ComponentsAsync(context.RequestAborted);
        var status = Overall(services.GetRequiredService<Readiness>().IsReady, components);
        var reply = new HealthReply(status.ToString());
        if (services.GetRequiredService<ApiAccess>().Allows(context.Request))
        {
            var build = BuildVersion.Current;
            reply = reply with
            {
                Version = build.Version,
                Commit = build.Commit,
                Components = components,
                Simulated = [.. services.GetRequiredService<LuciaSettings>().Simulated.Select(what => new SimulatedReply(what, SettingBehind(what)))],
            };
        }

        context.Response.StatusCode = status is HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(reply, ServiceDefaultsJson.Default.HealthReply, cancellationToken: context.RequestAborted);
    }

    private static HealthStatus Overall(bool isReady, IReadOnlyList<ComponentReply> components) => isReady
        ? components.Select(component => Enum.Parse<HealthStatus>(component.Status)).DefaultIfEmpty(HealthStatus.Healthy).Min()
        : HealthStatus.Unhealthy;

    private static string SettingBehind(string simulated) => simulated switch
    {
        "chat-model" => SettingsCatalogue.ChatModel.ShellName,
        "embedding-model" => SettingsCatalogue.EmbeddingModel.ShellName,
        _ => SettingsCatalogue.HomeAssistantBaseUrl.ShellName,
    };
}
