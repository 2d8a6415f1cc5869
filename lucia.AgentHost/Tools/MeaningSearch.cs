using System.Collections.Concurrent;
using Lucia.AgentHost.Home;
using Lucia.ServiceDefaults;
using Microsoft.Extensions.AI;

namespace Lucia.AgentHost.Tools;

/// <summary>Finds entities whose names mean what was asked for, with the embedding model; finds nothing where there is none.</summary>
public sealed class MeaningSearch(IEmbeddingGenerator<string, Embedding<float>>? generator = null)
{
    private const int Best = 5;
    private const float Near = 0.35f;

    /// <summary>Names of a home change rarely; this bounds what a misbehaving one can fill.</summary>
    private const int MostRemembered = 5000;

    /// <summary>Servers bound the inputs of one request.</summary>
    private const int Batch = 256;

    private readonly ConcurrentDictionary<string, ReadOnlyMemory<float>> _known = new(StringComparer.Ordinal);

    /// <summary>The nearest entities, best first; empty when nothing is near, no model is configured, or it does not answer.</summary>
    public async Task<IReadOnlyList<Entity>> FindAsync(
        IReadOnlyList<Entity> entities, string query, string? area, string? domain, CancellationToken cancellation)
    {
        if (generator is null) return [];
        var candidates = EntitySearch.Find(entities, null, area, domain, null);
        try
        {
            await LearnAsync(candidates.Select(Describe), cancellation);
            var wanted = (await generator.GenerateAsync([query], null, cancellation))[0].Vector;
            return [.. candidates
                .Where(entity => _known.ContainsKey(Describe(entity)))
                .Select(entity => (entity, nearness: Cosine(wanted.Span, _known[Describe(entity)].Span)))
                .Where(pair => pair.nearness >= Near)
                .OrderByDescending(pair => pair.nearness)
                .ThenBy(pair => pair.entity.Id, StringComparer.Ordinal)
                .Take(Best)
                .Select(pair => pair.entity)];
        }
        catch (DependencyException)
        {
            // The words alone found nothing, and that is what is said; /health tells of the model.
            return [];
        }
    }

    private async Task LearnAsync(IEnumerable<string> descriptions, CancellationToken cancellation)
    {
        var unknown = descriptions.Where(description => !_known.ContainsKey(description)).Distinct(StringComparer.Ordinal).ToList();
        if (_known.Count + unknown.Count > MostRemembered) _known.Clear();
        foreach (var batch in unknown.Take(MostRemembered).Chunk(Batch))
        {
            var embeddings = await generator!.GenerateAsync(batch, null, cancellation);
            for (var i = 0; i < Math.Min(batch.Length, embeddings.Count); i++) _known[batch[i]] = embeddings[i].Vector;
        }
    }

    private static string Describe(Entity entity) => entity.Area is null ? $"{entity.Name} ({entity.Domain})" : $"{entity.Name} ({entity.Domain}, {entity.Area})";

    private static float Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        if (left.Length != right.Length) return 0;
        float product = 0, leftSquare = 0, rightSquare = 0;
        for (var i = 0; i < left.Length; i++)
        {
            product += left[i] * right[i];
            leftSquare += left[i] * left[i];
            rightSquare += right[i] * right[i];
        }

        return leftSquare == 0 || rightSquare == 0 ? 0 : product / MathF.Sqrt(leftSquare * rightSquare);
    }
}
