using Lucia.AgentHost.Dependencies;
using Lucia.Settings;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace Lucia.AgentHost.Models;

/// <summary>Registers the chat model and, when one is configured, the embedding model.</summary>
internal static class ModelServices
{
    /// <summary>The limits on silence are the chat client's own; this one only catches a connection that died.</summary>
    private static readonly TimeSpan ChatNetworkTimeout = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan EmbeddingTimeout = TimeSpan.FromSeconds(20);

    public static IServiceCollection AddModels(this IServiceCollection services, LuciaSettings settings)
    {
        services.AddSingleton<ModelHttp>();
        services.AddKeyedSingleton(Dependency.ChatModel, (provider, _) =>
            new ModelWatch(Dependency.ChatModel, settings.ChatModel, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IChatClient>(provider =>
        {
            var endpoint = ModelEndpoint.For(settings.ChatModel);
            var watch = provider.GetRequiredKeyedService<ModelWatch>(Dependency.ChatModel);
            var http = provider.GetRequiredService<ModelHttp>().Client;
            var client = new ChatClient(endpoint.Model, endpoint.Authentication, endpoint.Options(http, ChatNetworkTimeout));
            return new ObservedChatClient(new OpenAIChatClient(client, watch.Provider), watch, provider.GetRequiredService<TimeProvider>());
        });

        if (settings.EmbeddingModel is not { } embedding) return services;
        services.AddKeyedSingleton(Dependency.EmbeddingModel, (provider, _) =>
            new ModelWatch(Dependency.EmbeddingModel, embedding, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(provider =>
        {
            var endpoint = ModelEndpoint.For(embedding);
            var watch = provider.GetRequiredKeyedService<ModelWatch>(Dependency.EmbeddingModel);
            var http = provider.GetRequiredService<ModelHttp>().Client;
            var client = new EmbeddingClient(endpoint.Model, endpoint.Authentication, endpoint.Options(http, EmbeddingTimeout));
            return new ObservedEmbeddings(new OpenAIEmbeddingGenerator(client), watch);
        });
        return services;
    }
}
