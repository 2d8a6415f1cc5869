using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Tests.Model;

/// <summary>
/// The other side of a chat: offers tools, carries out the model's calls against the simulated house, and keeps the conversation.
/// </summary>
internal sealed class ToolHouse(RunningSimulator simulator, HttpClient client)
{
    private static readonly JsonNode Tools = JsonNode.Parse("""
        [
          {"type":"function","function":{"name":"find_entities","description":"Finds entities of the home.","parameters":{"type":"object","properties":{
            "query":{"type":"string"},"area":{"type":"string"},"domain":{"type":"string"}}}}},
          {"type":"function","function":{"name":"control_light","description":"Controls lights.","parameters":{"type":"object","properties":{
            "entity_ids":{"type":"array","items":{"type":"string"}},"state":{"type":"string","enum":["on","off","toggle"]},
            "brightness_percent":{"type":"integer","minimum":1,"maximum":100},"color_temperature_kelvin":{"type":"integer"},"color_name":{"type":"string"}},
            "required":["entity_ids","state"]}}},
          {"type":"function","function":{"name":"control_switch","description":"Controls switches.","parameters":{"type":"object","properties":{
            "entity_ids":{"type":"array","items":{"type":"string"}},"state":{"type":"string","enum":["on","off","toggle"]}},"required":["entity_ids","state"]}}},
          {"type":"function","function":{"name":"get_state","description":"Reads states.","parameters":{"type":"object","properties":{
            "entity_ids":{"type":"array","items":{"type":"string"}}},"required":["entity_ids"]}}}
        ]
        """)!;

    private readonly JsonArray _messages = [];

    /// <summary>Tool calls of the last <see cref="SayAsync"/>, as <c>name {arguments}</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Answers instead of the house, when a tool is to fail.</summary>
    public Func<string, JsonObject, string?>? Instead { get; set; }

    public static JsonNode OfferedTools => Tools.DeepClone();

    public void System(string text) => _messages.Add(new JsonObject { ["role"] = "system", ["content"] = text });

    /// <summary>Forgets the tool calls of earlier turns, as a service does that keeps only the words.</summary>
    public void KeepWordsOnly()
    {
        foreach (var message in _messages.Where(message => message!["role"]!.GetValue<string>() == "tool" || message["tool_calls"] is not null).ToList())
            _messages.Remove(message);
    }

    public async Task<string> SayAsync(string text, CancellationToken cancel, int rounds = 12)
    {
        Calls.Clear();
        _messages.Add(new JsonObject { ["role"] = "user", ["content"] = text });
        for (var round = 0; round < rounds; round++)
        {
            using var response = await client.PostAsJsonAsync(
                "/v1/chat/completions", new JsonObject { ["model"] = "simulated-house", ["messages"] = _messages.DeepClone(), ["tools"] = OfferedTools }, cancel);
            response.EnsureSuccessStatusCode();
            var message = (await response.Content.ReadFromJsonAsync<JsonNode>(cancel))!["choices"]![0]!["message"]!;
            _messages.Add(message.DeepClone());
            if (message["tool_calls"] is not JsonArray calls)
                return message["content"]!.GetValue<string>();
            foreach (var call in calls)
            {
                var name = call!["function"]!["name"]!.GetValue<string>();
                var arguments = call["function"]!["arguments"]!.GetValue<string>();
                Calls.Add($"{name} {arguments}");
                _messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = call["id"]!.GetValue<string>(), ["content"] = await RunAsync(name, arguments, cancel) });
            }
        }

        return "(no end)";
    }

    private async Task<string> RunAsync(string name, string text, CancellationToken cancel)
    {
        JsonObject arguments;
        try
        {
            arguments = JsonNode.Parse(text)!.AsObject();
        }
        catch (global::System.Text.Json.JsonException)
        {
            return """{"error":"The arguments are not valid JSON."}""";
        }

        if (Instead?.Invoke(name, arguments) is { } answer)
            return answer;
        return name switch
        {
            "find_entities" => Find(arguments).ToJsonString(),
            "get_state" => new JsonObject { ["entities"] = new JsonArray([.. Entities().Where(entity => Ids(arguments).Contains(entity["entity_id"]!.GetValue<string>()))]) }.ToJsonString(),
            "control_light" or "control_switch" => (await ControlAsync(arguments, cancel)).ToJsonString(),
            _ => $$"""{"error":"There is no tool {{name}}."}""",
        };
    }

    private JsonObject Find(JsonObject wanted)
    {
        var words = (wanted["query"]?.GetValue<string>() ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = Entities().Where(entity =>
            (wanted["domain"] is not { } domain || entity["domain"]!.GetValue<string>() == domain.GetValue<string>())
            && (wanted["area"] is not { } area || entity["area"]!.GetValue<string>().Equals(area.GetValue<string>(), StringComparison.OrdinalIgnoreCase))
            && (words.Length == 0 || words.Any(word => $"{entity["name"]} {entity["area"]}".Contains(word, StringComparison.OrdinalIgnoreCase)))).ToList();
        return new JsonObject { ["entities"] = new JsonArray([.. found]), ["total"] = found.Count, ["truncated"] = false };
    }

    private IEnumerable<JsonObject> Entities() => simulator.House.Entities.Where(entity => entity.Exposed).Select(entity =>
    {
        var state = simulator.House.State(entity.EntityId)!;
        return new JsonObject
        {
            ["entity_id"] = entity.EntityId,
            ["name"] = entity.FriendlyName,
            ["area"] = simulator.House.AreaOf(entity)?.Name ?? "",
            ["domain"] = state.Domain,
            ["state"] = state.State,
            ["attributes"] = state.Attributes.DeepClone(),
        };
    });

    private async Task<JsonObject> ControlAsync(JsonObject arguments, CancellationToken cancel)
    {
        var results = new JsonArray();
        foreach (var id in Ids(arguments))
        {
            if (simulator.House.State(id) is null)
            {
                results.Add(new JsonObject { ["entity_id"] = id, ["success"] = false, ["error"] = "there is no such entity" });
                continue;
            }

            var wanted = arguments["state"]!.GetValue<string>();
            var data = new JsonObject { ["entity_id"] = id };
            foreach (var (from, to) in new[] { ("brightness_percent", "brightness_pct"), ("color_temperature_kelvin", "color_temp_kelvin"), ("color_name", "color_name") })
            {
                if (arguments[from] is { } value)
                    data[to] = value.DeepClone();
            }

            using var response = await client.PostAsJsonAsync($"/api/services/{id.Split('.')[0]}/{(wanted == "toggle" ? wanted : "turn_" + wanted)}", data, cancel);
            var state = simulator.House.State(id)!;
            var success = response.IsSuccessStatusCode && (wanted == "toggle" || state.State == wanted);
            results.Add(new JsonObject
            {
                ["entity_id"] = id,
                ["name"] = state.Attributes["friendly_name"]!.DeepClone(),
                ["success"] = success,
                ["state"] = state.State,
                ["error"] = success ? null : "the state did not change",
            });
        }

        return new JsonObject { ["results"] = results };
    }

    private static List<string> Ids(JsonObject arguments) => [.. arguments["entity_ids"]!.AsArray().Select(id => id!.GetValue<string>())];
}
