using System.Text.Json.Nodes;
using Lucia.Simulator.Faults;

namespace Lucia.Simulator.Model;

/// <summary>Spoils the model's answers in the ways that small models spoil theirs.</summary>
internal static class MisbehavingModel
{
    private const string NoSuchEntity = "light.does_not_exist";

    private static readonly FaultKind[] AnyTime = [FaultKind.ModelLoops];

    private static readonly FaultKind[] WhenCallingTools =
    [
        FaultKind.ModelMalformedArguments, FaultKind.ModelToolCallAsText, FaultKind.ModelClaimsDone, FaultKind.ModelUnknownTool, FaultKind.ModelUnknownEntity,
    ];

    /// <summary>The answer as it would be, or as the next fault that is due makes it.</summary>
    public static ModelReply Spoil(ModelReply reply, ChatRequest request, FaultBook faults)
    {
        var said = request.Messages.LastOrDefault(message => message.Role == "user")?.Text ?? "";
        if (request.Tools.Count > 0 && faults.Take(said, AnyTime) is not null)
        {
            // Always the same call under another id: what a model does that has lost its thread.
            var tool = request.Tools.FirstOrDefault(tool => tool.IsSearch) ?? request.Tools[0];
            return new ModelReply(null, [new ToolCall($"call_loop{request.Messages.Count}", tool.Name, """{"query":"light"}""")]);
        }

        if (reply.Calls.Count == 0)
            return reply;

        // A wrong entity id can only stand where ids are asked for; the search before it goes as it should.
        var ids = reply.Calls.Any(call => IdsOf(request, call) is not null);
        var due = faults.Take(said, ids ? WhenCallingTools : WhenCallingTools[..^1]);
        return due?.Kind switch
        {
            FaultKind.ModelClaimsDone => ModelReply.Say(new Phrases(Vocabulary.IsGerman(Vocabulary.Tokens(said))).ClaimedDone),
            FaultKind.ModelToolCallAsText => ModelReply.Say(string.Join('\n', reply.Calls.Select(call =>
                "<tool_call>\n" + Json.Text(new JsonObject { ["name"] = call.Name, ["arguments"] = Json.TryParse(call.Arguments) }) + "\n</tool_call>"))),
            FaultKind.ModelUnknownTool => reply with { Calls = [.. reply.Calls.Select(call => call with { Name = "do_" + call.Name + "_now" })] },
            FaultKind.ModelUnknownEntity => reply with { Calls = [.. reply.Calls.Select(call => WithUnknownEntity(request, call))] },
            FaultKind.ModelMalformedArguments => reply with { Calls = [.. reply.Calls.Select(call => call with { Arguments = Malform(call.Arguments, due.Variant) })] },
            _ => reply,
        };
    }

    private static string? IdsOf(ChatRequest request, ToolCall call) => request.Tools.FirstOrDefault(tool => tool.Name == call.Name)?.Ids;

    private static ToolCall WithUnknownEntity(ChatRequest request, ToolCall call)
    {
        if (IdsOf(request, call) is not { } ids || Json.TryParse(call.Arguments) is not JsonObject arguments)
            return call;
        arguments[ids] = arguments[ids] is JsonArray ? new JsonArray(NoSuchEntity) : NoSuchEntity;
        return call with { Arguments = Json.Text(arguments) };
    }

    private static string Malform(string arguments, string variant) => variant switch
    {
        "single-quotes" => arguments.Replace('"', '\''),
        "trailing-comma" => arguments.EndsWith('}') ? arguments[..^1] + ",}" : arguments,
        "prose" => $"Sure, here are the arguments:\n```json\n{arguments}\n```\nLet me know if you need anything else.",
        _ => arguments[..Math.Max(1, arguments.Length - 3)],
    };
}
