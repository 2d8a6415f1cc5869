using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;
using Lucia.Simulator.Faults;

namespace Lucia.AgentHost.Tests.Telemetry;

/// <summary>What a turn leaves in traces and metrics: enough to find out what happened, nothing of what was said.</summary>
public sealed class TraceTests
{
    private const string Message = "Turn on the kitchen ceiling light";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_turn_is_one_trace_from_the_request_down_to_redis()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with { Redis = redis });
        using var trace = new Trace();

        using var response = await SayAsync(lucia, trace, Message);

        response.EnsureSuccessStatusCode();
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain(trace.Id, customMessage: "the reply names its trace");
        await Eventually.TrueAsync(() => trace.Activities.Any(activity => activity.DisplayName == "POST /api/chat"), "the request has ended");
        trace.PathOf(trace.Find("chat simulated-house")).ShouldBe(["POST /api/chat", "invoke_agent home", "chat simulated-house"]);
        trace.PathOf(trace.Find("execute_tool find_entities")).ShouldBe(["POST /api/chat", "invoke_agent home", "execute_tool find_entities"]);
        trace.PathOf(trace.Find("home light.turn_on")).ShouldBe(["POST /api/chat", "invoke_agent home", "execute_tool control_light", "home light.turn_on"]);
        trace.PathOf(trace.Find("redis read session")).ShouldBe(["POST /api/chat", "invoke_agent home", "redis read session"]);
        trace.PathOf(trace.Find("redis write session")).ShouldBe(["POST /api/chat", "invoke_agent home", "redis write session"]);
        trace.Activities.Count(activity => activity.DisplayName == "chat simulated-house").ShouldBe(3, "find, control, answer");
        trace.Activities.ShouldAllBe(activity => activity.GetTagItem("error.type") == null);
        var chat = trace.Find("chat simulated-house");
        chat.Kind.ShouldBe(ActivityKind.Client);
        chat.GetTagItem("gen_ai.operation.name").ShouldBe("chat");
        chat.GetTagItem("gen_ai.usage.input_tokens").ShouldBeOfType<long>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_calls_to_the_model_and_the_home_carry_the_trace_on()
    {
        await using var model = await ModelRecorder.StartAsync((context, _) => ModelRecorder.SayAsync(context, "Hello."));
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection("openai-compatible") });
        using var trace = new Trace();

        (await SayAsync(lucia, trace, "Hello")).EnsureSuccessStatusCode();

        model.Requests.ShouldHaveSingleItem().Headers["traceparent"].ShouldContain(trace.Id);
    }

    [Fact]
    public async Task A_failure_is_marked_where_it_happened()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(FaultKind.HomeError) { Count = 1 });
        using var trace = new Trace();

        (await SayAsync(lucia, trace, Message)).EnsureSuccessStatusCode();

        trace.Find("home light.turn_on").GetTagItem("error.type").ShouldBe("500");
        trace.Find("home light.turn_on").Status.ShouldBe(ActivityStatusCode.Error);
        trace.Find("execute_tool control_light").GetTagItem("error.type").ShouldBe("not_confirmed");
        trace.Find("invoke_agent home").GetTagItem("error.type").ShouldBeNull("the turn itself went well");
    }

    [Theory]
    [InlineData(FaultKind.ModelError, "500")]
    [InlineData(FaultKind.ModelCutOff, "EndOfStreamException")]
    public async Task A_failure_of_the_model_fails_the_turn(FaultKind kind, string error)
    {
        // At a pace: what is written just before a connection is reset is lost with it.
        await using var simulator = await RunningSimulator.StartAsync(tokensPerSecond: 50, cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(kind));
        using var trace = new Trace();

        using var response = await SayAsync(lucia, trace, "hello");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await Eventually.TrueAsync(() => trace.Activities.Any(activity => activity.DisplayName == "POST /api/chat"), "the request has ended");
        foreach (var name in new[] { "chat simulated-house", "invoke_agent home" })
        {
            trace.Find(name).GetTagItem("error.type").ShouldBe(error);
            trace.Find(name).Status.ShouldBe(ActivityStatusCode.Error);
        }

        trace.Find("POST /api/chat").Status.ShouldBe(ActivityStatusCode.Error);
    }

    [Fact]
    public async Task Nothing_that_was_said_and_no_secret_is_in_a_trace()
    {
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with { Redis = redis, ApiKey = "canary-api-key-of-a-trace" });
        using var trace = new Trace();

        foreach (var message in new[] { Message, "Turn on the unicorn lantern" })
            (await SayAsync(lucia, trace, message)).EnsureSuccessStatusCode();
        simulator.Faults.Add(new Fault(FaultKind.ModelError) { Count = 1 });
        (await SayAsync(lucia, trace, Message)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        var told = string.Join('\n', trace.Activities.SelectMany(activity => (string[])
        [
            activity.DisplayName,
            activity.StatusDescription ?? "",
            .. activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"),
            .. activity.Events.SelectMany(happened => happened.Tags.Select(tag => $"{happened.Name} {tag.Key}={tag.Value}")),
            .. activity.Baggage.Select(item => $"{item.Key}={item.Value}"),
        ]));
        told.ShouldContain("gen_ai.request.model=simulated-house");
        foreach (var secret in new[] { "unicorn", Message, "Kitchen ceiling", simulator.AccessToken, RedisServer.Password, "canary" })
            told.ShouldNotContain(secret, Case.Insensitive);
    }

    [Fact]
    public async Task A_turn_is_measured_in_seconds_tokens_and_actions()
    {
        var measured = new ConcurrentQueue<(string Name, string Tags)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == "Lucia.AgentHost") meters.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with
        {
            ChatModel = simulator.ChatModelConnectionString.Replace("simulated-house", "measured-house", StringComparison.Ordinal),
        });

        await lucia.ChatAsync(Message);
        simulator.Faults.Add(new Fault(FaultKind.ModelError) { Count = 1 });
        using var failed = await lucia.SayAsync(Message);

        // Other tests run beside this one; the model's name tells its own measurements apart.
        var own = measured.Where(one => one.Tags.Contains("measured-house", StringComparison.Ordinal)).ToList();
        own.ShouldContain(one => one.Name == "gen_ai.client.operation.duration" && !one.Tags.Contains("error.type", StringComparison.Ordinal));
        own.ShouldContain(one => one.Name == "gen_ai.client.operation.duration" && one.Tags.Contains("error.type=500", StringComparison.Ordinal));
        own.ShouldContain(one => one.Name == "gen_ai.client.token.usage" && one.Tags.Contains("gen_ai.token.type=input", StringComparison.Ordinal));
        own.ShouldContain(one => one.Name == "gen_ai.client.token.usage" && one.Tags.Contains("gen_ai.token.type=output", StringComparison.Ordinal));
        measured.ShouldContain(one => one.Name == "lucia.actions" && one.Tags.Contains("control_light", StringComparison.Ordinal));
        measured.ShouldContain(one => one.Name == "lucia.home.call.duration" && one.Tags.Contains("light.turn_on", StringComparison.Ordinal));
        measured.ShouldAllBe(one => !one.Tags.Contains(Message, StringComparison.Ordinal));

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            List<string> told = [];
            foreach (var tag in tags) told.Add($"{tag.Key}={tag.Value}");
            measured.Enqueue((instrument.Name, string.Join(' ', told)));
        }
    }

    private static Task<HttpResponseMessage> SayAsync(RunningLucia lucia, Trace trace, string message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat") { Content = JsonContent.Create(new { message }) };
        request.Headers.Add("traceparent", trace.Parent);
        return lucia.Http.SendAsync(request, Cancellation);
    }
}
