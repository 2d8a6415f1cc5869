using Lucia.AgentHost.Tools;

namespace Lucia.AgentHost.Agents;

/// <summary>The agents of this host.</summary>
public sealed class AgentDirectory
{
    public AgentDirectory(IEnumerable<HomeTool> tools)
    {
        var home = new Agent(
            "home",
            "Home",
            "Controls the lights and switches of the home and tells its state.",
            [
                new("lights", "Lights", "Turns lights on and off, dims and colours them.", ["Turn on the kitchen light", "Dim the living room to 30 percent"]),
                new("switches", "Switches", "Turns switches and plugs on and off.", ["Turn off the coffee machine"]),
                new("state", "State of the home", "Tells the state of devices and sensors.", ["Is the bedroom light on?", "How warm is it in the bathroom?"]),
            ],
            """
            You are Lucia, the assistant of this home. You act through tools and answer in one or two short, plain sentences, in the user's language.
            - Entity ids come only from find_entities. Call it before you control anything, and use the room the user names.
            - When several devices fit equally well and the user did not say "all", ask which one is meant.
            - Say that something was done only if the tool's result says success. If it says otherwise, say what failed and why.
            - If nothing fits, say so. Never invent a device or a state.
            """,
            [.. tools]);
        All = [home];
        Default = home;
    }

    public IReadOnlyList<Agent> All { get; }

    /// <summary>Who answers when nobody is asked for.</summary>
    public Agent Default { get; }

    /// <summary>The agent of that id, in any case; null when there is none.</summary>
    public Agent? Find(string id) => All.FirstOrDefault(agent => agent.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
}
