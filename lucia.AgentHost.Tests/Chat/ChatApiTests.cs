using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;

namespace Lucia.AgentHost.Tests.Chat;

/// <summary>The contract of the HTTP API: what callers get when they ask for something that is not there, not allowed or not understood.</summary>
public sealed class ChatApiTests
{
    private const string ApiKey = "canary-api-key-of-a-test";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"message":""}""", "message")]
    [InlineData("""{"message":"   "}""", "message")]
    [InlineData("""{}""", "message")]
    [InlineData("""{"message":null}""", "message")]
    [InlineData("""{"message":"hi","sessionId":"no spaces allowed"}""", "sessionId")]
    [InlineData("""{"message":"hi","sessionId":"../../etc"}""", "sessionId")]
    [InlineData("""{"message":"hi","agentId":"butler"}""", "agentId")]
    [InlineData("""{"message":""", "body")]
    [InlineData("""{"message":{"text":"hi"}}""", "message")]
    [InlineData("""[]""", "body")]
    [InlineData("""null""", "")]
    [InlineData("", "")]
    public async Task A_request_that_cannot_be_used_is_a_400_that_says_what_to_change(string body, string about)
    {
        await using var lucia = await RunningLucia.StartAsync(new());

        using var response = await lucia.Http.PostAsync("/api/chat", Json(body), Cancellation);

        var problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        problem["detail"]!.GetValue<string>().ShouldContain(about);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_request_is_said_at_once()
    {
        await using var lucia = await RunningLucia.StartAsync(new());

        using var response = await lucia.Http.PostAsync("/api/chat", Json("""{"message":"","sessionId":"?","agentId":"butler"}"""), Cancellation);

        var detail = (await ProblemAsync(response, HttpStatusCode.BadRequest))["detail"]!.GetValue<string>();
        detail.ShouldContain("\"message\"");
        detail.ShouldContain("\"sessionId\"");
        detail.ShouldContain("GET /api/agents");
    }

    [Fact]
    public async Task The_longest_message_is_taken_and_a_longer_one_refused()
    {
        await using var model = await ModelRecorder.StartAsync((context, _) => ModelRecorder.SayAsync(context, "That was long."));
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection("openai-compatible") });

        (await lucia.ChatAsync(new string('a', 8000))).Response.ShouldBe("That was long.");
        using var response = await lucia.SayAsync(new string('a', 8001));

        (await ProblemAsync(response, HttpStatusCode.BadRequest))["detail"]!.GetValue<string>().ShouldContain("8000");
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_a_413()
    {
        await using var lucia = await RunningLucia.StartAsync(new());

        using var response = await lucia.SayAsync(new string('a', 70_000));

        await ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_body_of_another_type_is_a_415()
    {
        await using var lucia = await RunningLucia.StartAsync(new());

        using var response = await lucia.Http.PostAsync("/api/chat", new StringContent("hello", Encoding.UTF8, "text/plain"), Cancellation);

        (await ProblemAsync(response, HttpStatusCode.UnsupportedMediaType))["detail"]!.GetValue<string>().ShouldContain("application/json");
    }

    [Theory]
    [InlineData("GET", "/api/chat", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/api/sessions/abc", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/nothing/here", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/agents/butler", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/sessions/unheard-of", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/sessions/no%20such", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/sessions/no%20such", HttpStatusCode.NotFound)]
    public async Task What_is_not_there_is_said_as_a_problem(string method, string path, HttpStatusCode status)
    {
        await using var lucia = await RunningLucia.StartAsync(new());

        using var response = await lucia.Http.SendAsync(new(new(method), path), Cancellation);

        var problem = await ProblemAsync(response, status);
        problem["detail"]!.GetValue<string>().ShouldNotBeEmpty();
        if (status == HttpStatusCode.MethodNotAllowed) response.Content.Headers.Allow.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_service_with_a_key_answers_those_who_present_it()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with { ApiKey = ApiKey });
        using var stranger = new HttpClient { BaseAddress = lucia.Http.BaseAddress };

        foreach (var path in new[] { "/api/agents", "/api/sessions/abc", "/api/nothing" })
        {
            using var refused = await stranger.GetAsync(path, Cancellation);
            (await ProblemAsync(refused, HttpStatusCode.Unauthorized))["detail"]!.GetValue<string>().ShouldContain("X-Api-Key");
            refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        }

        stranger.DefaultRequestHeaders.Add("X-Api-Key", "canary-of-a-wrong-api-key");
        using var wrong = await stranger.PostAsync("/api/chat", Json("""{"message":"hi"}"""), Cancellation);
        await ProblemAsync(wrong, HttpStatusCode.Unauthorized);
        stranger.DefaultRequestHeaders.Remove("X-Api-Key");
        stranger.DefaultRequestHeaders.Add("X-Api-Key", ApiKey);
        using var right = await stranger.PostAsync("/api/chat", Json("""{"message":"hello"}"""), Cancellation);

        right.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await lucia.ChatAsync("hello")).Response.ShouldNotBeEmpty("the Bearer header does as well");
        lucia.Log.ToString().ShouldNotContain("canary");
    }

    [Fact]
    public async Task Without_a_key_pages_of_other_sites_and_other_names_are_refused()
    {
        await using var lucia = await RunningLucia.StartAsync(new());

        using var foreign = Request("/api/chat", """{"message":"hi"}""");
        foreign.Headers.Add("Origin", "https://evil.example");
        using var rebound = Request("/api/chat", """{"message":"hi"}""");
        rebound.Headers.Host = "evil.example";

        await ProblemAsync(await lucia.Http.SendAsync(foreign, Cancellation), HttpStatusCode.Forbidden);
        await ProblemAsync(await lucia.Http.SendAsync(rebound, Cancellation), HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task More_turns_at_once_than_a_home_needs_are_a_429_with_the_time_to_wait()
    {
        var release = new TaskCompletionSource();
        await using var model = await ModelRecorder.StartAsync(async (context, _) =>
        {
            await release.Task.WaitAsync(context.RequestAborted);
            await ModelRecorder.SayAsync(context, "At last.");
        });
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection("openai-compatible") });

        // Sixteen talk and thirty-two wait; the next is one too many.
        List<Task<HttpResponseMessage>> all = [.. Enumerable.Range(0, 49).Select(number => lucia.SayAsync($"Turn {number}"))];
        using var refused = await await Task.WhenAny(all);

        (await ProblemAsync(refused, HttpStatusCode.TooManyRequests))["detail"]!.GetValue<string>().ShouldContain("Try again");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        model.Requests.Count.ShouldBeLessThanOrEqualTo(16);
        release.SetResult();
        (await Task.WhenAll(all)).Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(48, "whoever waited is served");
    }

    [Fact]
    public async Task The_agents_are_listed_with_what_they_can_do()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        var agents = (await lucia.Http.GetFromJsonAsync<JsonArray>("/api/agents", Cancellation))!;

        var home = agents.ShouldHaveSingleItem()!;
        home["id"]!.GetValue<string>().ShouldBe("home");
        home["status"]!.GetValue<string>().ShouldBe("ready");
        home["skills"]!.AsArray().Count.ShouldBeGreaterThan(1);
        (await lucia.Http.GetFromJsonAsync<JsonNode>("/api/agents/HOME", Cancellation))!["id"]!.GetValue<string>().ShouldBe("home");
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static HttpRequestMessage Request(string path, string body) => new(HttpMethod.Post, path) { Content = Json(body) };

    private static async Task<JsonNode> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(status, body);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonNode.Parse(body)!;
        problem["status"]!.GetValue<int>().ShouldBe((int)status);
        problem["title"]!.GetValue<string>().ShouldNotBeEmpty();
        problem["traceId"]!.GetValue<string>().ShouldNotBeEmpty();
        return problem;
    }
}
