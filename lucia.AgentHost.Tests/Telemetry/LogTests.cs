using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;
using Lucia.Simulator.Faults;
using Microsoft.AspNetCore.Http;

namespace Lucia.AgentHost.Tests.Telemetry;

/// <summary>No secret is in the log, however much is logged and whatever goes wrong.</summary>
public sealed class LogTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_is_logged_at_any_level_in_good_times_and_bad()
    {
        const string ApiKey = "canary-api-key-of-the-log";
        using var redis = await RedisServer.StartAsync(Cancellation);
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator) with
        {
            Redis = redis,
            ApiKey = ApiKey,
            More = new() { ["Logging:LogLevel:Default"] = "Trace" },
        });

        await lucia.ChatAsync("Turn on the kitchen ceiling light", "logged");
        simulator.Faults.Add(new Fault(FaultKind.HomeUnauthorized) { Count = 1 }, new Fault(FaultKind.ModelError) { Count = 1 }, new Fault(FaultKind.HomeError) { Count = 1 });
        using var failed = await lucia.SayAsync("Turn on the porch light", "logged");
        await lucia.ChatAsync("Turn on the porch light", "logged");
        redis.Kill();
        await lucia.ChatAsync("Turn off the porch light", "logged");
        // Without it the next connection stands before anybody has asked.
        simulator.Faults.Add(new Fault(FaultKind.HomeSocketDrop));
        using var control = simulator.CreateClient();
        (await control.PostAsync("/simulator/websockets/drop", null, Cancellation)).EnsureSuccessStatusCode();
        await lucia.UntilComponentAsync("homeAssistant", "Degraded");

        var log = lucia.Log.ToString();
        log.ShouldContain("Connected to Home Assistant");
        foreach (var secret in new[] { ApiKey, simulator.AccessToken, RedisServer.Password }) log.ShouldNotContain(secret);
    }

    [Fact]
    public async Task A_server_that_repeats_the_key_it_refused_does_not_bring_it_into_the_log()
    {
        await using var model = await ModelRecorder.StartAsync((context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync($$$"""{"error":{"message":"Incorrect API key provided: {{{ModelRecorder.Key}}}. It has expired.","type":"invalid_request_error"}}""");
        });
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection("openai-compatible") });

        using var response = await lucia.SayAsync("Hello");
        var streamed = await lucia.StreamAsync("Hello");

        lucia.Log.ToString().ShouldContain("It has expired.", customMessage: "the reason is worth a line");
        lucia.Log.ToString().ShouldNotContain(ModelRecorder.Key);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain(ModelRecorder.Key);
        streamed.Error.ToJsonString().ShouldNotContain(ModelRecorder.Key);
    }
}
