using Lucia.ServiceDefaults;
using Lucia.Settings;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace Lucia.AgentHost.Models;

/// <summary>Registers the chat model and, when one is configured, the embedding model.</summary>
internal static class ModelServices
{
    /// <summary>The first word of a model that is being loaded from disk takes this long on a small machine.</summary>
    private static readonly TimeSpan ChatTimeout = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan EmbeddingTimeout = TimeSpan.FromSeconds(20);

    public static IServiceCollection AddModels(this IServiceCollection services, LuciaSettings settings)
    {
        services.AddModel(ModelRole.Chat, settings.ChatModel, ChatTimeout);
        services.AddSingleton<IChatClient>(provider =>
        {
            var (endpoint, options, watch) = provider.Reach(ModelRole.Chat, settings.ChatModel);
            var client = new ChatClient(endpoint.Model, endpoint.Authentication, options);
            return new ObservedChatClient(new OpenAIChatClient(client, watch.Provider), watch, provider.GetRequiredService<TimeProvider>());
        });

        if (settings.EmbeddingModel is not { } embedding) return services;
        services.AddModel(ModelRole.Embedding, embedding, EmbeddingTimeout);
        services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(provider =>
        {
            var (endpoint, options, watch) = provider.Reach(ModelRole.Embedding, embedding);
            return new ObservedEmbeddings(new OpenAIEmbeddingGenerator(new EmbeddingClient(endpoint.Model, endpoint.Authentication, options)), watch);
        });
        return services;
    }

    private static void AddModel(this IServiceCollection services, ModelRole role, ModelConnection connection, TimeSpan timeout)
    {
        services.AddKeyedSingleton(role, (provider, _) => new ModelWatch(role, connection, provider.GetRequiredService<TimeProvider>()));
        services.AddHttpClient(role.ToString())
            .AddDependencyResilience(ModelWatch.NameOf(role), (_, options) => options.TotalTimeout = timeout)
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
                handler.ConnectTimeout = TimeSpan.FromSeconds(10);
            })
            // The SDK keeps its client for ever; the pool above renews the connections instead.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
    }

    private static (ModelEndpoint Endpoint, OpenAI.OpenAIClientOptions Options, ModelWatch Watch) Reach(
        this IServiceProvider provider, ModelRole role, ModelConnection connection)
    {
        var endpoint = ModelEndpoint.For(connection);
        var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(role.ToString());
        return (endpoint, endpoint.Options(http), provider.GetRequiredKeyedService<ModelWatch>(role));
    }
}
