using System.Text.Json;
using System.Text.Json.Nodes;
using Lucia.AgentHost.Doctor;
using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Lucia.AgentHost.Tests.Doctor;

/// <summary>The doctor against real parts: what is well, and every trouble that users of such systems have first.</summary>
public sealed class DoctorTests
{
    private static readonly string[] Names =
        ["settings", "redis", "redis-policy", "home-assistant", "home-entities", "chat-model", "chat-streaming", "tool-calling", "embedding-model"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_is_well_when_everything_works()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);

        var (code, report) = await ExamineAsync(new(Home(simulator))
        {
            ["ConnectionStrings:chat-model"] = simulator.ChatModelConnectionString,
            ["ConnectionStrings:embedding-model"] = simulator.EmbeddingModelConnectionString,
            ["ConnectionStrings:redis"] = $"127.0.0.1:{redis.Port}",
            ["Redis:Password"] = RedisServer.Password,
        });

        code.ShouldBe(0, report.ToJsonString());
        report["status"]!.GetValue<string>().ShouldBe("pass", report.ToJsonString());
        report["exitCode"]!.GetValue<int>().ShouldBe(0);
        report["version"]!.GetValue<string>().ShouldNotBeEmpty();
        report["checks"]!.AsArray().Select(check => check!["name"]!.GetValue<string>()).ShouldBe(Names);
        foreach (var check in report["checks"]!.AsArray())
        {
            check!["found"]!.GetValue<string>().ShouldNotBeEmpty();
            check["milliseconds"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(0);
            check.AsObject().ContainsKey("remedy").ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Wrong_settings_are_all_named_and_nothing_else_is_tried()
    {
        var (code, report) = await ExamineAsync(new() { ["HomeAssistant:BaseUrl"] = "nonsense", ["Sessions:TtlHours"] = "-1", ["Auth:ApiKey"] = "your-key-here" });

        code.ShouldBe(78);
        var settings = Check(report, "settings");
        settings["problems"]!.AsArray().Select(problem => problem!["setting"]!.GetValue<string>().Replace(":", "__", StringComparison.Ordinal)).ShouldBe(
            ["ConnectionStrings__chat-model", "HomeAssistant__BaseUrl", "Sessions__TtlHours", "Auth__ApiKey", "HomeAssistant__AccessToken"], ignoreOrder: true);
        report["checks"]!.AsArray().Skip(1).ShouldAllBe(check => check!["status"]!.GetValue<string>() == "skip");
    }

    [Fact]
    public async Task What_is_optional_and_missing_is_a_warning_that_says_what_it_costs()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);

        var (code, report) = await ExamineAsync(new() { ["ConnectionStrings:chat-model"] = simulator.ChatModelConnectionString });

        code.ShouldBe(0);
        report["status"]!.GetValue<string>().ShouldBe("warn");
        Expect(report, "redis", "warn", "kept in memory", "ConnectionStrings__redis");
        Expect(report, "home-assistant", "warn", "only chats", "HomeAssistant__BaseUrl");
        Expect(report, "embedding-model", "skip", "Not configured");
        Expect(report, "tool-calling", "pass", "reads the result");
    }

    [Fact]
    public async Task A_refused_token_of_the_home_is_told_from_a_home_that_is_away()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        var settings = new Dictionary<string, string?>(Home(simulator)) { ["ConnectionStrings:chat-model"] = simulator.ChatModelConnectionString };

        var (refused, report) = await ExamineAsync(new(settings) { ["HomeAssistant:AccessToken"] = "another-token" });
        var (away, awayReport) = await ExamineAsync(new(settings) { ["HomeAssistant:BaseUrl"] = $"http://127.0.0.1:{FreePort.Next()}" });
        var (plain, plainReport) = await ExamineAsync(new(settings) { ["HomeAssistant:BaseUrl"] = simulator.BaseAddress.AbsoluteUri.Replace("http:", "https:", StringComparison.Ordinal) });

        (refused, away, plain).ShouldBe((1, 1, 1));
        Expect(report, "home-assistant", "fail", "refused the token", "long-lived access token");
        Expect(report, "home-entities", "skip", "home-assistant comes first");
        Expect(awayReport, "home-assistant", "fail", "Nothing listens", "HomeAssistant__BaseUrl");
        Expect(plainReport, "home-assistant", "fail", "does not speak HTTPS", "http://");
        report.ToJsonString().ShouldNotContain("another-token");
    }

    [Theory]
    [InlineData(403, "refuses this machine", "ip_bans.yaml")]
    [InlineData(400, "refuses the way", "trusted_proxies")]
    [InlineData(502, "HTTP 502", "starting")]
    [InlineData(200, "not Home Assistant", "HomeAssistant__BaseUrl")]
    [InlineData(302, "sends on to https://elsewhere.example", "HomeAssistant__BaseUrl")]
    public async Task Every_odd_answer_of_the_home_has_its_own_remedy(int status, string found, string remedy)
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var odd = await OddServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            if (status == 302) context.Response.Headers.Location = "https://elsewhere.example/login";
            return context.Response.WriteAsync("<html>hello</html>");
        });

        var (code, report) = await ExamineAsync(new()
        {
            ["ConnectionStrings:chat-model"] = simulator.ChatModelConnectionString,
            ["HomeAssistant:BaseUrl"] = odd.Address,
            ["HomeAssistant:AccessToken"] = "canary-token",
        });

        code.ShouldBe(1);
        Expect(report, "home-assistant", "fail", found, remedy);
    }

    [Fact]
    public async Task A_redis_that_would_lose_conversations_is_told_of_and_a_wrong_password_too()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await redis.SendAsync("CONFIG SET maxmemory 100mb\r\nCONFIG SET maxmemory-policy allkeys-lru\r\nCONFIG SET appendonly no\r\nCONFIG SET save \"\"", Cancellation);
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:chat-model"] = $"Endpoint=http://127.0.0.1:{FreePort.Next()}/v1;Model=m",
            ["ConnectionStrings:redis"] = $"127.0.0.1:{redis.Port}",
        };

        var (_, report) = await ExamineAsync(new(settings) { ["Redis:Password"] = RedisServer.Password });
        var (_, wrong) = await ExamineAsync(new(settings) { ["Redis:Password"] = "canary-password" });
        var (_, none) = await ExamineAsync(settings);

        Expect(report, "redis", "pass", "keeps what is written");
        Expect(report, "redis-policy", "warn", "allkeys-lru", "noeviction");
        Expect(report, "redis-policy", "warn", "saves nothing", "appendonly yes");
        Expect(wrong, "redis", "fail", "refused the password", "Redis__Password");
        Expect(none, "redis", "fail", "asks for a password", "Redis__Password");
        wrong.ToJsonString().ShouldNotContain("canary-password");
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_told_with_those_that_are()
    {
        await using var server = await OddServer.StartAsync(context =>
        {
            if (context.Request.Path.Value!.EndsWith("/models", StringComparison.Ordinal))
                return context.Response.WriteAsync("""{"data":[{"id":"qwen3:8b"},{"id":"llama3.2"}]}""");
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync("""{"error":{"message":"model \"qwen9\" not found, try pulling it first","type":"api_error"}}""");
        });

        var (code, report) = await ExamineAsync(new()
        {
            ["ConnectionStrings:chat-model"] = $"Endpoint={server.Address};Model=qwen9;Provider=ollama",
            ["ConnectionStrings:embedding-model"] = $"Endpoint={server.Address};Model=nomic;Provider=ollama",
        });

        code.ShouldBe(1);
        Expect(report, "chat-model", "fail", "no model \"qwen9\"; it has llama3.2, qwen3:8b", "ollama pull qwen9");
        Expect(report, "embedding-model", "fail", "no model \"nomic\"", "ConnectionStrings__embedding_model");
    }

    [Theory]
    [InlineData(401, "refused the access key", "ChatModel__AccessKey")]
    [InlineData(429, "rate limit", "minute")]
    [InlineData(500, "HTTP 500", "log")]
    public async Task A_refusal_of_the_model_is_told_without_the_key_it_repeats(int status, string found, string remedy)
    {
        await using var model = await ModelRecorder.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync($$$"""{"error":{"message":"{{{ModelRecorder.Key}}} was \u001b[31mnot welcome.","type":"x"}}""");
        });

        var (code, report) = await ExamineAsync(new() { ["ConnectionStrings:chat-model"] = model.Connection("openai-compatible") });

        code.ShouldBe(1);
        Expect(report, "chat-model", "fail", found, remedy);
        report.ToJsonString().ShouldNotContain(ModelRecorder.Key);
        Check(report, "chat-model")["found"]!.GetValue<string>().ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task A_model_that_talks_in_place_of_calling_a_tool_fails()
    {
        await using var model = await ModelRecorder.StartAsync((context, _) => ModelRecorder.SayAsync(context, "The kitchen light is on, I believe."));

        var (code, report) = await ExamineAsync(new() { ["ConnectionStrings:chat-model"] = model.Connection("ollama") });

        code.ShouldBe(1);
        Expect(report, "chat-model", "pass", "answers");
        Expect(report, "chat-streaming", "warn", "at once", "buffering");
        Expect(report, "tool-calling", "fail", "text in place of calling a tool", "qwen3");
    }

    [Fact]
    public async Task A_model_that_writes_its_calls_as_text_is_warned_of()
    {
        await using var model = await ModelRecorder.StartAsync((context, body) => ModelRecorder.SayAsync(
            context, body["tools"] is null ? "one two" : """<tool_call>{"name":"find_entities","arguments":{"area":"kitchen"}}</tool_call>"""));

        var (code, report) = await ExamineAsync(new() { ["ConnectionStrings:chat-model"] = model.Connection("openai-compatible") });

        code.ShouldBe(0);
        Expect(report, "tool-calling", "warn", "as text", "--jinja");
    }

    [Fact]
    public async Task A_model_that_refuses_tools_is_told_from_one_that_refuses_everything()
    {
        await using var model = await ModelRecorder.StartAsync((context, body) =>
        {
            if (body["tools"] is null) return ModelRecorder.SayAsync(context, "one two");
            context.Response.StatusCode = 400;
            return context.Response.WriteAsync("""{"error":{"message":"registry.ollama.ai/library/gemma:latest does not support tools","type":"api_error"}}""");
        });

        var (code, report) = await ExamineAsync(new() { ["ConnectionStrings:chat-model"] = model.Connection("ollama", model: "gemma") });

        code.ShouldBe(1);
        Expect(report, "tool-calling", "fail", "gemma does not support tool calls", "ollama.com");
    }

    [Theory]
    [InlineData("localhost", false, false, "Check that it runs")]
    [InlineData("localhost", true, false, "host.docker.internal")]
    [InlineData("127.0.0.1", true, false, "host.docker.internal")]
    [InlineData("127.0.0.1", true, true, "the pod itself")]
    [InlineData("host.docker.internal", true, false, "OLLAMA_HOST=0.0.0.0")]
    [InlineData("192.168.1.20", true, false, "Check that it runs")]
    public void A_refused_connection_is_explained_for_where_the_service_runs(string host, bool isContainer, bool isKubernetes, string remedy) =>
        Reach.Refused(host, "HomeAssistant__BaseUrl", isContainer, isKubernetes).ShouldContain(remedy);

    [Fact]
    public async Task For_people_it_is_lines_and_colours_only_where_a_terminal_is()
    {
        var plain = new StringWriter();
        var coloured = new StringWriter();

        (await DoctorCommand.RunAsync(Builder(new()), plain, json: false, isTerminal: false, Cancellation)).ShouldBe(78);
        (await DoctorCommand.RunAsync(Builder(new()), coloured, json: false, isTerminal: true, Cancellation)).ShouldBe(78);

        plain.ToString().ShouldStartWith("fail  settings");
        plain.ToString().ShouldContain("ConnectionStrings__chat-model is not set.");
        plain.ToString().ShouldContain("→ Set it");
        plain.ToString().ShouldNotContain("\u001b");
        coloured.ToString().ShouldContain("\u001b[31mfail\u001b[0m");
    }

    private static Dictionary<string, string?> Home(RunningSimulator simulator) => new()
    {
        ["HomeAssistant:BaseUrl"] = simulator.BaseAddress.AbsoluteUri,
        ["HomeAssistant:AccessToken"] = simulator.AccessToken,
    };

    private static WebApplicationBuilder Builder(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "lucia.AgentHost", EnvironmentName = Environments.Production });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        return builder;
    }

    private static async Task<(int Code, JsonNode Report)> ExamineAsync(Dictionary<string, string?> settings)
    {
        var output = new StringWriter();
        var code = await DoctorCommand.RunAsync(Builder(settings), output, json: true, isTerminal: false, Cancellation);
        return (code, JsonNode.Parse(output.ToString(), documentOptions: new JsonDocumentOptions { AllowTrailingCommas = false })!);
    }

    private static JsonNode Check(JsonNode report, string name) => report["checks"]!.AsArray().Single(check => check!["name"]!.GetValue<string>() == name)!;

    private static void Expect(JsonNode report, string name, string status, string found, string? remedy = null)
    {
        var check = Check(report, name);
        check["status"]!.GetValue<string>().ShouldBe(status, check.ToJsonString());
        check["found"]!.GetValue<string>().ShouldContain(found);
        if (remedy is not null) check["remedy"]!.GetValue<string>().ShouldContain(remedy);
    }
}
