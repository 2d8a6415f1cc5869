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
    /// <param name="settings">Those settings: they decide what is registered, before there is a container to ask.</param>
    public static WebApplication BuildAgentHost(this WebApplicationBuilder builder, LuciaSettings settings)
    {
        builder.AddServiceDefaults();
        builder.Services.AddAgentHost(settings);

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        app.MapAgentsApi().MapChatApi().MapPages();
        return app;
    }
}
