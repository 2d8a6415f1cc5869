using System.Text.Json.Nodes;
using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;
using Lucia.Simulator.Faults;

namespace Lucia.AgentHost.Tests.Chat;

/// <summary>What small models do, and what the user gets all the same.</summary>
public sealed class MisbehavingModelTests
{
    private const string Message = "Turn on the kitchen ceiling light";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_printed_call_is_run_and_never_shown()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(FaultKind.ModelToolCallAsText));

        var streamed = await lucia.StreamAsync(Message);

        streamed.Of("action").ShouldHaveSingleItem().Json["success"]!.GetValue<bool>().ShouldBeTrue();
        streamed.Text.ShouldNotContain("tool_call");
        streamed.Text.ShouldNotContain("{");
        simulator.House.State("light.kitchen_ceiling")!.State.ShouldBe("on");
    }

    [Fact]
    public async Task A_call_printed_after_some_words_is_run_and_only_the_words_are_shown()
    {
        await using var model = await ModelRecorder.StartAsync((context, body) => body["messages"]!.AsArray().Any(message => message!["role"]!.GetValue<string>() == "tool")
            ? ModelRecorder.SayAsync(context, "The porch is lit.")
            : ModelRecorder.StreamAsync(
                context,
                ModelRecorder.Chunk("One moment. <tool"),
                ModelRecorder.Chunk("""_call>{"name":"control_light","arguments":{"entity_ids":["light.porch"],"""),
                ModelRecorder.Chunk("\"state\":\"on\"}}</tool_call>\n"),
                """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""));
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection("openai-compatible"), Home = simulator });

        var streamed = await lucia.StreamAsync("Porch on, in your own way");

        streamed.Text.ShouldBe("One moment. \n\nThe porch is lit.");
        streamed.Of("action").ShouldHaveSingleItem().Json["success"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("single-quotes")]
    [InlineData("trailing-comma")]
    [InlineData("prose")]
    public async Task Malformed_arguments_do_not_keep_the_light_from_going_on(string variant)
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(FaultKind.ModelMalformedArguments) { Count = 1, Variant = variant });

        var reply = await lucia.ChatAsync(Message);

        if (variant != "truncated") reply.Actions.ShouldHaveSingleItem().Success.ShouldBeTrue(reply.Response);
        reply.Response.ShouldNotContain("{");
        simulator.House.State("light.kitchen_ceiling")!.State.ShouldBe(reply.Actions.Count == 1 ? "on" : "off");
    }

    [Fact]
    public async Task A_model_that_goes_in_circles_is_stopped()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(FaultKind.ModelLoops));

        var reply = await lucia.ChatAsync(Message);

        reply.Response.ShouldBe("I have no answer to that. Please say it in other words.");
        using var control = simulator.CreateClient();
        JsonNode.Parse(await control.GetStringAsync("/simulator/journal", Cancellation))!["modelRequests"]!.AsArray().Count.ShouldBe(8);
        lucia.Log.ToString().ShouldContain("still called tools after 8 rounds");
    }

    [Fact]
    public async Task A_tool_that_there_is_not_is_answered_with_those_there_are()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(FaultKind.ModelUnknownTool) { Count = 1 });

        await lucia.ChatAsync(Message);

        using var control = simulator.CreateClient();
        var requests = JsonNode.Parse(await control.GetStringAsync("/simulator/journal", Cancellation))!["modelRequests"]!.AsArray();
        var result = requests[1]!["request"]!["messages"]!.AsArray()[^1]!["content"]!.GetValue<string>();
        result.ShouldContain("There is no tool of that name. The tools are find_entities, get_state, control_light, control_switch.");
    }

    [Fact]
    public async Task Far_too_many_calls_at_once_are_answered_and_bounded()
    {
        var calls = new JsonArray([.. Enumerable.Range(0, 40).Select(number => (JsonNode)new JsonObject
        {
            ["index"] = number,
            ["id"] = $"call_{number}",
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = "find_entities", ["arguments"] = "{}" },
        })]);
        var chunk = new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["tool_calls"] = calls }, ["finish_reason"] = "tool_calls" }) };
        await using var model = await ModelRecorder.StartAsync((context, body) => body["messages"]!.AsArray().Any(message => message!["role"]!.GetValue<string>() == "tool")
            ? ModelRecorder.SayAsync(context, "Enough.")
            : ModelRecorder.StreamAsync(context, chunk.ToJsonString(), "[DONE]"));
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection("openai-compatible"), Home = simulator });

        (await lucia.ChatAsync("Everything at once")).Response.ShouldBe("Enough.");

        var results = model.Requests.Last().Body["messages"]!.AsArray().Where(message => message!["role"]!.GetValue<string>() == "tool").ToList();
        results.Count.ShouldBe(40, "a call without a result makes the next request invalid");
        results.Count(result => result!["content"]!.GetValue<string>().Contains("Too many calls", StringComparison.Ordinal)).ShouldBe(24);
    }
}
