using System.Text.RegularExpressions;

namespace Lucia.Settings;

/// <summary>A model's address in its provider's normal form, and what the address alone tells.</summary>
/// <param name="Provider">The provider that was named, or that the address belongs to.</param>
/// <param name="Address">The normal form, without a trailing slash.</param>
/// <param name="Deployment">The deployment named in a classic Azure OpenAI address; <see langword="null"/> for any other.</param>
internal sealed partial record ModelEndpoint(ModelProvider Provider, Uri Address, string? Deployment)
{
    public const string OpenAI = "https://api.openai.com/v1";

    public static bool TryParse(
        string? text,
        ModelProvider? named,
        [NotNullWhen(true)] out ModelEndpoint? endpoint,
        [NotNullWhen(false)] out SettingFault? fault)
    {
        endpoint = null;
        if (text is null && named is ModelProvider.OpenAI)
            text = OpenAI;

        if (text is null)
        {
            fault = new("has no Endpoint.", "Add Endpoint=<url>, the address of the model's API.");
            return false;
        }

        // The Azure portal's "target URI" ends in ?api-version=…, which the client sets itself.
        var withoutVersion = text.IndexOf("?api-version=", StringComparison.OrdinalIgnoreCase) is > 0 and var query ? text[..query] : text;
        if (!HttpAddress.TryParse(withoutVersion, out var address, out fault))
        {
            fault = new($"has an Endpoint that {fault.What}", fault.Remedy.Replace("http://homeassistant.local:8123", "http://nas:11434/v1", StringComparison.Ordinal));
            return false;
        }

        var provider = named ?? Recognise(address);
        var path = Operation().Replace(address.AbsolutePath.TrimEnd('/'), "");
        string? deployment = null;
        switch (provider)
        {
            case ModelProvider.OpenAI or ModelProvider.LmStudio when path.Length == 0:
                path = "/v1";
                break;
            case ModelProvider.LmStudio:
                path = NativeLmStudio().Replace(path, "/v1");
                break;
            case ModelProvider.Ollama:
                path = NativeOllama().Replace(path, "") + "/v1";
                break;
            case ModelProvider.AzureOpenAI when Deployments().Match(path) is { Success: true } match:
                deployment = Uri.UnescapeDataString(match.Groups["name"].Value);
                path = path[..match.Index];
                break;
            case ModelProvider.AzureOpenAI when path.Equals("/openai", StringComparison.OrdinalIgnoreCase):
                path = "";
                break;
        }

        endpoint = new(provider, new UriBuilder(address) { Path = path }.Uri, deployment);
        return true;
    }

    private static ModelProvider Recognise(Uri address) => address switch
    {
        { Host: "api.openai.com" } => ModelProvider.OpenAI,
        { Host: var host } when host.EndsWith(".openai.azure.com", StringComparison.Ordinal) => ModelProvider.AzureOpenAI,
        { Host: var host } when host.EndsWith(".azure.com", StringComparison.Ordinal) && address.AbsolutePath.StartsWith("/openai", StringComparison.OrdinalIgnoreCase) =>
            ModelProvider.AzureOpenAI,
        { Host: var host } when host.EndsWith(".cognitiveservices.azure.com", StringComparison.Ordinal) => ModelProvider.AzureOpenAI,
        { Host: var host } when host.EndsWith(".services.ai.azure.com", StringComparison.Ordinal) || host.EndsWith(".inference.ai.azure.com", StringComparison.Ordinal) =>
            ModelProvider.AzureInference,
        { Host: "ollama" } or { Port: 11434 } => ModelProvider.Ollama,
        { Host: "lmstudio" or "lm-studio" } or { Port: 1234 } => ModelProvider.LmStudio,
        _ => ModelProvider.OpenAICompatible,
    };

    /// <summary>People copy the address of one operation instead of the API's.</summary>
    [GeneratedRegex("/(chat/completions|completions|embeddings|responses|(?<=/v1/)models)$", RegexOptions.IgnoreCase)]
    private static partial Regex Operation();

    [GeneratedRegex("/(v1|api(/(chat|generate|tags|embed|embeddings))?)$", RegexOptions.IgnoreCase)]
    private static partial Regex NativeOllama();

    [GeneratedRegex("/api/v[01]$", RegexOptions.IgnoreCase)]
    private static partial Regex NativeLmStudio();

    [GeneratedRegex("/openai/deployments/(?<name>[^/]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Deployments();
}
