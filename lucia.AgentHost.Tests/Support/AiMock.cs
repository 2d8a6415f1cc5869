using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lucia.AgentHost.Tests.Support;

[assembly: AssemblyFixture(typeof(AiMock))]

namespace Lucia.AgentHost.Tests.Support;

/// <summary>
/// aimock, a model stub of others: it speaks the OpenAI API as its authors understand it, not as Lucia's do. One process for all tests, started by
/// the first that asks; each test teaches it answers to sentences of its own.
/// </summary>
public sealed class AiMock : IAsyncDisposable
{
    /// <summary>The only key it accepts; not to be seen in any log.</summary>
    public const string Key = "canary-key-of-the-model-stub";

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly int _port = FreePort.Next();
    private readonly HttpClient _control = new();
    private ChildProcess? _process;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A connection string for it.</summary>
    /// <param name="provider">As in the setting.</param>
    /// <param name="path">What follows the address.</param>
    /// <param name="model">The model or deployment.</param>
    /// <param name="key">The access key; null for none.</param>
    public string Connection(string provider = "openai", string path = "/v1", string model = "gpt-4o-mini", string? key = Key) =>
        $"Endpoint=http://127.0.0.1:{_port}{path};Model={model};Provider={provider}" + (key is null ? "" : $";AccessKey={key}");

    /// <summary>Starts it if need be, and adds answers. Skips the test where Node.js or the package is not installed.</summary>
    /// <param name="fixtures">Fixtures in aimock's own shape; the first that matches answers.</param>
    public async Task TeachAsync(params object[] fixtures)
    {
        await StartAsync();
        using var answer = await _control.PostAsJsonAsync($"http://127.0.0.1:{_port}/__aimock/fixtures", new { fixtures }, Cancellation);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>Answers a sentence with words.</summary>
    public static object Says(string message, string words) => new { match = new { userMessage = message }, response = new { content = words } };

    /// <summary>Answers a sentence with a call, and the call's result with words.</summary>
    public static object[] Calls(string message, string tool, object arguments, string thenSays) =>
        [CallsWith(message, tool, JsonSerializer.Serialize(arguments)), SaysAfterTool(message, thenSays)];

    /// <summary>Answers a sentence with a call.</summary>
    public static object CallsWith(string message, string tool, string arguments) => new
    {
        match = new { userMessage = message, hasToolResult = false },
        response = new { toolCalls = new[] { new { id = "call_" + Guid.NewGuid().ToString("N")[..8], name = tool, arguments } } },
    };

    /// <summary>Answers the result of a call with words.</summary>
    public static object SaysAfterTool(string message, string words) =>
        new { match = new { userMessage = message, hasToolResult = true }, response = new { content = words } };

    /// <summary>What it was asked with a sentence (or input of an embedding) in it, oldest first.</summary>
    internal async Task<IReadOnlyList<AskedOfModel>> AskedAsync(string message)
    {
        var journal = (await _control.GetFromJsonAsync<JsonNode>($"http://127.0.0.1:{_port}/__aimock/journal", Cancellation))!;
        var entries = journal as JsonArray ?? journal["entries"]!.AsArray();
        return [.. entries
            .Where(entry => entry!["body"]?.ToJsonString().Contains(JsonSerializer.Serialize(message).Trim('"'), StringComparison.Ordinal) == true)
            .Select(entry => new AskedOfModel(entry!["method"]!.GetValue<string>(), entry["path"]!.GetValue<string>(), entry["headers"]!.AsObject(), entry["body"]!))];
    }

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        _control.Dispose();
        _starting.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task StartAsync()
    {
        var node = Programs.Find("node");
        Assert.SkipWhen(node is null, "node is not on PATH");
        var program = Programs.NodeModule("@copilotkit/aimock/dist/cli.js");
        Assert.SkipWhen(program is null, "aimock is not installed: run npm ci --ignore-scripts in the repository's root");
        await _starting.WaitAsync(Cancellation);
        try
        {
            if (_process is not null) return;
            _control.DefaultRequestHeaders.Authorization = new("Bearer", Key);
            // Arguments that are no JSON are taken from a file only.
            var slips = Path.Combine(AppContext.BaseDirectory, "Models", "AiMock");
            _process = ChildProcess.Start(node!, [program!, "-p", $"{_port}", "-f", slips, "--strict", "--log-level", "warn"], environment: [("AIMOCK_API_KEYS", Key)]);
            await _process.UntilAsync(AnswersAsync, Cancellation);
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await _control.GetAsync($"http://127.0.0.1:{_port}/__aimock/journal", Cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>One request as aimock noted it; it writes the values of key headers as <c>[REDACTED]</c>.</summary>
internal sealed record AskedOfModel(string Method, string Path, JsonObject Headers, JsonNode Body);
