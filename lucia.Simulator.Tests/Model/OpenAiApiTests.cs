using System.Buffers.Binary;
using System.Net;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Tests.Model;

public sealed class OpenAiApiTests : SimulatorTest
{
    [Fact]
    public async Task A_wrong_key_is_refused_in_OpenAIs_shape_and_never_echoed()
    {
        using var client = Anonymous("sk-wrong-key");

        using var response = await client.GetAsync("/v1/models", Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        JsonNode.Parse(text)!["error"]!["code"]!.GetValue<string>().ShouldBe("invalid_api_key");
        text.ShouldNotContain("sk-wrong-key");
    }

    [Fact]
    public async Task The_models_are_listed() =>
        (await GetAsync("/v1/models"))["data"]!.AsArray().Select(model => model!["id"]!.GetValue<string>()).ShouldBe(["simulated-house", "simulated-embedding"]);

    [Theory]
    [InlineData("{", "parse")]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", "model")]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"model":"m","model":"n","messages":[]}""", "parse")]
    public async Task A_bad_request_says_what_is_wrong(string body, string names)
    {
        using var response = await Client.PostAsync("/v1/chat/completions", new StringContent(body, null, "application/json"), Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!["error"]!["message"]!.GetValue<string>().ShouldContain(names);
    }

    [Fact]
    public async Task A_stream_has_role_words_reason_usage_and_an_end()
    {
        var events = await StreamAsync(new JsonObject
        {
            ["model"] = "m",
            ["stream"] = true,
            ["stream_options"] = new JsonObject { ["include_usage"] = true },
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "help" }),
        });

        events[^1].ShouldBe("[DONE]");
        var chunks = events.SkipLast(1).Select(text => JsonNode.Parse(text)!).ToList();
        chunks[0]["choices"]![0]!["delta"]!["role"]!.GetValue<string>().ShouldBe("assistant");
        chunks.Count.ShouldBeGreaterThan(10);
        string.Concat(chunks.SkipLast(1).Select(chunk => chunk["choices"]![0]!["delta"]!["content"]?.GetValue<string>())).ShouldStartWith("I am a simulated model: I understand");
        chunks[^2]["choices"]![0]!["finish_reason"]!.GetValue<string>().ShouldBe("stop");
        chunks[^1]["choices"]!.AsArray().ShouldBeEmpty();
        chunks[^1]["usage"]!["total_tokens"]!.GetValue<int>().ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task A_streamed_tool_call_comes_in_pieces_that_make_JSON()
    {
        var events = await StreamAsync(new JsonObject
        {
            ["model"] = "m",
            ["stream"] = true,
            ["tools"] = ToolHouse.OfferedTools,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "turn on the coffee machine and the kitchen light" }),
        });

        var deltas = events.SkipLast(1).Select(text => JsonNode.Parse(text)!["choices"]![0]!).ToList();
        var pieces = deltas.Select(choice => choice["delta"]!["tool_calls"]?[0]).OfType<JsonNode>().ToList();
        foreach (var call in pieces.GroupBy(piece => piece["index"]!.GetValue<int>()))
        {
            call.Count().ShouldBeGreaterThan(2);
            call.First()["id"]!.GetValue<string>().ShouldStartWith("call_");
            call.First()["function"]!["name"]!.GetValue<string>().ShouldBe("find_entities");
            JsonNode.Parse(string.Concat(call.Select(piece => piece["function"]!["arguments"]!.GetValue<string>()))).ShouldNotBeNull();
        }

        pieces.Select(piece => piece["index"]!.GetValue<int>()).Distinct().ShouldBe([0, 1]);
        deltas[^1]["finish_reason"]!.GetValue<string>().ShouldBe("tool_calls");
    }

    [Fact]
    public async Task Embeddings_of_similar_names_are_near_and_the_same_every_time()
    {
        var vectors = await EmbedAsync("kitchen light", "Kitchen ceiling light", "bedroom window", "kitchen light");

        vectors[0].ShouldBe(vectors[3]);
        Math.Sqrt(vectors[0].Sum(value => value * value)).ShouldBe(1, 1e-4);
        Nearness(vectors[0], vectors[1]).ShouldBeGreaterThan(0.5);
        Nearness(vectors[0], vectors[2]).ShouldBeLessThan(0.3);
    }

    [Fact]
    public async Task Base64_embeddings_hold_the_same_floats()
    {
        var floats = (await EmbedAsync("floor lamp"))[0];

        var answer = await PostForJsonAsync("/v1/embeddings", new JsonObject { ["model"] = "simulated-embedding", ["input"] = "floor lamp", ["encoding_format"] = "base64" });

        var bytes = Convert.FromBase64String(answer["data"]![0]!["embedding"]!.GetValue<string>());
        Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * 4))).ShouldBe(floats);
        answer["usage"]!["prompt_tokens"]!.GetValue<int>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_embedding_request_without_input_is_refused()
    {
        using var response = await PostAsync("/v1/embeddings", new JsonObject { ["model"] = "m", ["input"] = new JsonArray() });

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<List<float[]>> EmbedAsync(params string[] texts)
    {
        var answer = await PostForJsonAsync("/v1/embeddings", new JsonObject
        {
            ["model"] = "simulated-embedding",
            ["input"] = new JsonArray([.. texts.Select(text => (JsonNode)text)]),
        });
        return [.. answer["data"]!.AsArray().Select(item => item!["embedding"]!.AsArray().Select(value => value!.GetValue<float>()).ToArray())];
    }

    private async Task<List<string>> StreamAsync(JsonNode body)
    {
        using var response = await PostAsync("/v1/chat/completions", body);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var text = await response.Content.ReadAsStringAsync(Cancel);
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block => block["data: ".Length..])];
    }

    private static double Nearness(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
