using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text.Json;
using Lucia.AgentHost.Models;
using Lucia.Settings;

namespace Lucia.AgentHost.Doctor;

/// <summary>One model as the doctor talks to it: a single attempt each, no circuit breaker, and every failure explained.</summary>
internal sealed class ModelConsultation : IDisposable
{
    private const int MostModels = 12;
    private const int LongestWords = 200;
    private const int LargestList = 4 * 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestList,
    };

    public ModelConsultation(ModelRole role, ModelConnection connection)
    {
        (Setting, KeySetting) = role == ModelRole.Chat
            ? (SettingsCatalogue.ChatModel.ShellName, SettingsCatalogue.ChatModelAccessKey.Key)
            : (SettingsCatalogue.EmbeddingModel.ShellName, SettingsCatalogue.EmbeddingModelAccessKey.Key);
        Connection = connection;
        Endpoint = ModelEndpoint.For(connection);
        Options = Endpoint.Options(_http);
    }

    public ModelConnection Connection { get; }

    public ModelEndpoint Endpoint { get; }

    public OpenAI.OpenAIClientOptions Options { get; }

    /// <summary>The setting that says where the model is.</summary>
    public string Setting { get; }

    private string KeySetting { get; }

    /// <summary>Whether something listens at its address.</summary>
    public Task<Trouble?> ReachAsync(CancellationToken cancellation) => Reach.TryAsync(Connection.Endpoint, Setting, cancellation);

    /// <summary>Why a call failed and what to do.</summary>
    public async Task<Trouble> ExplainAsync(Exception exception, CancellationToken cancellation)
    {
        if (Reach.Certificate(exception, Connection.Endpoint, "Install the certificate's authority on this machine, or use http:// inside your own network.") is { } tls)
            return tls;
        if (exception is ClientResultException { Status: > 0 } refused)
            return await RefusalAsync(refused.Status, Words(refused), cancellation);
        if (exception is HttpRequestException { StatusCode: { } status })
            return await RefusalAsync((int)status, "", cancellation);
        return exception is HttpRequestException or IOException or ClientResultException or EndOfStreamException
            ? new("The model ended the connection in the middle.", $"Look at the log of {Server}: it may have crashed, or have too little memory for {Connection.Model}.")
            : new("The answer is not what the OpenAI API would answer.", $"Check Endpoint in {Setting}: the address as {Server} documents it, usually with /v1.");
    }

    public void Dispose() => _http.Dispose();

    private string Server => Connection.Provider switch
    {
        ModelProvider.Ollama => "Ollama",
        ModelProvider.LmStudio => "LM Studio",
        ModelProvider.OpenAI => "OpenAI",
        ModelProvider.AzureOpenAI or ModelProvider.AzureInference => "Azure",
        _ => "the model's server",
    };

    private bool IsAzure => Connection.Provider is ModelProvider.AzureOpenAI or ModelProvider.AzureInference;

    private async Task<Trouble> RefusalAsync(int status, string words, CancellationToken cancellation)
    {
        if (status is 404 || (status is 400 && words.Contains("model", StringComparison.OrdinalIgnoreCase)
            && (words.Contains("not found", StringComparison.OrdinalIgnoreCase) || words.Contains("not exist", StringComparison.OrdinalIgnoreCase))))
        {
            return await UnknownModelAsync(cancellation);
        }

        var said = words.Length > 0 ? $" It says: {words}" : "";
        return status switch
        {
            401 or 403 => Connection.AccessKey is null
                ? new($"It asks for an access key (HTTP {status}).", $"Set {KeySetting}.")
                : new($"It refused the access key (HTTP {status}).{said}", $"Check {KeySetting}: copied whole, not expired, and allowed to use {Connection.Model}."),
            429 when words.Contains("quota", StringComparison.OrdinalIgnoreCase) || words.Contains("billing", StringComparison.OrdinalIgnoreCase) =>
                new($"The account has no credit left (HTTP 429).{said}", "Look at the plan and billing of that account."),
            429 => new("It is over its rate limit (HTTP 429).", "Try again in a minute."),
            400 or 422 when words.Contains("tool", StringComparison.OrdinalIgnoreCase) => new($"{Connection.Model} does not support tool calls.{said}", OtherModel),
            >= 500 => new($"It fails with HTTP {status}.{said}", $"Look at the log of {Server}; a local one may have too little memory for {Connection.Model}."),
            _ => new($"It refused the request (HTTP {status}).{said}", $"Check {Setting}."),
        };
    }

    /// <summary>What to do about a model that cannot call tools.</summary>
    public string OtherModel => Connection.Provider switch
    {
        ModelProvider.Ollama => $"Choose a model that ollama.com/search?c=tools lists, such as qwen3, and name it in {Setting}.",
        ModelProvider.OpenAICompatible => $"Choose a model that supports tool calls. Some servers must be told to: llama.cpp with --jinja, vLLM with --enable-auto-tool-choice and --tool-call-parser.",
        _ => $"Choose a model that supports tool calls and name it in {Setting}.",
    };

    private async Task<Trouble> UnknownModelAsync(CancellationToken cancellation)
    {
        if (IsAzure)
            return new($"There is no deployment \"{Connection.Model}\" at this address (HTTP 404).", $"Model in {Setting} is the name of your deployment, not of the model.");
        if (await ModelsAsync(cancellation) is not { } models)
            return new($"There is no model \"{Connection.Model}\" at {Connection.Endpoint} (HTTP 404).", $"Check Endpoint and Model in {Setting}: the address as {Server} documents it, usually with /v1.");

        var list = models.Count == 0 ? "it has none" : "it has " + string.Join(", ", models.Take(MostModels)) + (models.Count > MostModels ? $" and {models.Count - MostModels} more" : "");
        return new($"There is no model \"{Connection.Model}\"; {list}.", Connection.Provider == ModelProvider.Ollama
            ? $"Run ollama pull {Connection.Model} on that machine, or name one that is there in {Setting}."
            : $"Name one that is there in {Setting}.");
    }

    /// <summary>The models that the server has; null when it does not tell.</summary>
    private async Task<IReadOnlyList<string>?> ModelsAsync(CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Connection.Endpoint.AbsoluteUri.TrimEnd('/') + "/models");
            if (Connection.AccessKey is { } key) request.Headers.Authorization = new("Bearer", key);
            using var response = await _http.SendAsync(request, cancellation);
            if (response.StatusCode != HttpStatusCode.OK) return null;
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
            return [.. document.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).OfType<string>().Order(StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What the server said, without what the SDK puts in front of it.</summary>
    private static string Words(ClientResultException refused)
    {
        var words = refused.Message[(refused.Message.LastIndexOf("\n\n", StringComparison.Ordinal) is >= 0 and var gap ? gap : 0)..].Trim();
        words = words.StartsWith("HTTP ", StringComparison.Ordinal) || words.StartsWith("Service request failed", StringComparison.Ordinal) ? Body(refused) : words;
        return words.Length <= LongestWords ? words : words[..LongestWords] + "…";
    }

    private static string Body(ClientResultException refused)
    {
        PipelineResponse? response = refused.GetRawResponse();
        try
        {
            using var document = JsonDocument.Parse(response?.Content.ToString() ?? "");
            var error = document.RootElement.GetProperty("error");
            return (error.ValueKind == JsonValueKind.String ? error : error.GetProperty("message")).GetString() ?? "";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }
}
