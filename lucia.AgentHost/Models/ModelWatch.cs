using System.ClientModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Lucia.ServiceDefaults;
using Lucia.Settings;

namespace Lucia.AgentHost.Models;

/// <summary>What is known of one model from its last calls, and how its failures are told.</summary>
/// <param name="role">Chat or embedding.</param>
/// <param name="connection">Where it is.</param>
/// <param name="time">The clock.</param>
internal sealed class ModelWatch(ModelRole role, ModelConnection connection, TimeProvider time)
{
    private const int LongestRefusal = 500;

    private readonly string _setting = role == ModelRole.Chat ? SettingsCatalogue.ChatModel.ShellName : SettingsCatalogue.EmbeddingModel.ShellName;
    private volatile Outcome? _last;

    /// <summary>In plain words, for messages.</summary>
    public string Name { get; } = NameOf(role);

    public static string NameOf(ModelRole role) => role == ModelRole.Chat ? "The chat model" : "The embedding model";

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
        var failure = Explain(exception);
        _last = new(time.GetUtcNow(), failure.Message, Lasting: failure.Status == HttpStatusCode.BadGateway);
        return failure;
    }

    /// <summary>A failure in the user's words, without noting it.</summary>
    public DependencyException Explain(Exception exception) => exception switch
    {
        // The SDK wraps what the HTTP client throws.
        ClientResultException { Status: 0, InnerException: DependencyException sent } => Explain(sent),
        // Sending knows no address and no setting: what it says of an unreachable model is said better here.
        DependencyException { InnerException: HttpRequestException or SocketException or IOException } unreachable => Unreachable(unreachable),
        DependencyException known => known,
        ClientResultException { Status: > 0 } refused => Explain(refused.Status, refused),
        HttpRequestException { StatusCode: { } status } => Explain((int)status, exception),
        EndOfStreamException => Away("broke off in the middle of its answer. Try again.", exception),
        OperationCanceledException or TimeoutException => Away("did not answer in time. A local model may still be loading; try again.", exception),
        HttpRequestException or SocketException or IOException or ClientResultException => Unreachable(exception),
        _ => Wrong($"sent an answer that could not be read. Check that the address speaks the OpenAI API ({_setting}).", exception),
    };

    private DependencyException Explain(int status, Exception exception)
    {
        var cause = Refusal(status, exception);
        return status switch
        {
            401 or 403 => Wrong($"refused the access key. Check the AccessKey in {_setting}.", cause),
            404 => Wrong($"knows no model \"{connection.Model}\" at this address. Check Model and Endpoint in {_setting}.", cause),
            429 => Away("is over its rate limit. Try again in a moment.", cause),
            >= 500 => Away(string.Create(CultureInfo.InvariantCulture, $"failed with HTTP {status}. Try again in a moment."), cause),
            _ => Wrong(string.Create(CultureInfo.InvariantCulture, $"refused the request with HTTP {status}. Check that the model supports what is asked of it, tool calls included ({_setting})."), cause),
        };
    }

    /// <summary>What the server said, for the log. Some repeat the key they were sent, and an error page can be long.</summary>
    private HttpRequestException Refusal(int status, Exception exception)
    {
        var said = string.IsNullOrEmpty(connection.AccessKey) ? exception.Message : exception.Message.Replace(connection.AccessKey, "***", StringComparison.Ordinal);
        return new(said.Length <= LongestRefusal ? said : said[..LongestRefusal] + "…", null, (HttpStatusCode)status);
    }

    private DependencyException Unreachable(Exception exception) =>
        Away($"cannot be reached at {connection.Endpoint.GetLeftPart(UriPartial.Authority)}. Check that it runs and that the address is right ({_setting}).", exception);

    private DependencyException Away(string detail, Exception exception) => new(Name, detail, HttpStatusCode.ServiceUnavailable, exception);

    private DependencyException Wrong(string detail, Exception exception) => new(Name, detail, HttpStatusCode.BadGateway, exception);

    /// <param name="At">When the call ended.</param>
    /// <param name="Problem">What went wrong, in the user's words; null when nothing did.</param>
    /// <param name="Lasting">Whether the problem stays until somebody mends it (a refused key), rather than passing by itself.</param>
    internal sealed record Outcome(DateTimeOffset At, string? Problem, bool Lasting);
}
