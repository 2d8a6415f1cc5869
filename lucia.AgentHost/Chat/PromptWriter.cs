using System.Globalization;
using Lucia.AgentHost.Agents;
using Lucia.AgentHost.Home;
using Lucia.AgentHost.Models;
using Lucia.AgentHost.Sessions;
using Lucia.Settings;
using Microsoft.Extensions.AI;

namespace Lucia.AgentHost.Chat;

/// <summary>Writes what the model is sent: who it is, where the user is, what was said before, and what is said now. Bounded.</summary>
internal sealed class PromptWriter(House house, LuciaSettings settings, TimeProvider time)
{
    /// <summary>Tool calls of so many turns are sent again; older turns only with what was said.</summary>
    private const int TurnsWithCalls = 4;

    private const int MostAreas = 60;

    public List<ChatMessage> Write(Agent agent, ChatRequest request, Conversation? before)
    {
        List<ChatMessage> messages = [new(ChatRole.System, Instructions(agent, request.Context))];
        var turns = before?.Turns ?? [];
        for (var i = 0; i < turns.Count; i++) Add(messages, turns[i], withCalls: i >= turns.Count - TurnsWithCalls);
        messages.Add(new(ChatRole.User, request.Message));
        return messages;
    }

    private string Instructions(Agent agent, ChatContext? context)
    {
        List<string> lines = [agent.Instructions.TrimEnd()];
        if (settings.HomeAssistant is null) lines.Add("- No home is connected: you cannot control or see any device. Say so when asked for it.");
        else if (house.Areas is { Count: > 0 } areas) lines.Add("The rooms are: " + string.Join(", ", areas.Take(MostAreas)) + ".");
        if (!string.IsNullOrWhiteSpace(context?.Area)) lines.Add($"The user is in the room \"{OneLine(context.Area)}\"; \"here\" means that room, and so does a device named without a room.");
        if (!string.IsNullOrWhiteSpace(context?.Language)) lines.Add($"Answer in the language with the tag {OneLine(context.Language)}.");
        lines.Add("It is " + time.GetLocalNow().ToString("dddd, yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + ".");
        return string.Join('\n', lines);
    }

    private static void Add(List<ChatMessage> messages, Turn turn, bool withCalls)
    {
        messages.Add(new(ChatRole.User, turn.User));
        if (withCalls)
            foreach (var call in turn.Calls)
            {
                messages.Add(new(ChatRole.Assistant, [OpenAIMessages.Call(call.Id, call.Name, call.Arguments)]));
                messages.Add(new(ChatRole.Tool, [new FunctionResultContent(call.Id, call.Result)]));
            }

        if (turn.Assistant.Length > 0) messages.Add(new(ChatRole.Assistant, turn.Assistant));
    }

    /// <summary>What a client sends must not become instructions of its own.</summary>
    private static string OneLine(string text) =>
        string.Concat(text.Trim().Take(80).Select(character => char.IsControl(character) || character == '"' ? ' ' : character));
}
