namespace Lucia.Settings;

/// <summary>Who serves a model, which decides how the service signs in and what its address looks like.</summary>
public enum ModelProvider
{
    /// <summary>OpenAI's own API.</summary>
    OpenAI,

    /// <summary>Azure OpenAI: a resource with named deployments, or its <c>/openai/v1</c> API.</summary>
    AzureOpenAI,

    /// <summary>The Azure AI model inference API.</summary>
    AzureInference,

    /// <summary>Ollama, through its OpenAI API.</summary>
    Ollama,

    /// <summary>LM Studio, through its OpenAI API.</summary>
    LmStudio,

    /// <summary>Anything else that speaks the OpenAI API: vLLM, llama.cpp, LocalAI, OpenRouter.</summary>
    OpenAICompatible,
}

/// <summary>The names of the providers in connection strings.</summary>
public static class ModelProviderNames
{
    private static readonly Dictionary<string, ModelProvider> Providers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["openai"] = ModelProvider.OpenAI,
        ["azureopenai"] = ModelProvider.AzureOpenAI,
        ["azureinference"] = ModelProvider.AzureInference,
        ["ollama"] = ModelProvider.Ollama,
        ["lmstudio"] = ModelProvider.LmStudio,
        ["openai-compatible"] = ModelProvider.OpenAICompatible,
    };

    /// <summary>All names, as documented.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Providers.Keys];

    /// <summary>The provider's name in a connection string.</summary>
    public static string NameOf(ModelProvider provider) => Providers.First(pair => pair.Value == provider).Key;

    /// <summary>Whether the provider refuses callers without an access key.</summary>
    public static bool NeedsAccessKey(this ModelProvider provider) =>
        provider is ModelProvider.OpenAI or ModelProvider.AzureOpenAI or ModelProvider.AzureInference;

    internal static bool TryParse(string name, out ModelProvider provider) =>
        Providers.TryGetValue(name, out provider)
        || Providers.TryGetValue(name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), out provider)
        || (string.Equals(name, "openaicompatible", StringComparison.OrdinalIgnoreCase) && Providers.TryGetValue("openai-compatible", out provider));
}
