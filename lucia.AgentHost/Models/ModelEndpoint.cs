using System.ClientModel;
using System.ClientModel.Primitives;
using Lucia.Settings;
using OpenAI;

namespace Lucia.AgentHost.Models;

/// <summary>Where and how a model is reached with the OpenAI SDK: one shape per provider.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>OpenAI, Ollama, LM Studio and whatever is compatible: <c>…/v1</c> with a Bearer key.</item>
/// <item>Azure OpenAI v1: <c>…/openai/v1/</c> with an <c>api-key</c> header.</item>
/// <item>Azure OpenAI classic: <c>…/openai/deployments/&lt;model&gt;</c> with an <c>api-key</c> header and an <c>api-version</c>.</item>
/// <item>Azure AI inference: the endpoint as given (<c>…/models</c>) with an <c>api-key</c> header and an <c>api-version</c>.</item>
/// </list>
/// </remarks>
public sealed record ModelEndpoint(Uri Address, string Model, AuthenticationPolicy Authentication, string? ApiVersion)
{
    private const string AzureOpenAIVersion = "2024-10-21";
    private const string AzureInferenceVersion = "2024-05-01-preview";

    // The SDK insists on a key; servers on one's own machine ignore what they are sent.
    private const string NoKey = "none";

    /// <summary>Derives the endpoint from a model connection.</summary>
    public static ModelEndpoint For(ModelConnection connection)
    {
        var credential = new ApiKeyCredential(string.IsNullOrEmpty(connection.AccessKey) ? NoKey : connection.AccessKey);
        return connection.Provider switch
        {
            ModelProvider.AzureOpenAI => AzureOpenAI(connection, ApiKeyHeader(credential)),
            ModelProvider.AzureInference => new(connection.Endpoint, connection.Model, ApiKeyHeader(credential), AzureInferenceVersion),
            _ => new(connection.Endpoint, connection.Model, ApiKeyAuthenticationPolicy.CreateBearerAuthorizationPolicy(credential), null),
        };
    }

    /// <summary>The SDK's options: one attempt and no time limit, because both belong to the HTTP client and to whoever reads the stream.</summary>
    public OpenAIClientOptions Options(HttpClient http)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = Address,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            UserAgentApplicationId = "lucia",
        };
        if (ApiVersion is not null) options.AddPolicy(new ApiVersionPolicy(ApiVersion), PipelinePosition.PerCall);
        return options;
    }

    private static ModelEndpoint AzureOpenAI(ModelConnection connection, AuthenticationPolicy authentication)
    {
        var path = connection.Endpoint.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/openai/v1", StringComparison.OrdinalIgnoreCase))
            return new(connection.Endpoint, connection.Model, authentication, null);
        var deployment = path.Contains("/openai/deployments/", StringComparison.OrdinalIgnoreCase)
            ? connection.Endpoint
            : new Uri(connection.Endpoint.AbsoluteUri.TrimEnd('/') + "/openai/deployments/" + Uri.EscapeDataString(connection.Model));
        return new(deployment, connection.Model, authentication, AzureOpenAIVersion);
    }

    private static ApiKeyAuthenticationPolicy ApiKeyHeader(ApiKeyCredential credential) =>
        ApiKeyAuthenticationPolicy.CreateHeaderApiKeyPolicy(credential, "api-key");

    private sealed class ApiVersionPolicy(string version) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Add(message);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Add(message);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }

        private void Add(PipelineMessage message)
        {
            if (message.Request.Uri is not { } uri || uri.Query.Contains("api-version=", StringComparison.Ordinal)) return;
            var separator = uri.Query.Length == 0 ? "?" : "&";
            message.Request.Uri = new Uri(uri.AbsoluteUri + separator + "api-version=" + version);
        }
    }
}
