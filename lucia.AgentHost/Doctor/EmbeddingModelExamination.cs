using System.Runtime.CompilerServices;
using Lucia.AgentHost.Models;
using Lucia.Settings;
using OpenAI.Embeddings;

namespace Lucia.AgentHost.Doctor;

/// <summary>The embedding model: it can be reached, takes the key, exists, and makes numbers of words.</summary>
internal sealed class EmbeddingModelExamination(ModelConnection? connection) : Examination(["embedding-model"], TimeSpan.FromSeconds(45))
{
    protected override string WhenTooSlow => "A local model may still be loading: try again.";

    protected override async IAsyncEnumerable<Finding> FindAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (connection is null)
        {
            yield return new("embedding-model", CheckStatus.Skip, "Not configured: devices are found by the words of their names, not by what these mean.");
            yield break;
        }

        using var model = new ModelConsultation(ModelRole.Embedding, connection);
        yield return await model.ReachAsync(cancellation) is { } unreachable ? unreachable.Fails("embedding-model") : await EmbedAsync(model, cancellation);
    }

    private static async Task<Finding> EmbedAsync(ModelConsultation model, CancellationToken cancellation)
    {
        const string Name = "embedding-model";
        try
        {
            var generator = new OpenAIEmbeddingGenerator(new EmbeddingClient(model.Endpoint.Model, model.Endpoint.Authentication, model.Options));
            var embeddings = await generator.GenerateAsync(["ceiling lamp"], null, cancellation);
            return embeddings is [{ Vector.Length: > 1 and var length }]
                ? new(Name, CheckStatus.Pass, $"{model.Connection.Model} at {model.Connection.Endpoint.GetLeftPart(UriPartial.Authority)} makes {length} numbers of a name.")
                : new(Name, CheckStatus.Fail, "The answer holds no embedding.", $"Name a model that makes embeddings in {model.Setting}.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return (await model.ExplainAsync(exception, cancellation)).Fails(Name);
        }
    }
}
