namespace Lucia.Settings;

/// <summary>A connection string per provider. None carries a key: keys have settings of their own.</summary>
internal static class ModelExamples
{
    private const string FromContainer = "From a container, localhost is the container itself: host.docker.internal is the machine it runs on.";

    public static IReadOnlyList<SettingExample> Chat { get; } =
    [
        new("OpenAI", "Endpoint=https://api.openai.com/v1;Model=gpt-4o-mini;Provider=openai", null, NeedsAccessKey: true),
        new("Azure OpenAI", "Endpoint=https://my-house.openai.azure.com;Model=gpt-4o-mini;Provider=azureopenai", "Model is the name of your deployment.", NeedsAccessKey: true),
        new("Azure OpenAI, v1 API", "Endpoint=https://my-house.openai.azure.com/openai/v1;Model=gpt-4o-mini;Provider=azureopenai", null, NeedsAccessKey: true),
        new("Azure AI inference", "Endpoint=https://my-house.services.ai.azure.com/models;Model=Mistral-Large-2411;Provider=azureinference", null, NeedsAccessKey: true),
        new("Ollama", "Endpoint=http://host.docker.internal:11434;Model=qwen3:8b;Provider=ollama", FromContainer),
        new("LM Studio", "Endpoint=http://host.docker.internal:1234/v1;Model=qwen3-8b;Provider=lmstudio", FromContainer),
        new("Any OpenAI-compatible service", "Endpoint=http://192.168.1.30:8000/v1;Model=Qwen/Qwen3-8B;Provider=openai-compatible", "vLLM, llama.cpp, LocalAI, OpenRouter. Give the address as the service documents it, usually with /v1."),
    ];

    public static IReadOnlyList<SettingExample> Embedding { get; } =
    [
        new("OpenAI", "Endpoint=https://api.openai.com/v1;Model=text-embedding-3-small;Provider=openai", null, NeedsAccessKey: true),
        new("Azure OpenAI", "Endpoint=https://my-house.openai.azure.com;Model=text-embedding-3-small;Provider=azureopenai", "Model is the name of your deployment.", NeedsAccessKey: true),
        new("Azure OpenAI, v1 API", "Endpoint=https://my-house.openai.azure.com/openai/v1;Model=text-embedding-3-small;Provider=azureopenai", null, NeedsAccessKey: true),
        new("Azure AI inference", "Endpoint=https://my-house.services.ai.azure.com/models;Model=Cohere-embed-v3-multilingual;Provider=azureinference", null, NeedsAccessKey: true),
        new("Ollama", "Endpoint=http://host.docker.internal:11434;Model=nomic-embed-text;Provider=ollama", FromContainer),
        new("LM Studio", "Endpoint=http://host.docker.internal:1234/v1;Model=text-embedding-nomic-embed-text-v1.5;Provider=lmstudio", FromContainer),
        new("Any OpenAI-compatible service", "Endpoint=http://192.168.1.30:8000/v1;Model=BAAI/bge-m3;Provider=openai-compatible"),
    ];
}
