using System.Text.Json;
using Lucia.AgentHost.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>aimock, a model stub of others that speaks the OpenAI, Azure and Ollama APIs, and answers "Hello" and what the doctor asks.</summary>
internal sealed class ModelStub : IDisposable
{
    /// <summary>What it says.</summary>
    public const string Answer = "Good day to you.";

    /// <summary>What it makes of "ceiling lamp".</summary>
    public static readonly IReadOnlyList<double> Embedding = [0.5, 0.25, 0.125];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-model-");
    private ChildProcess? _process;

    private ModelStub(int port, string? key) => (Port, Key) = (port, key);

    public int Port { get; }

    /// <summary>The only key it accepts; null when it asks for none.</summary>
    public string? Key { get; }

    /// <summary>Starts it; skips the test where Node.js or the package is not installed.</summary>
    public static async Task<ModelStub> StartAsync(string host = "127.0.0.1", int? port = null, string? key = null)
    {
        var node = Programs.Find("node");
        Assert.SkipWhen(node is null, "node is not on PATH");
        var program = Programs.NodeModule("@copilotkit/aimock/dist/cli.js");
        Assert.SkipWhen(program is null, "aimock is not installed: run npm ci --ignore-scripts in the repository's root");
        var stub = new ModelStub(port ?? FreePort.Next(), key);
        try
        {
            var fixtures = Path.Combine(stub._folder.FullName, "hello.json");
            await File.WriteAllTextAsync(fixtures, JsonSerializer.Serialize(new { fixtures = Fixtures() }));
            stub._process = ChildProcess.Start(node!, [program!, "-h", host, "-p", $"{stub.Port}", "-f", fixtures, "--strict", "--log-level", "warn"],
                environment: key is null ? [] : [("AIMOCK_API_KEYS", key)]);
            using var client = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", key ?? "none") } };
            await stub._process.UntilAsync(() => AnswersAsync(client, stub.Port), TestContext.Current.CancellationToken);
            return stub;
        }
        catch
        {
            stub.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static object[] Fixtures() =>
    [
        new { match = new { userMessage = "Hello" }, response = new { content = Answer } },
        new { match = new { userMessage = "Count from one to five" }, response = new { content = "one, two, three, four, five" } },
        new
        {
            match = new { userMessage = "Which lights are on", hasToolResult = false },
            response = new { toolCalls = new[] { new { id = "call_1", name = "find_entities", arguments = """{"domain":"light"}""" } } },
        },
        new { match = new { userMessage = "Which lights are on", hasToolResult = true }, response = new { content = "The kitchen ceiling." } },
        new { match = new { inputText = "ceiling lamp" }, response = new { embedding = Embedding } },
    ];

    private static async Task<bool> AnswersAsync(HttpClient client, int port)
    {
        try
        {
            using var answer = await client.GetAsync($"http://127.0.0.1:{port}/__aimock/journal", TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
