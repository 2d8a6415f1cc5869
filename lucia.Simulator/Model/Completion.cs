using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lucia.Simulator.Model;

/// <summary>A reply in the shapes of the chat completion API: whole, or as the chunks of a stream.</summary>
internal sealed partial class Completion(ChatRequest request, ModelReply reply, DateTimeOffset at)
{
    private const string Fingerprint = "fp_simulated";
    private readonly string _id = "chatcmpl-" + Guid.NewGuid().ToString("N");

    private string FinishReason => reply.Calls.Count > 0 ? "tool_calls" : "stop";

    /// <summary>About what a tokenizer would count; good enough to show that usage is passed on.</summary>
    public static int CountTokens(string text) => (text.Length + 3) / 4;

    public JsonObject Message()
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = reply.Text, ["refusal"] = null };
        if (reply.Calls.Count > 0)
            message["tool_calls"] = new JsonArray([.. reply.Calls.Select(call => Call(call, call.Arguments))]);
        return message;
    }

    public JsonObject ToJson() => new()
    {
        ["id"] = _id,
        ["object"] = "chat.completion",
        ["created"] = at.ToUnixTimeSeconds(),
        ["model"] = request.Model,
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = Message(),
            ["logprobs"] = null,
            ["finish_reason"] = FinishReason,
        }),
        ["usage"] = Usage(),
        ["system_fingerprint"] = Fingerprint,
    };

    /// <summary>Role first, then words or pieces of tool calls, then the reason for the end, and the usage if it was asked for.</summary>
    public IEnumerable<JsonObject> Chunks()
    {
        yield return Chunk(new JsonObject { ["role"] = "assistant", ["content"] = reply.Calls.Count > 0 ? null : "" });
        foreach (Match word in Word().Matches(reply.Text ?? ""))
            yield return Chunk(new JsonObject { ["content"] = word.Value });

        foreach (var (index, call) in reply.Calls.Index())
        {
            var first = Call(call, "");
            first["index"] = index;
            yield return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(first) });
            foreach (var piece in call.Arguments.Chunk(9))
            {
                yield return Chunk(new JsonObject
                {
                    ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = new string(piece) } }),
                });
            }
        }

        yield return Chunk([], FinishReason);
        if (request.IncludeUsage)
        {
            var last = Chunk([]);
            last["choices"] = new JsonArray();
            last["usage"] = Usage();
            yield return last;
        }
    }

    private static JsonObject Call(ToolCall call, string arguments) => new()
    {
        ["id"] = call.Id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = arguments },
    };

    private JsonObject Chunk(JsonObject delta, string? finishReason = null)
    {
        var chunk = new JsonObject
        {
            ["id"] = _id,
            ["object"] = "chat.completion.chunk",
            ["created"] = at.ToUnixTimeSeconds(),
            ["model"] = request.Model,
            ["system_fingerprint"] = Fingerprint,
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finishReason }),
        };
        if (request.IncludeUsage)
            chunk["usage"] = null;
        return chunk;
    }

    private JsonObject Usage()
    {
        var prompt = request.Messages.Sum(message => CountTokens(message.Text) + 4);
        var completion = CountTokens(reply.Text ?? "") + reply.Calls.Sum(call => CountTokens(call.Name + call.Arguments));
        return new JsonObject { ["prompt_tokens"] = prompt, ["completion_tokens"] = completion, ["total_tokens"] = prompt + completion };
    }

    [GeneratedRegex(@"\s*\S+\s*?")]
    private static partial Regex Word();
}
