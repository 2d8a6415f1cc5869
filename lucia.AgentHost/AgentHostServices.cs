using Lucia.AgentHost.Agents;
using Lucia.AgentHost.Chat;
using Lucia.AgentHost.Health;
using Lucia.AgentHost.Home;
using Lucia.AgentHost.Models;
using Lucia.AgentHost.Sessions;
using Lucia.AgentHost.Tools;
using Lucia.Settings;
using Microsoft.Extensions.AI;

namespace Lucia.AgentHost;

/// <summary>What the AgentHost is made of, room by room.</summary>
internal static class AgentHostServices
{
    public static IServiceCollection AddAgentHost(this IServiceCollection services, LuciaSettings settings)
    {
        services.AddModels(settings);
        services.AddHome(settings);
        services.AddSessions();
        services.AddAgents();
        services.AddComponentChecks(settings);
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ChatJson.Default));
        return services;
    }

    private static void AddHome(this IServiceCollection services, LuciaSettings settings)
    {
        services.AddHomeHttp(settings);
        services.AddSingleton<House>().AddSingleton<HomeAssistantApi>().AddSingleton<VerifiedServices>();
        services.AddSingleton<HomeLink>().AddHostedService(provider => provider.GetRequiredService<HomeLink>());
    }

    private static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<RedisGate>();
        services.AddHostedService(provider =>
        {
            // The store first: the gate calls it as soon as Redis answers.
            provider.GetRequiredService<ConversationStore>();
            return provider.GetRequiredService<RedisGate>();
        });
        services.AddSingleton<RedisConversations>().AddSingleton<ConversationMirror>();
        services.AddSingleton<ConversationStore>();
    }

    private static void AddAgents(this IServiceCollection services)
    {
        services.AddSingleton(provider => new MeaningSearch(provider.GetService<IEmbeddingGenerator<string, Embedding<float>>>()));
        services.AddSingleton<HomeTool, FindEntitiesTool>().AddSingleton<HomeTool, GetStateTool>();
        services.AddSingleton<HomeTool, ControlLightTool>().AddSingleton<HomeTool, ControlSwitchTool>();
        services.AddSingleton<AgentDirectory>();
        services.AddSingleton<PromptWriter>().AddSingleton<TurnLoop>().AddSingleton<TurnLimit>();
    }
}
