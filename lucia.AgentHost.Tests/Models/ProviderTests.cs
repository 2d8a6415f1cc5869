using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;

namespace Lucia.AgentHost.Tests.Models;

/// <summary>Each provider is asked at its own address, under its own header, for its own model.</summary>
public sealed class ProviderTests(AiMock model)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("openai", "/v1", "/v1/chat/completions", "authorization")]
    [InlineData("openai-compatible", "/v1", "/v1/chat/completions", "authorization")]
    [InlineData("lmstudio", "/v1", "/v1/chat/completions", "authorization")]
    [InlineData("ollama", "", "/v1/chat/completions", "authorization")]
    [InlineData("ollama", "/v1", "/v1/chat/completions", "authorization")]
    [InlineData("ollama", "/v1/", "/v1/chat/completions", "authorization")]
    [InlineData("azureopenai", "", "/openai/deployments/my-model/chat/completions?api-version=2024-10-21", "api-key")]
    [InlineData("azureopenai", "/", "/openai/deployments/my-model/chat/completions?api-version=2024-10-21", "api-key")]
    [InlineData("azureopenai", "/openai/deployments/my-model", "/openai/deployments/my-model/chat/completions?api-version=2024-10-21", "api-key")]
    [InlineData("azureopenai", "/openai/v1", "/openai/v1/chat/completions", "api-key")]
    [InlineData("azureopenai", "/openai/v1/", "/openai/v1/chat/completions", "api-key")]
    public async Task A_chat_model_is_asked_at_the_address_of_its_provider(string provider, string path, string asked, string header)
    {
        var message = $"Which way to {provider} at '{path}'?";
        await model.TeachAsync(AiMock.Says(message, "This way."));
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection(provider, path, "my-model") });

        (await lucia.ChatAsync(message)).Response.ShouldBe("This way.");

        var request = (await model.AskedAsync(message)).ShouldHaveSingleItem();
        request.Path.ShouldBe(asked);
        request.Headers.ContainsKey(header).ShouldBeTrue();
        request.Headers.ContainsKey(header == "api-key" ? "authorization" : "api-key").ShouldBeFalse();
        request.Body["model"]!.GetValue<string>().ShouldBe("my-model");
        request.Body["stream"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("openai", "/v1", "/v1/embeddings", "authorization")]
    [InlineData("ollama", "", "/v1/embeddings", "authorization")]
    [InlineData("lmstudio", "/v1", "/v1/embeddings", "authorization")]
    [InlineData("azureopenai", "", "/openai/deployments/EMBEDDER/embeddings?api-version=2024-10-21", "api-key")]
    [InlineData("azureopenai", "/openai/v1", "/openai/v1/embeddings", "api-key")]
    public async Task An_embedding_model_is_asked_at_the_address_of_its_provider(string provider, string path, string asked, string header)
    {
        var (message, embedder) = ($"Find the glimmer of {provider}{path}", $"embedder-{provider}{path.Replace('/', '-')}-model");
        await model.TeachAsync(
        [
            .. AiMock.Calls(message, "find_entities", new { query = "glimmer" }, "Found."),
            new { match = new { inputText = "(light" }, response = new { embedding = new[] { 1.0, 0.0 } } },
            new { match = new { inputText = "glimmer" }, response = new { embedding = new[] { 1.0, 0.1 } } },
        ]);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(new()
        {
            ChatModel = model.Connection(),
            EmbeddingModel = model.Connection(provider, path, embedder),
            Home = simulator,
        });

        await lucia.ChatAsync(message);

        (await model.AskedAsync(message))[^1].Body.ToJsonString().ShouldContain("light.");
        var requests = await model.AskedAsync(embedder);
        requests.Count.ShouldBe(2, "once for the names of the house, once for what was looked for");
        foreach (var request in requests)
        {
            request.Path.ShouldBe(asked.Replace("EMBEDDER", embedder, StringComparison.Ordinal));
            request.Headers.ContainsKey(header).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Names_of_the_house_are_embedded_once_and_a_meaning_finds_what_no_word_does()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await model.TeachAsync([.. AiMock.Calls("What warms the bedroom twice?", "find_entities", new { query = "temperatur" }, "Something does.")]);
        await using var lucia = await RunningLucia.StartAsync(new()
        {
            ChatModel = model.Connection(),
            EmbeddingModel = simulator.EmbeddingModelConnectionString,
            Home = simulator,
        });

        await lucia.ChatAsync("What warms the bedroom twice?");
        await lucia.ChatAsync("What warms the bedroom twice?");

        (await model.AskedAsync("What warms the bedroom twice?"))[^1].Body.ToJsonString().ShouldContain("temperature");
        (await lucia.UntilComponentAsync("embeddingModel", "Healthy")).ShouldContain("simulated-embedding");
    }

    [Fact]
    public async Task An_embedding_model_that_is_away_leaves_the_words_to_find_things()
    {
        const string Message = "Look for the invisible lantern";
        await model.TeachAsync([.. AiMock.Calls(Message, "find_entities", new { query = "gossamer" }, "I found nothing.")]);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(new()
        {
            ChatModel = model.Connection(),
            EmbeddingModel = $"Endpoint=http://127.0.0.1:{FreePort.Next()}/v1;Model=away;Provider=openai-compatible",
            Home = simulator,
            Hurry = 10,
        });

        (await lucia.ChatAsync(Message)).Response.ShouldBe("I found nothing.");

        (await lucia.UntilComponentAsync("embeddingModel", "Degraded")).ShouldContain("ConnectionStrings__embedding_model");
        (await lucia.HealthAsync())["status"]!.GetValue<string>().ShouldBe("Degraded");
    }

    [Theory]
    [InlineData("openai", "/v1", "/v1/chat/completions", "Authorization", "Bearer KEY")]
    [InlineData("lmstudio", "/v1", "/v1/chat/completions", "Authorization", "Bearer KEY")]
    [InlineData("azureopenai", "", "/openai/deployments/some-model/chat/completions?api-version=2024-10-21", "api-key", "KEY")]
    [InlineData("azureinference", "/models", "/models/chat/completions?api-version=2024-05-01-preview", "api-key", "KEY")]
    public async Task The_key_is_sent_under_the_header_of_the_provider_and_nowhere_else(string provider, string path, string target, string header, string value)
    {
        await using var recorder = await ModelRecorder.StartAsync((context, _) => ModelRecorder.SayAsync(context, "Hello."));
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = recorder.Connection(provider, path) });

        (await lucia.ChatAsync("Hello")).Response.ShouldBe("Hello.");

        var request = recorder.Requests.ShouldHaveSingleItem();
        request.Target.ShouldBe(target);
        request.Headers[header].ShouldBe(value);
        request.Headers.Where(sent => sent.Value.Contains("KEY", StringComparison.Ordinal)).Select(sent => sent.Key).ShouldBe([header]);
        request.Headers["User-Agent"].ShouldStartWith("lucia ");
    }

    [Theory]
    [InlineData("ollama", "")]
    [InlineData("lmstudio", "/v1")]
    [InlineData("openai-compatible", "/v1")]
    public async Task A_model_on_ones_own_machine_needs_no_key(string provider, string path)
    {
        await using var recorder = await ModelRecorder.StartAsync((context, _) => ModelRecorder.SayAsync(context, "Hello."));
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = recorder.Connection(provider, path, key: null) });

        (await lucia.ChatAsync("Hello")).Response.ShouldBe("Hello.");
        recorder.Requests.ShouldHaveSingleItem().Target.ShouldBe("/v1/chat/completions");
    }
}
