using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;
using Microsoft.AspNetCore.Http;

namespace Lucia.AgentHost.Tests.Models;

/// <summary>A chat model that is slow, over its limit, refuses, breaks off or talks nonsense.</summary>
public sealed class ModelTroubleTests(AiMock model)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rate_limit_is_waited_for_as_long_as_the_model_asks()
    {
        const string Message = "Answer after a pause";
        await model.TeachAsync(
            new { match = new { userMessage = Message, sequenceIndex = 0 }, response = new { error = new { message = "Slow down", type = "rate_limit" }, status = 429, retryAfter = 1 } },
            AiMock.Says(Message, "Now I can."));
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection() });

        (await lucia.ChatAsync(Message)).Response.ShouldBe("Now I can.");
        (await model.AskedAsync(Message)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_slow_first_token_is_waited_for()
    {
        const string Message = "Think before you speak";
        await model.TeachAsync(new
        {
            match = new { userMessage = Message },
            response = new { content = "Having thought, yes." },
            chunkSize = 6,
            streamingProfile = new { ttft = 700, tps = 200, jitter = 0 },
        });
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection() });

        (await lucia.StreamAsync(Message)).Text.ShouldBe("Having thought, yes.");
    }

    [Theory]
    [InlineData(500, HttpStatusCode.ServiceUnavailable, "failed with HTTP 500")]
    [InlineData(401, HttpStatusCode.BadGateway, "ConnectionStrings__chat_model")]
    [InlineData(403, HttpStatusCode.BadGateway, "ConnectionStrings__chat_model")]
    [InlineData(404, HttpStatusCode.BadGateway, "gpt-4o-mini")]
    [InlineData(400, HttpStatusCode.BadGateway, "HTTP 400")]
    public async Task A_failure_names_the_chat_model_and_the_way_out(int status, HttpStatusCode answered, string remedy)
    {
        var message = $"Fail with {status}";
        await model.TeachAsync(new { match = new { userMessage = message }, response = new { error = new { message = "No.", type = "error" }, status } });
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection() });

        using var response = await lucia.SayAsync(message);
        var streamed = await lucia.StreamAsync(message);

        response.StatusCode.ShouldBe(answered);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
        problem["status"]!.GetValue<int>().ShouldBe((int)answered);
        problem["detail"]!.GetValue<string>().ShouldStartWith("The chat model ");
        problem["detail"]!.GetValue<string>().ShouldContain(remedy);
        problem["traceId"]!.GetValue<string>().ShouldNotBeEmpty();
        streamed.Names.ShouldBe(["session", "error"]);
        streamed.Error["status"]!.GetValue<int>().ShouldBe((int)answered);
        streamed.Error["detail"]!.GetValue<string>().ShouldBe(problem["detail"]!.GetValue<string>());
        (await lucia.UntilComponentAsync("chatModel", "Degraded")).ShouldContain(remedy);
    }

    [Fact]
    public async Task A_wrong_key_is_said_in_a_way_that_can_be_mended()
    {
        await model.TeachAsync(AiMock.Says("Who goes there?", "Nobody."));
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection(key: "canary-of-a-wrong-key") });

        using var response = await lucia.SayAsync("Who goes there?");

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("refused the access key");
        lucia.Log.ToString().ShouldNotContain("canary");
    }

    [Fact]
    public async Task A_model_that_nobody_runs_is_said_with_its_address()
    {
        var port = FreePort.Next();
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = $"Endpoint=http://127.0.0.1:{port};Model=qwen3;Provider=ollama", Hurry = 20 });

        using var response = await lucia.SayAsync("Hello?");

        ((int)response.StatusCode).ShouldBeInRange(502, 503);
        var detail = (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["detail"]!.GetValue<string>();
        detail.ShouldContain($"http://127.0.0.1:{port}");
        detail.ShouldContain("ConnectionStrings__chat_model");
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_an_honest_error_and_what_was_done_is_kept()
    {
        const string Message = "Garage light on, then faint";
        await model.TeachAsync(
            AiMock.CallsWith(Message, "control_light", """{"entity_ids":["light.garage"],"state":"on"}"""),
            new
            {
                match = new { userMessage = Message, hasToolResult = true },
                response = new { content = "The garage light is on, and now I shall tell you all about it." },
                chunkSize = 5,
                latency = 20,
                truncateAfterChunks = 4,
            });
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection(), Home = simulator });

        var streamed = await lucia.StreamAsync(Message, "broken-off");

        streamed.Names.ShouldNotContain("done");
        streamed.Names[^1].ShouldBe("error");
        streamed.Error["status"]!.GetValue<int>().ShouldBe(503);
        streamed.Error["detail"]!.GetValue<string>().ShouldBe("The chat model broke off in the middle of its answer. Try again.");
        var turn = (await lucia.SessionAsync("broken-off"))!.Turns.ShouldHaveSingleItem();
        turn.Actions.ShouldHaveSingleItem().Success.ShouldBeTrue();
        turn.Assistant.ShouldStartWith("The ");
        simulator.House.State("light.garage")!.State.ShouldBe("on");
    }

    [Fact]
    public async Task A_stream_that_ends_without_saying_why_is_not_taken_for_a_whole_answer()
    {
        await using var recorder = await ModelRecorder.StartAsync((context, _) => ModelRecorder.StreamAsync(context, ModelRecorder.Chunk("I have turned")));
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = recorder.Connection("openai-compatible") });

        using var response = await lucia.SayAsync("All off");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("broke off");
    }

    [Theory]
    [InlineData("text/html", "<html><body>It works!</body></html>")]
    [InlineData("application/json", "{\"hello\":\"world\"}")]
    public async Task An_address_that_is_no_model_is_said_to_be_none(string type, string body)
    {
        await using var recorder = await ModelRecorder.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body);
        });
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = recorder.Connection("openai-compatible") });

        using var response = await lucia.SayAsync("Hello");

        ((int)response.StatusCode).ShouldBeInRange(502, 503);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("The chat model");
    }

    [Fact]
    public async Task A_model_that_says_nothing_is_answered_for()
    {
        await using var recorder = await ModelRecorder.StartAsync((context, _) => ModelRecorder.SayAsync(context, ""));
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = recorder.Connection("openai-compatible") });

        (await lucia.ChatAsync("Hello")).Response.ShouldBe("I have no answer to that. Please say it in other words.");
    }

    [Fact]
    public async Task A_model_that_never_answers_is_given_up()
    {
        await using var recorder = await ModelRecorder.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = recorder.Connection("openai-compatible"), Hurry = 60 });

        using var response = await lucia.SayAsync("Hello");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("did not answer within 120 seconds", customMessage: lucia.Log.ToString());
    }

    [Fact]
    public async Task A_model_that_falls_silent_in_the_middle_is_given_up()
    {
        await using var recorder = await ModelRecorder.StartAsync(async (context, _) =>
        {
            await ModelRecorder.StreamAsync(context, ModelRecorder.Chunk("Let me"));
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = recorder.Connection("openai-compatible"), Hurry = 40 });

        var streamed = await lucia.StreamAsync("Hello");

        streamed.Error["detail"]!.GetValue<string>().ShouldContain("did not answer in time");
    }
}
