using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lucia.Simulator.Tests.Model;

namespace Lucia.Simulator.Tests.Faults;

public sealed class ModelFaultTests : SimulatorTest
{
    [Fact]
    public async Task A_rate_limit_names_the_time_to_wait_and_is_over_after_its_count()
    {
        await FaultAsync("""{"kind":"model-rate-limit","count":1,"retryAfterSeconds":2}""");

        using var first = await AskAsync("hello");
        using var second = await AskAsync("hello");

        first.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        first.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        (await JsonOf(first))["error"]!["code"]!.GetValue<string>().ShouldBe("rate_limit_exceeded");
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_error_lasts_until_it_is_cleared_and_only_where_it_matches()
    {
        await FaultAsync("""{"kind":"model-error","match":"KITCHEN"}""");
        for (var i = 0; i < 3; i++)
        {
            using var failing = await AskAsync("turn on the kitchen light");
            failing.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        }

        using var other = await AskAsync("hello");
        other.StatusCode.ShouldBe(HttpStatusCode.OK);

        (await Client.DeleteAsync("/simulator/faults", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var cleared = await AskAsync("turn on the kitchen light");
        cleared.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_slow_model_keeps_its_client_waiting()
    {
        await FaultAsync("""{"kind":"model-slow","milliseconds":60000}""");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var asking = Client.PostAsync("/v1/chat/completions", Body("hello", false), patience.Token);
        while ((await GetAsync("/simulator/faults"))["faults"]!.AsArray().Count == 0 || (await GetAsync("/simulator/journal"))["modelRequests"]!.AsArray().Count == 0)
            Cancel.ThrowIfCancellationRequested();

        asking.IsCompleted.ShouldBeFalse();
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asking);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("single-quotes")]
    [InlineData("trailing-comma")]
    [InlineData("prose")]
    public async Task Malformed_arguments_are_not_JSON_and_the_model_calls_again_when_told(string variant)
    {
        await FaultAsync($$"""{"kind":"model-malformed-arguments","count":1,"variant":"{{variant}}"}""");
        var house = new ToolHouse(Simulator, Client);

        var answer = await house.SayAsync("turn on the kitchen light", Cancel);

        var malformed = house.Calls[0]["find_entities ".Length..];
        Should.Throw<JsonException>(() => JsonNode.Parse(malformed));
        malformed.ShouldContain("kitchen");
        answer.ShouldBe("Kitchen ceiling is now on.");
    }

    [Fact]
    public async Task A_tool_call_can_come_as_text()
    {
        await FaultAsync("""{"kind":"model-tool-call-as-text","count":1}""");

        using var response = await AskAsync("turn on the kitchen light");

        var message = (await JsonOf(response))["choices"]![0]!["message"]!;
        message["tool_calls"].ShouldBeNull();
        message["content"]!.GetValue<string>().ShouldBe("""
            <tool_call>
            {"name":"find_entities","arguments":{"query":"kitchen","domain":"light"}}
            </tool_call>
            """.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_off_answer_breaks_the_connection_in_the_middle(bool stream)
    {
        await FaultAsync("""{"kind":"model-cut-off","count":1}""");

        await Should.ThrowAsync<HttpRequestException>(async () =>
        {
            using var response = await Client.PostAsync("/v1/chat/completions", Body("help", stream), Cancel);
            var text = await response.Content.ReadAsStringAsync(Cancel);
            text.ShouldContain("[DONE]");
        });
    }

    [Fact]
    public async Task The_model_can_claim_to_be_done_without_a_call()
    {
        await FaultAsync("""{"kind":"model-claims-done"}""");
        var house = new ToolHouse(Simulator, Client);

        (await house.SayAsync("turn on the kitchen light", Cancel)).ShouldBe("Done!");

        house.Calls.ShouldBeEmpty();
        Simulator.House.State("light.kitchen_ceiling")!.State.ShouldBe("off");
    }

    [Fact]
    public async Task The_model_can_call_tools_for_ever()
    {
        await FaultAsync("""{"kind":"model-loops"}""");
        var house = new ToolHouse(Simulator, Client);

        (await house.SayAsync("turn on the kitchen light", Cancel, rounds: 30)).ShouldBe("(no end)");

        house.Calls.Count.ShouldBe(30);
    }

    [Fact]
    public async Task The_model_can_call_a_tool_that_nobody_offered()
    {
        await FaultAsync("""{"kind":"model-unknown-tool","count":1}""");
        var house = new ToolHouse(Simulator, Client);

        (await house.SayAsync("turn on the kitchen light", Cancel)).ShouldBe("Kitchen ceiling is now on.");

        house.Calls[0].ShouldStartWith("do_find_entities_now ");
    }

    [Fact]
    public async Task The_model_can_name_an_entity_that_does_not_exist()
    {
        await FaultAsync("""{"kind":"model-unknown-entity","count":1}""");
        var house = new ToolHouse(Simulator, Client);

        await house.SayAsync("turn on the kitchen light", Cancel);

        house.Calls.ShouldContain("""control_light {"entity_ids":["light.does_not_exist"],"state":"on"}""");
        house.Calls[^1].ShouldBe("""control_light {"entity_ids":["light.kitchen_ceiling"],"state":"on"}""");
    }

    private Task<HttpResponseMessage> AskAsync(string text) => Client.PostAsync("/v1/chat/completions", Body(text, false), Cancel);

    private static StringContent Body(string text, bool stream) => new(
        new JsonObject
        {
            ["model"] = "m",
            ["stream"] = stream,
            ["tools"] = ToolHouse.OfferedTools,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
        }.ToJsonString(),
        null,
        "application/json");

    private static async Task<JsonNode> JsonOf(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
}
