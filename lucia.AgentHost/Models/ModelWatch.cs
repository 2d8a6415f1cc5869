using System.ClientModel;
using System.Globalization;
using System.Net.Sockets;
using Lucia.AgentHost.Dependencies;
using Lucia.Settings;

namespace Lucia.AgentHost.Models;

/// <summary>What is known of one model from its last calls, and how its failures are told.</summary>
/// <param name="dependency">Chat or embedding model.</param>
/// <param name="connection">Where it is.</param>
/// <param name="time">The clock.</param>
internal sealed class ModelWatch(Dependency dependency, ModelConnection connection, TimeProvider time)
{
    private volatile Outcome? _last;

    public string Provider { get; } = connection.Provider switch
    {
        ModelProvider.AzureOpenAI => "azure.ai.openai",
        ModelProvider.AzureInference => "azure.ai.inference",
        var provider => provider.ToString().ToLowerInvariant(),
    };

    public string Model => connection.Model;

    public Uri Endpoint => connection.Endpoint;

    /// <summary>The last call: when, and what went wrong if anything did. Null before the first call.</summary>
    public Outcome? Last => _last;

    public void Succeeded() => _last = new(time.GetUtcNow(), null, Lasting: false);

    /// <summary>Notes a failure and turns it into one that names the dependency and the way out.</summary>
    public DependencyException Failed(Exception exception)
    {
        var failure = exception as DependencyException ?? Explain(exception);
        _last = new(time.GetUtcNow(), failure.Message, Lasting: failure.Fault == DependencyFault.BadAnswer);
        return failure;
    }

    /// <summary>A failure in the user's words, without noting it.</summary>
    public DependencyException Explain(Exception exception) => exception switch
    {
        ClientResultException { Status: > 0 } refused => Explain(refused.Status, refused),
        OperationCanceledException or TimeoutException => Unavailable($"{Named} did not answer in time. A local model may still be loading; try again.", exception),
        HttpRequestException { StatusCode: { } status } => Explain((int)status, exception),
        HttpRequestException or SocketException or IOException or ClientResultException =>
            Unavailable($"{Named} cannot be reached at {connection.Endpoint.GetLeftPart(UriPartial.Authority)}. Check that it runs and that the address is right ({Setting}).", exception),
        _ => new(dependency, DependencyFault.BadAnswer, $"{Named} sent an answer that could not be read. Check that the address speaks the OpenAI API ({Setting}).", exception),
    };

    private DependencyException Explain(int status, Exception exception) => status switch
    {
        401 or 403 => new(dependency, DependencyFault.BadAnswer, $"{Named} refused the access key. Check the AccessKey in {Setting}.", exception),
        404 => new(dependency, DependencyFault.BadAnswer, $"{Named} knows no model \"{connection.Model}\" at this address. Check Model and Endpoint in {Setting}.", exception),
        429 => Unavailable($"{Named} is over its rate limit. Try again in a moment.", exception),
        >= 500 => Unavailable(string.Create(CultureInfo.InvariantCulture, $"{Named} failed with HTTP {status}. Try again in a moment."), exception),
        _ => new(dependency, DependencyFault.BadAnswer, string.Create(CultureInfo.InvariantCulture, $"{Named} refused the request with HTTP {status}. Check that the model supports what is asked of it, tool calls included ({Setting})."), exception),
    };

    private DependencyException Unavailable(string message, Exception exception) => new(dependency, DependencyFault.Unavailable, message, exception);

    private string Named => dependency == Dependency.ChatModel ? "The chat model" : "The embedding model";

    private string Setting => dependency == Dependency.ChatModel ? "ConnectionStrings__chat_model" : "ConnectionStrings__embedding_model";

    /// <param name="At">When the call ended.</param>
    /// <param name="Problem">What went wrong, in the user's words; null when nothing did.</param>
    /// <param name="Lasting">Whether the problem stays until somebody mends it (a refused key), rather than passing by itself.</param>
    internal sealed record Outcome(DateTimeOffset At, string? Problem, bool Lasting);
}
