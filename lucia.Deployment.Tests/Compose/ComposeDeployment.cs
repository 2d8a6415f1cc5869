using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>
/// A copy of <c>deploy/</c> in a folder of its own, as somebody has it who only deploys, with a project name, ports and networks of its own. The simulator is laid
/// over it as the model and the home; nothing else differs from what the guide says.
/// </summary>
internal sealed class ComposeDeployment : IAsyncDisposable
{
    private const string SimulatorImage = "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lucia-compose-");
    private readonly Dictionary<string, string?> _environment;
    private readonly string _token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly int _simulatorPort = FreePort.Next();
    private readonly HttpClient _http;

    /// <param name="image">The image of the service.</param>
    /// <param name="overlays">Files that come after <c>docker-compose.yml</c>, such as <c>docker-compose.offline.yml</c>.</param>
    public ComposeDeployment(string image, params IReadOnlyList<string> overlays)
    {
        Project = $"lucia-test-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        Folder = Path.Combine(_root.FullName, "deploy", "compose");
        Scripts = Path.Combine(_root.FullName, "deploy", "scripts");
        foreach (var folder in new[] { "compose", "scripts" }) Copy(Path.Combine(Programs.Repository, "deploy", folder), Path.Combine(_root.FullName, "deploy", folder));
        Guide = Guide.Read(Path.Combine(Folder, "README.md"));

        var port = FreePort.Next();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
        // A place in 10.0.0.0/8 that the engine's own pools leave alone.
        var (second, third) = (RandomNumberGenerator.GetInt32(100, 250), RandomNumberGenerator.GetInt32(0, 125) * 2);
        Networks = [IPNetwork.Parse($"10.{second}.{third}.0/24"), IPNetwork.Parse($"10.{second}.{third + 1}.0/24")];
        File.WriteAllText(Path.Combine(Folder, "simulator.yml"), Simulator());
        _environment = new Dictionary<string, string?>
        {
            ["COMPOSE_PROJECT_NAME"] = Project,
            ["COMPOSE_FILE"] = string.Join(':', ["docker-compose.yml", .. overlays, "simulator.yml"]),
            ["AGENTHOST_IMAGE"] = image,
            ["LUCIA_PORT"] = $"{port}",
            ["SIMULATOR_TOKEN"] = _token,
            // What setup.sh would ask a person for.
            ["ConnectionStrings__chat_model"] = "Endpoint=http://simulator:8080/v1;Model=simulated-house;Provider=openai-compatible",
            ["ConnectionStrings__embedding_model"] = "Endpoint=http://simulator:8080/v1;Model=simulated-embedding;Provider=openai-compatible",
            ["ChatModel__AccessKey"] = _token,
            ["EmbeddingModel__AccessKey"] = _token,
            ["HomeAssistant__BaseUrl"] = "http://simulator:8080",
            ["HomeAssistant__AccessToken"] = _token,
        };
    }

    /// <summary>The name of the compose project; containers, networks and volumes begin with it.</summary>
    public string Project { get; }

    /// <summary>The copy of <c>deploy/compose</c>.</summary>
    public string Folder { get; }

    /// <summary>The copy of <c>deploy/scripts</c>.</summary>
    public string Scripts { get; }

    /// <summary>The guide in the copy.</summary>
    public Guide Guide { get; }

    /// <summary>The addresses of the edge and of the internal network.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; }

    /// <summary>The key that setup.sh made.</summary>
    public string ApiKey => File.ReadAllText(Path.Combine(Folder, "secrets", "auth-api-key"));

    /// <summary>Every secret of the deployment that is set.</summary>
    public IReadOnlyList<string> Secrets =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder, "secrets")).Select(File.ReadAllText).Where(static text => text.Length > 0).Distinct()];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Another value for a variable of the shell that commands run in; null unsets it.</summary>
    public void Set(string variable, string? value) => _environment[variable] = value;

    /// <summary>Runs a command in the copy of <c>deploy/compose</c>.</summary>
    public Task<Ran> TryAsync(string command, int seconds = 120, string input = "") => Shell.RunAsync(command, Folder, _environment, input, seconds);

    /// <summary>Runs a command that must succeed, and gives what it wrote.</summary>
    public async Task<string> RunAsync(string command, int seconds = 120) => (await TryAsync(command, seconds)).Well().Output.Trim();

    /// <summary>Runs a program inside a running service.</summary>
    public Task<Ran> InsideAsync(string service, string command) => TryAsync($"docker compose exec -T {service} {command}");

    /// <summary>Follows the guide from the beginning until everything is healthy.</summary>
    public async Task StartAsync()
    {
        foreach (var block in Guide.Runnable) await RunAsync($"set -e\n{block.Text}", seconds: 180);
    }

    /// <summary>The id of a service's container.</summary>
    public Task<string> ContainerAsync(string service) => RunAsync($"docker compose ps -q {service}");

    /// <summary>What the engine tells of a service's container.</summary>
    public async Task<JsonNode> InspectAsync(string service) => JsonNode.Parse(await RunAsync($"docker inspect $(docker compose ps -q {service})"))![0]!;

    /// <summary>Asks the published port, with the key unless told otherwise.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject? body = null, Action<HttpRequestMessage>? present = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        (present ?? (sent => sent.Headers.Add("X-Api-Key", ApiKey)))(request);
        return await _http.SendAsync(request, Cancellation);
    }

    /// <summary>Says something; the reply is a success.</summary>
    public async Task<JsonNode> ChatAsync(string message, string? sessionId = null)
    {
        using var reply = await SendAsync(HttpMethod.Post, "/api/chat", new JsonObject { ["message"] = message, ["sessionId"] = sessionId });
        var text = await reply.Content.ReadAsStringAsync(Cancellation);
        reply.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>What the service says of itself and of a part such as <c>redis</c>.</summary>
    public async Task<JsonNode> HealthAsync()
    {
        using var reply = await SendAsync(HttpMethod.Get, "/health");
        return JsonNode.Parse(await reply.Content.ReadAsStringAsync(Cancellation))!;
    }

    /// <summary>How many exchanges a conversation has; null when nobody remembers it, or nobody answers.</summary>
    public async Task<int?> TurnsAsync(string sessionId)
    {
        try
        {
            using var reply = await SendAsync(HttpMethod.Get, $"/api/sessions/{sessionId}");
            return reply.IsSuccessStatusCode ? JsonNode.Parse(await reply.Content.ReadAsStringAsync(Cancellation))!["turns"]!.AsArray().Count : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The state of an entity as the simulated home itself has it.</summary>
    public async Task<string> StateAsync(string entity)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_simulatorPort}/api/states/{entity}");
        request.Headers.Add("Authorization", $"Bearer {_token}");
        using var reply = await _http.SendAsync(request, Cancellation);
        return JsonNode.Parse(await reply.Content.ReadAsStringAsync(Cancellation))!["state"]!.GetValue<string>();
    }

    /// <summary>What the engine still has of the project: containers, networks and volumes.</summary>
    public Task<string> LeftAsync() => RunAsync(
        $"for kind in container network volume; do all=; [ $kind != container ] || all=-a; docker $kind ls $all -q --filter label=com.docker.compose.project={Project}; done");

    public async ValueTask DisposeAsync()
    {
        // No cancellation: what was started is removed whatever happens.
        if (File.Exists(Path.Combine(Folder, ".env"))) await TryAsync("docker compose --profile '*' down --volumes --remove-orphans --timeout 5");
        _http.Dispose();
        _root.Delete(recursive: true);
    }

    private string Simulator()
    {
        var programs = AppContext.BaseDirectory.Replace("lucia.Deployment.Tests", "lucia.Simulator", StringComparison.Ordinal).TrimEnd('/');
        // A search domain of this machine's would have "redis.its.domain" asked for outside while Redis is stopped.
        return $$"""
            services:
              agenthost: { dns_search: . }
              redis: { dns_search: . }
              simulator:
                dns_search: .
                image: {{SimulatorImage}}
                command: [dotnet, /app/lucia.Simulator.dll]
                environment:
                  ASPNETCORE_URLS: http://0.0.0.0:8080
                  Simulator__AnyAddress: "true"
                  Simulator__TokensPerSecond: "0"
                  Simulator__AccessToken: ${SIMULATOR_TOKEN:?}
                volumes:
                  - {{programs}}:/app:ro
                networks: [edge]
                ports:
                  - 127.0.0.1:{{_simulatorPort}}:8080
                stop_grace_period: 1s
            networks:
              edge:
                ipam: { config: [ { subnet: {{Networks[0]}} } ] }
              internal:
                ipam: { config: [ { subnet: {{Networks[1]}} } ] }
            """;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from).Where(static file => Path.GetFileName(file) is not ".env"))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
