using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>The HTTP API as the guides tell it, held against the running service.</summary>
public sealed partial class ApiTests : IDisposable
{
    private const string Page = "deploy/docs/home-assistant.md";

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("lucia-api-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Delete(recursive: true);

    [Fact]
    public async Task Every_route_that_is_named_answers()
    {
        var routes = Guide.All.SelectMany(guide => Route().Matches(guide.Prose).Select(match => (Method: match.Groups[1].Value, Path: match.Groups[2].Value))
            .Concat(Address().Matches(guide.Text).Select(match => (Method: "GET", Path: match.Groups[1].Value)))).Distinct().ToList();
        routes.ShouldContain(("POST", "/api/chat"));
        using var service = await StartAsync("Endpoint=http://127.0.0.1:9/v1;Model=none;Provider=openai-compatible");

        foreach (var (method, path) in routes)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", "some-id", StringComparison.Ordinal));
            if (method == "POST") request.Content = JsonContent.Create(new { });
            using var answer = await service.Http.SendAsync(request, Cancellation);
            var body = await answer.Content.ReadAsStringAsync(Cancellation);
            // A session that is not there is told differently from a route that is not there; a route of another method says 405.
            body.ShouldNotContain("There is nothing at this address", customMessage: $"{method} {path}");
            if (answer.StatusCode == HttpStatusCode.MethodNotAllowed) answer.Content.Headers.Allow.ShouldContain("POST", $"{method} {path}");
        }
    }

    [Fact]
    public async Task A_request_as_shown_is_taken_and_answered_as_shown()
    {
        var examples = Guide.Read(Page).Fences.Where(fence => fence.Language == "json").Select(fence => JsonNode.Parse(fence.Text)!.AsObject()).ToList();
        var (request, reply) = (examples.Single(example => example.ContainsKey("context")), examples.Single(example => example.ContainsKey("response")));
        using var model = await ModelStub.StartAsync();
        using var service = await StartAsync($"Endpoint=http://127.0.0.1:{model.Port}/v1;Model=any;Provider=openai-compatible");
        request["message"] = "Hello";

        using var answer = await service.Http.PostAsJsonAsync("/api/chat", request, Cancellation);

        var given = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!.AsObject();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, given.ToJsonString());
        given.Select(member => member.Key).ShouldBe(reply.Select(member => member.Key));
        given["response"]!.GetValue<string>().ShouldBe(ModelStub.Answer);
        given["sessionId"]!.GetValue<string>().ShouldBe(request["sessionId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Without_the_key_only_the_overall_status_is_told()
    {
        using var service = await StartAsync("Endpoint=http://127.0.0.1:9/v1;Model=none;Provider=openai-compatible");
        using var stranger = new HttpClient { BaseAddress = service.Http.BaseAddress };

        (await stranger.GetAsync("/api/agents", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.GetFromJsonAsync<JsonObject>("/health", Cancellation))!.Select(member => member.Key).ShouldBe(["status"]);
        (await service.Http.GetFromJsonAsync<JsonObject>("/health", Cancellation))!.ContainsKey("components").ShouldBeTrue();
    }

    private Task<RunningService> StartAsync(string chatModel) => RunningService.StartAsync(
        _scratch, new Dictionary<string, string> { ["ConnectionStrings__chat-model"] = chatModel, ["Auth__ApiKey"] = Guid.NewGuid().ToString("N") });

    [GeneratedRegex(@"`(?:[^`]*?)\b(GET|POST|DELETE) (/[A-Za-z0-9/{}._-]*)")]
    private static partial Regex Route();

    [GeneratedRegex(@"127\.0\.0\.1:5000(/[A-Za-z0-9/._-]+)")]
    private static partial Regex Address();
}
