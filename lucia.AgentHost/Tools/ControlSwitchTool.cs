using Lucia.AgentHost.Home;
using Lucia.Settings;

namespace Lucia.AgentHost.Tools;

/// <summary>Turns switches on and off.</summary>
public sealed class ControlSwitchTool(House house, VerifiedServices services, LuciaSettings settings) : ControlTool(
    "control_switch",
    "Turns switches, plugs and outlets on or off. The result says for each of them whether the home confirmed it.",
    """
    {
      "type": "object",
      "properties": {
        "entity_ids": { "type": "array", "items": { "type": "string" }, "description": "Entity ids from find_entities, each beginning with switch." },
        "state": { "type": "string", "enum": ["on", "off", "toggle"] },
        "confirmed": { "type": "boolean", "description": "Only true when the user was asked to confirm and said yes." }
      },
      "required": ["entity_ids", "state"],
      "additionalProperties": false
    }
    """,
    "switch", house, services, settings)
{
    protected override Change Read(ToolArguments arguments) =>
        new Power(arguments.Choice("state", "on", "off", "toggle") ?? throw new ToolArgumentException("\"state\" is missing: on, off or toggle."));

    private sealed record Power(string State) : Change
    {
        public override string Service(Entity entity) => WantsOn(State, entity) ? "turn_on" : "turn_off";

        public override ServiceTarget For(Entity entity)
        {
            var wanted = WantsOn(State, entity) ? "on" : "off";
            return new(entity, wanted, state => state.State == wanted);
        }
    }
}
