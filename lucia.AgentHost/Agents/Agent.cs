using Lucia.AgentHost.Tools;

namespace Lucia.AgentHost.Agents;

/// <summary>Somebody to talk to: what it is for, what it is told, and what it may use.</summary>
/// <param name="Id">Stable, lower case; in addresses.</param>
/// <param name="Name">For people.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Skills">What it can do, for people and for other agents.</param>
/// <param name="Instructions">What the model is told about its part.</param>
/// <param name="Tools">What the model may call.</param>
public sealed record Agent(string Id, string Name, string Description, IReadOnlyList<AgentSkill> Skills, string Instructions, IReadOnlyList<HomeTool> Tools);

/// <param name="Id">Stable, lower case.</param>
/// <param name="Name">For people.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Examples">Sentences that use it.</param>
public sealed record AgentSkill(string Id, string Name, string Description, IReadOnlyList<string> Examples);
