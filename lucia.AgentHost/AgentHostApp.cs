using Lucia.AgentHost.Agents;
using Lucia.AgentHost.Chat;
using Lucia.AgentHost.Pages;
using Lucia.ServiceDefaults;
using Lucia.Settings;

namespace Lucia.AgentHost;

/// <summary>Puts the AgentHost together: what it is made of, and at which addresses it answers.</summary>
internal static class AgentHostApp
{
    /// <summary>Builds the application; the caller runs it.</summary>
    /// <param name="builder">A builder whose settings <see cref="LuciaSettingsExtensions.TryAddLuciaSettings"/> has read.</param>
    public static WebApplication BuildAgentHost(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.Services.AddAgentHost(SettingsOf(builder.Services));

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        app.MapAgentsApi().MapChatApi().MapPages();
        return app;
    }

    /// <summary>What is configured decides what is registered, so the settings are needed before there is a container to ask.</summary>
    private static LuciaSettings SettingsOf(IServiceCollection services) =>
        (LuciaSettings)services.Single(service => service.ServiceType == typeof(LuciaSettings)).ImplementationInstance!;
}
