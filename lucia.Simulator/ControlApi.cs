using System.Text.Json;
using System.Text.Json.Nodes;
using Lucia.Simulator.Faults;
using Lucia.Simulator.Home;

namespace Lucia.Simulator;

/// <summary>What no home has: changes behind Home Assistant's back, misbehaviour on request, and a journal of what was asked.</summary>
internal sealed class ControlApi(House house, ShoppingList shopping, FaultBook faults, Journal journal, WebSocketApi sockets, AccessToken token)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/simulator/state", Guarded(http => Json.WriteAsync(http.Response, HouseView.Of(house))));
        app.MapPost("/simulator/reset", Guarded(Reset));
        app.MapPost("/simulator/entities", Guarded(Add));
        app.MapPatch("/simulator/entities/{entityId}", Guarded(Change));
        app.MapDelete("/simulator/entities/{entityId}", Guarded(http => house.Remove(EntityId(http)) ? NoContent(http) : Unknown(http)));
        app.MapGet("/simulator/faults", Guarded(Faults));
        app.MapPost("/simulator/faults", Guarded(AddFaults));
        app.MapDelete("/simulator/faults", Guarded(http =>
        {
            faults.Clear();
            return NoContent(http);
        }));
        app.MapPost("/simulator/websockets/drop", Guarded(http => Json.WriteAsync(http.Response, new JsonObject { ["dropped"] = sockets.DropAll() })));
        app.MapGet("/simulator/journal", Guarded(http => Json.WriteAsync(http.Response, journal.ToJson())));
        app.MapDelete("/simulator/journal", Guarded(http =>
        {
            journal.Clear();
            return NoContent(http);
        }));
        app.Map("/simulator/{**rest}", Guarded(http => Problem(http, StatusCodes.Status404NotFound, $"There is no {http.Request.Method} {http.Request.Path}.")));
    }

    private RequestDelegate Guarded(Func<HttpContext, Task> handle) => async http =>
    {
        if (!token.Admits(http.Request))
        {
            await Problem(http, StatusCodes.Status401Unauthorized, "The simulator's access token is needed: Authorization: Bearer TOKEN.");
            return;
        }

        try
        {
            await handle(http);
        }
        catch (JsonException invalid) when (!http.Response.HasStarted)
        {
            await Problem(http, StatusCodes.Status400BadRequest, invalid.Message);
        }
    };

    private Task Reset(HttpContext http)
    {
        faults.Clear();
        shopping.Reset();
        house.Reset();
        journal.Clear();
        return NoContent(http);
    }

    private async Task Add(HttpContext http)
    {
        var body = await Json.ReadObjectAsync(http.Request);
        var entityId = body.String("entity_id") ?? "";
        var problems = new List<string>();
        if (!HomeAssistantServices.IsEntityId(entityId))
            problems.Add("entity_id: expected for example light.reading_corner.");
        var name = body.String("name");
        if (string.IsNullOrWhiteSpace(name))
            problems.Add("name: expected a name.");
        var area = Area(body, problems);
        if (problems.Count > 0)
        {
            await Problem(http, StatusCodes.Status400BadRequest, string.Join(' ', problems));
            return;
        }

        var light = entityId.StartsWith("light.", StringComparison.Ordinal);
        var state = body.String("state") ?? (light || entityId.StartsWith("switch.", StringComparison.Ordinal) ? "off" : "unknown");
        var attributes = body["attributes"] as JsonObject ?? (light ? FurnishedHouse.LightAttributes("brightness", state == "on") : []);
        var entity = new RegisteredEntity
        {
            EntityId = entityId,
            Platform = "simulator",
            OriginalName = name!,
            AreaId = area?.AreaId,
            Exposed = body.Flag("exposed") ?? true,
            Aliases = Json.Strings(body["aliases"]) ?? [],
        };
        if (house.Add(entity, state, attributes))
            await Json.WriteAsync(http.Response, house.State(entityId)!.ToJson(), StatusCodes.Status201Created);
        else
            await Problem(http, StatusCodes.Status409Conflict, $"{entityId} is there already, or the house is full.");
    }

    private async Task Change(HttpContext http)
    {
        var entityId = EntityId(http);
        var body = await Json.ReadObjectAsync(http.Request);
        if (house.State(entityId) is null)
        {
            await Unknown(http);
            return;
        }

        var problems = new List<string>();
        foreach (var (key, _) in body.Where(pair => pair.Key is not ("name" or "area" or "exposed" or "state" or "attributes")))
            problems.Add($"{key}: unknown; an entity can be given name, area, exposed, state and attributes.");
        var area = Area(body, problems);
        if (problems.Count > 0)
        {
            await Problem(http, StatusCodes.Status400BadRequest, string.Join(' ', problems));
            return;
        }

        if (body.String("name") is { Length: > 0 } name)
            house.Rename(entityId, name);
        if (area is not null)
            house.Move(entityId, area.AreaId);
        if (body.Flag("exposed") is { } exposed)
            house.Expose(entityId, exposed);
        if (body.ContainsKey("state") || body.ContainsKey("attributes"))
            house.Set(entityId, body.String("state"), body["attributes"] as JsonObject);
        await Json.WriteAsync(http.Response, house.State(entityId)?.ToJson());
    }

    private Area? Area(JsonObject body, List<string> problems)
    {
        if (body.String("area") is not { } wanted)
            return null;
        var area = house.FindArea(wanted);
        if (area is null)
            problems.Add($"area: expected one of {string.Join(", ", house.Areas.Select(each => each.AreaId))}.");
        return area;
    }

    private Task Faults(HttpContext http) => Json.WriteAsync(http.Response, new JsonObject { ["faults"] = new JsonArray([.. faults.Pending.Select(fault => fault.ToJson())]) });

    private async Task AddFaults(HttpContext http)
    {
        var body = await Json.ReadObjectAsync(http.Request);
        var problems = new List<string>();
        var wanted = (body["faults"] as JsonArray)?.Select((fault, index) => Fault.Read(fault, $"faults[{index}]", problems)).OfType<Fault>().ToList();
        if (wanted is null)
            problems.Add("faults: expected an array.");
        else if (problems.Count == 0 && !faults.Add(wanted))
            problems.Add($"faults: more than {FaultBook.MaxFaults} would be due.");
        if (problems.Count > 0)
            await Problem(http, StatusCodes.Status400BadRequest, string.Join(' ', problems));
        else
            await Faults(http);
    }

    private static string EntityId(HttpContext http) => (string)http.Request.RouteValues["entityId"]!;

    private static Task Unknown(HttpContext http) => Problem(http, StatusCodes.Status404NotFound, $"There is no entity {EntityId(http)}.");

    private static Task NoContent(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>RFC 9457.</summary>
    private static async Task Problem(HttpContext http, int status, string detail)
    {
        await Json.WriteAsync(http.Response, new JsonObject { ["title"] = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), ["status"] = status, ["detail"] = detail }, status);
    }
}
