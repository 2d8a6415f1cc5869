using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Lucia.AgentHost.Tools;

/// <summary>Something the chat model may ask for. Declared by hand: the schema is what a small model reads, so every word of it counts.</summary>
/// <param name="name">The name the model calls.</param>
/// <param name="description">When to use it, in a sentence or two.</param>
/// <param name="schema">JSON schema of the arguments.</param>
public abstract class HomeTool(string name, string description, string schema)
{
    public string Name { get; } = name;

    /// <summary>The declaration for the request to the model.</summary>
    public AIFunctionDeclaration Declaration { get; } = AIFunctionFactory.CreateDeclaration(name, description, Parse(schema));

    /// <summary>Runs the tool.</summary>
    /// <exception cref="ToolArgumentException">The arguments cannot be used; the message tells the model what to change.</exception>
    /// <exception cref="ServiceDefaults.DependencyException">The home did not answer.</exception>
    public abstract Task<ToolOutcome> InvokeAsync(ToolArguments arguments, ToolContext context, CancellationToken cancellation);

    private static JsonElement Parse(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return document.RootElement.Clone();
    }
}

/// <summary>What a tool knows of the turn it runs in.</summary>
/// <param name="Area">Where the speaker is; null when unknown.</param>
/// <param name="AwaitingConfirmation">What the user was asked to confirm in the turn before, by entity id.</param>
public sealed record ToolContext(string? Area, IReadOnlySet<string> AwaitingConfirmation);

/// <summary>What a tool did.</summary>
/// <param name="Json">The result for the model.</param>
/// <param name="Actions">What was changed, or was not, in the home: for the user.</param>
/// <param name="ToConfirm">Entities that the user must confirm before anything happens to them.</param>
public sealed record ToolOutcome(string Json, IReadOnlyList<Chat.ChatAction> Actions, IReadOnlyList<string> ToConfirm)
{
    public ToolOutcome(string json) : this(json, [], [])
    {
    }
}

/// <summary>Arguments that cannot be used. The message is for the model: what is wrong and what to send instead.</summary>
public sealed class ToolArgumentException(string message) : Exception(message);
