using Lucia.AgentHost.Home;
using Lucia.Settings;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lucia.AgentHost.Agents;

/// <summary><c>GET /api/agents</c> and <c>/api/agents/{id}</c>.</summary>
internal static class AgentsApi
{
    public static IEndpointRouteBuilder MapAgentsApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/agents", (AgentDirectory agents, House house, LuciaSettings settings) =>
            TypedResults.Ok<AgentView[]>([.. agents.All.Select(agent => View(agent, house, settings))]));
        app.MapGet("/api/agents/{id}", Results<Ok<AgentView>, ProblemResult> (string id, AgentDirectory agents, House house, LuciaSettings settings) =>
            agents.Find(id) is { } agent
                ? TypedResults.Ok(View(agent, house, settings))
                : new ProblemResult(StatusCodes.Status404NotFound, $"There is no agent \"{id}\". GET /api/agents lists them."));
        return app;
    }

    private static AgentView View(Agent agent, House house, LuciaSettings settings) =>
        new(agent.Id, agent.Name, agent.Description, agent.Skills, settings.HomeAssistant is null ? "chat-only" : house.IsLive ? "ready" : "degraded");
}

/// <param name="Id">The id.</param>
/// <param name="Name">For people.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Skills">What it can do.</param>
/// <param name="Status"><c>ready</c>; <c>degraded</c> while Home Assistant is away; <c>chat-only</c> when none is configured.</param>
public sealed record AgentView(string Id, string Name, string Description, IReadOnlyList<AgentSkill> Skills, string Status);
