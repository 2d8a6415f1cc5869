using System.Diagnostics;
using Lucia.AgentHost.Telemetry;
using Microsoft.Extensions.AI;

namespace Lucia.AgentHost.Models;

/// <summary>Watches every call to the embedding model: a span, metrics, failures in the user's words, and the last outcome for <c>/health</c>.</summary>
internal sealed class ObservedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, ModelWatch watch)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        TagList tags = new()
        {
            { "gen_ai.operation.name", "embeddings" },
            { "gen_ai.provider.name", watch.Provider },
            { "gen_ai.request.model", watch.Model },
        };
        return AgentTelemetry.MeasureAsync(AgentTelemetry.ModelDuration, "embeddings " + watch.Model, ActivityKind.Client, tags, async _ =>
        {
            try
            {
                var embeddings = await base.GenerateAsync(values, options, cancellationToken);
                watch.Succeeded();
                return embeddings;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw watch.Failed(exception);
            }
        });
    }
}
