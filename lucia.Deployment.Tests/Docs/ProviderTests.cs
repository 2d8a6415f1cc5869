using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lucia.Deployment.Tests.Support;
using Lucia.Settings;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>Every connection string of the guides: read by the product, configured in every target, and used against a stub of its provider.</summary>
public sealed partial class ProviderTests : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("lucia-providers-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Delete(recursive: true);

    /// <summary>One example for each way a provider is addressed, in every target.</summary>
    public static TheoryData<string, string> ExamplesInTargets => InTargets(embedding: false);

    /// <summary>The same for the models that make embeddings.</summary>
    public static TheoryData<string, string> EmbeddingExamplesInTargets => InTargets(embedding: true);

    [Fact]
    public void Every_connection_string_is_one()
    {
        var examples = Examples();

        foreach (var (guide, text) in examples)
            ModelConnection.TryParse(text, "some-access-key", out _, out var fault).ShouldBeTrue($"{guide}: {text} {fault?.What}");
        // The README and the page of the models show a newcomer the whole choice.
        foreach (var page in new[] { "README.md", "deploy/docs/llm-providers.md" })
            foreach (var provider in new[] { "openai", "azureopenai", "ollama", "lmstudio", "openai-compatible" })
                examples.ShouldContain(example => example.Guide.Path == page && example.Text.EndsWith($"Provider={provider}", StringComparison.Ordinal), $"{page}: {provider}");
        examples.Count.ShouldBeGreaterThan(30);
    }

    [Fact]
    public void Examples_that_a_container_would_not_reach_are_in_no_page_of_containers()
    {
        foreach (var (guide, text) in Examples().Where(example => example.Guide.Path.Contains("docker", StringComparison.Ordinal) || example.Guide.Path.Contains("kubernetes", StringComparison.Ordinal) || example.Guide.Path.Contains("compose", StringComparison.Ordinal)))
            text.ShouldNotContain("localhost", customMessage: guide.Path);
    }

    [Theory]
    [MemberData(nameof(ExamplesInTargets))]
    [Trait("Speed", "Slow")]
    public async Task An_example_configured_as_the_guide_says_answers(string example, string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the set-ups are shell scripts");
        using var stub = await ModelStub.StartAsync(key: AsksForKey(example) ? "key-of-the-stub" : null);
        var written = At(stub.Port, example);

        var files = await Target.In(target, _scratch).ConfigureAsync(written, stub.Key ?? "");

        files.Single(file => file.Key is "ConnectionStrings__chat-model" or "ConnectionStrings__chat_model").Value.ShouldBe(written);
        files["ChatModel__AccessKey"].ShouldBe(stub.Key ?? "");
        files["Auth__ApiKey"].Length.ShouldBeGreaterThanOrEqualTo(16);
        (await AskAsync(files)).ShouldBe(ModelStub.Answer);
    }

    [Theory]
    [MemberData(nameof(EmbeddingExamplesInTargets))]
    [Trait("Speed", "Slow")]
    public async Task An_embedding_example_configured_as_the_guide_says_makes_embeddings(string example, string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the set-ups are shell scripts");
        using var stub = await ModelStub.StartAsync(key: AsksForKey(example) ? "key-of-the-stub" : null);
        var written = At(stub.Port, example);

        var files = await Target.In(target, _scratch).ConfigureAsync($"Endpoint=http://127.0.0.1:{stub.Port}/v1;Model=any;Provider=openai-compatible", stub.Key ?? "", written, stub.Key ?? "");

        files.Single(file => file.Key is "ConnectionStrings__embedding-model" or "ConnectionStrings__embedding_model").Value.ShouldBe(written);
        files["EmbeddingModel__AccessKey"].ShouldBe(stub.Key ?? "");
        var check = await ExamineAsync(files, "embedding-model");
        check["status"]!.GetValue<string>().ShouldBe("pass", check.ToJsonString());
        check["found"]!.GetValue<string>().ShouldEndWith($"makes {ModelStub.Embedding.Count} numbers of a name.");
    }

    /// <summary>The real service with nothing but those files examines itself.</summary>
    private async Task<JsonNode> ExamineAsync(IReadOnlyDictionary<string, string> files, string check)
    {
        var folder = _scratch.CreateSubdirectory("run-secrets");
        foreach (var (name, content) in files) await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), content, Cancellation);
        var examined = await Ran.ToEndAsync("dotnet", [RunningService.Program, "doctor", "--json"], environment: new Dictionary<string, string?> { ["Lucia__SecretsDirectory"] = folder.FullName });
        examined.Output.ShouldStartWith("{", Case.Sensitive, examined.Error);
        return JsonNode.Parse(examined.Output)!["checks"]!.AsArray().Single(found => found!["name"]!.GetValue<string>() == check)!;
    }

    /// <summary>The real service, with nothing but those files, asked over HTTP.</summary>
    private async Task<string> AskAsync(IReadOnlyDictionary<string, string> files)
    {
        using var service = await RunningService.StartAsync(_scratch.CreateSubdirectory("run-secrets"), files);
        using var response = await service.Http.PostAsJsonAsync("/api/chat", new { message = "Hello" }, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue($"{body}\n{service.Log}");
        return JsonNode.Parse(body)!["response"]!.GetValue<string>();
    }

    /// <summary>The example with the stub in its provider's place; what follows the host stays.</summary>
    private static string At(int port, string example) => example.Contains("Endpoint=", StringComparison.OrdinalIgnoreCase)
        ? Authority().Replace(example, $"http://127.0.0.1:{port}", 1)
        : $"Endpoint=http://127.0.0.1:{port}/v1;{example}";

    private static List<(Guide Guide, string Text)> Examples() =>
    [
        .. Guide.All.SelectMany(guide => Connection().Matches(guide.Text).Select(match => (guide, match.Value.TrimEnd('.', ','))))
            .Where(example => !example.Item2.Contains('<', StringComparison.Ordinal) && !example.Item2.Contains('{', StringComparison.Ordinal)),
    ];

    private static TheoryData<string, string> InTargets(bool embedding)
    {
        TheoryData<string, string> rows = [];
        foreach (var example in Examples().Select(example => example.Text).Where(text => IsEmbedding(text) == embedding).Distinct().DistinctBy(Shape))
            foreach (var target in Target.Names) rows.Add(example, target);
        return rows;
    }

    private static bool AsksForKey(string example)
    {
        ModelConnection.TryParse(example, "any-key", out var connection, out _).ShouldBeTrue(example);
        return connection!.Provider is ModelProvider.OpenAI or ModelProvider.AzureOpenAI or ModelProvider.AzureInference;
    }

    private static bool IsEmbedding(string text) => text.Contains("embed", StringComparison.OrdinalIgnoreCase) || text.Contains("bge", StringComparison.Ordinal);

    private static string Shape(string text)
    {
        ModelConnection.TryParse(text, "any-key", out var connection, out _).ShouldBeTrue(text);
        return $"{connection!.Provider} {connection.Endpoint.AbsolutePath} {connection.Model.Contains('/', StringComparison.Ordinal)}";
    }

    [GeneratedRegex(@"(?<![\w;])(?:(?:Endpoint|Model|AccessKey|Provider)=[^;`'""\s|]*;)+Provider=[a-z-]+")]
    private static partial Regex Connection();

    [GeneratedRegex(@"https?://[^/;]+")]
    private static partial Regex Authority();
}
