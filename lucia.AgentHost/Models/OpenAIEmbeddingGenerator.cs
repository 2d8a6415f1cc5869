using Microsoft.Extensions.AI;
using OpenAI.Embeddings;
using AIEmbeddingOptions = Microsoft.Extensions.AI.EmbeddingGenerationOptions;

namespace Lucia.AgentHost.Models;

/// <summary>The OpenAI SDK's embeddings behind <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>.</summary>
internal sealed class OpenAIEmbeddingGenerator(EmbeddingClient client) : IEmbeddingGenerator<string, Embedding<float>>
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, AIEmbeddingOptions? options = null, CancellationToken cancellationToken = default)
    {
        OpenAIEmbeddingCollection embeddings = await client.GenerateEmbeddingsAsync(values, null, cancellationToken);
        return new(embeddings.OrderBy(embedding => embedding.Index).Select(embedding => new Embedding<float>(embedding.ToFloats())));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
