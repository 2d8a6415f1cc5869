using System.Diagnostics;
using System.Text.Json;
using Lucia.AgentHost.Chat;
using Lucia.AgentHost.Home;
using Lucia.AgentHost.Telemetry;
using Lucia.Settings;

namespace Lucia.AgentHost.Tools;

/// <summary>A tool that changes entities of one domain: resolves the ids, asks for confirmation where the user wants that, calls and reads back.</summary>
public abstract class ControlTool(string name, string description, string schema, string domain, House house, VerifiedServices services, LuciaSettings settings)
    : HomeTool(name, description, schema)
{
    /// <summary>One call cannot take more: a model that lists the whole house has misunderstood.</summary>
    private const int MostTargets = 50;

    public override async Task<ToolOutcome> InvokeAsync(ToolArguments arguments, ToolContext context, CancellationToken cancellation)
    {
        var ids = arguments.Texts("entity_ids").Concat(arguments.Texts("entity_id")).Distinct(StringComparer.Ordinal).ToList();
        if (ids.Count == 0) throw new ToolArgumentException("\"entity_ids\" is missing. Call find_entities to get entity ids.");
        if (ids.Count > MostTargets) throw new ToolArgumentException($"At most {MostTargets} entities in one call.");
        var change = Read(arguments);

        List<Result> results = [];
        List<string> toConfirm = [];
        List<(ServiceTarget Target, string Service)> calls = [];
        foreach (var id in ids)
        {
            if (house.Find(id) is not { } entity) results.Add(new(id, id, null, "There is no such entity. Entity ids come from find_entities.", Asked: false));
            else if (entity.Domain != domain) results.Add(new(id, entity.Name, entity.State, $"This is a {entity.Domain}, not a {domain}.", Asked: false));
            else if (NeedsConfirmation(entity, arguments, context))
            {
                toConfirm.Add(id);
                results.Add(new(id, entity.Name, entity.State, "The user must confirm this first. Ask, and call again with confirmed=true after the user has said yes.", Asked: false));
            }
            else if (change.Refuse(entity) is { } reason) results.Add(new(id, entity.Name, entity.State, reason));
            else calls.Add((change.For(entity), change.Service(entity)));
        }

        foreach (var call in calls.GroupBy(call => call.Service))
        {
            var targets = call.Select(one => one.Target).ToList();
            foreach (var outcome in await services.CallAsync(domain, call.Key, targets, call.Key == "turn_off" ? null : change.Data, cancellation))
                results.Add(new(outcome.Entity.Id, outcome.Entity.Name, outcome.State, outcome.Error));
        }

        Count(results);
        return new(Json(results), [.. results.Where(result => result.Asked).Select(Action)], toConfirm);
    }

    /// <summary>Reads what is to be changed out of the arguments.</summary>
    /// <exception cref="ToolArgumentException">They cannot be used.</exception>
    protected abstract Change Read(ToolArguments arguments);

    /// <summary>A model may claim a confirmation; it counts only when the user was asked in the turn before.</summary>
    private bool NeedsConfirmation(Entity entity, ToolArguments arguments, ToolContext context) =>
        settings.HomeAssistant!.ConfirmDomains.Any(asked => IsAmong(entity, asked))
        && !(arguments.Flag("confirmed") && context.AwaitingConfirmation.Contains(entity.Id));

    /// <summary>A domain, or <c>domain:device_class</c>.</summary>
    private static bool IsAmong(Entity entity, string asked) =>
        asked.Equals(entity.Domain, StringComparison.OrdinalIgnoreCase)
        || asked.Equals($"{entity.Domain}:{entity.Current.Text("device_class")}", StringComparison.OrdinalIgnoreCase);

    private ChatAction Action(Result result) => new(Name, result.Id, result.Name, result.Error is null, result.Error, result.State);

    private void Count(List<Result> results)
    {
        foreach (var result in results.Where(result => result.Asked))
            AgentTelemetry.Actions.Add(1, new TagList { { "gen_ai.tool.name", Name }, { "lucia.confirmed", result.Error is null } });
    }

    private static string Json(List<Result> results) => ToolJson.Object(writer =>
    {
        writer.WriteStartArray("results");
        foreach (var result in results)
        {
            writer.WriteStartObject();
            writer.WriteString("entity_id", result.Id);
            writer.WriteString("name", result.Name);
            writer.WriteBoolean("success", result.Error is null);
            if (result.State is not null) writer.WriteString("state", result.State);
            if (result.Error is not null) writer.WriteString("error", result.Error);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>What a call changes: the service for an entity, its data, and the state it should lead to.</summary>
    protected abstract record Change
    {
        /// <summary>Why an entity cannot do it; null when it can.</summary>
        public virtual string? Refuse(Entity entity) => null;

        public abstract string Service(Entity entity);

        public abstract ServiceTarget For(Entity entity);

        /// <summary>More properties of a call that turns on.</summary>
        public virtual Action<Utf8JsonWriter>? Data => null;

        /// <summary>A toggle becomes what it means now: only a named state can be confirmed.</summary>
        protected static bool WantsOn(string state, Entity entity) => state == "on" || (state == "toggle" && entity.State != "on");
    }

    // Asked is false for a mistake of the model, which it may still put right.
    private sealed record Result(string Id, string Name, string? State, string? Error, bool Asked = true);
}
