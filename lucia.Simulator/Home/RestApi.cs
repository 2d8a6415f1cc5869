using System.Text.Json;
using System.Text.Json.Nodes;
using Lucia.Simulator.Faults;

namespace Lucia.Simulator.Home;

/// <summary>Home Assistant's REST API: the same paths, shapes and refusals (developers.home-assistant.io/docs/api/rest).</summary>
internal sealed class RestApi(House house, HomeAssistantServices services, FaultBook faults, AccessToken token)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/api/", Guarded(http => Json.WriteAsync(http.Response, Message("API running."))));
        app.MapGet("/api/config", Guarded(http => Json.WriteAsync(http.Response, HomeJson.Config(house))));
        app.MapGet("/api/components", Guarded(http => Json.WriteAsync(http.Response, HomeJson.Config(house)["components"])));
        app.MapGet("/api/states", Guarded(http => Json.WriteAsync(http.Response, HomeJson.States(house))));
        app.MapGet("/api/states/{entityId}", Guarded(GetState));
        app.MapGet("/api/services", Guarded(http => Json.WriteAsync(http.Response, new JsonArray([.. services.ToJson().Select(domain =>
            new JsonObject { ["domain"] = domain.Key, ["services"] = domain.Value!.DeepClone() })]))));
        app.MapPost("/api/services/{domain}/{service}", Guarded(CallService));
        app.MapPost("/api/template", Guarded(http => Json.WriteAsync(
            http.Response,
            Message("Error rendering template: the simulated house has no template engine; the WebSocket API gives areas and states."),
            StatusCodes.Status400BadRequest)));
        app.Map("/api/{**rest}", Guarded(http => Text(http, StatusCodes.Status404NotFound, "Not Found")));
    }

    private RequestDelegate Guarded(Func<HttpContext, Task> handle) => http =>
        token.Admits(http.Request) && faults.Take(http.Request.Path, FaultKind.HomeUnauthorized) is null
            ? handle(http)
            : Text(http, StatusCodes.Status401Unauthorized, "Unauthorized");

    private Task GetState(HttpContext http) => house.State(http.Request.RouteValues["entityId"] as string ?? "") is { } state
        ? Json.WriteAsync(http.Response, state.ToJson())
        : Json.WriteAsync(http.Response, Message("Entity not found."), StatusCodes.Status404NotFound);

    private async Task CallService(HttpContext http)
    {
        JsonObject data;
        try
        {
            data = await Json.ReadObjectAsync(http.Request);
        }
        catch (JsonException)
        {
            await Json.WriteAsync(http.Response, Message("Data should be valid JSON."), StatusCodes.Status400BadRequest);
            return;
        }

        var call = new ServiceCall((string)http.Request.RouteValues["domain"]!, (string)http.Request.RouteValues["service"]!, data, [], "rest");
        var wantsResponse = http.Request.Query.ContainsKey("return_response");
        var givesResponse = call is { Domain: "todo", Name: "get_items" };
        if (wantsResponse != givesResponse && services.Has(call))
        {
            await Json.WriteAsync(
                http.Response,
                Message(wantsResponse
                    ? "Service does not support responses. Remove return_response from request."
                    : "Service call requires responses but caller did not ask for responses. Add ?return_response to query parameters."),
                StatusCodes.Status400BadRequest);
            return;
        }

        try
        {
            var outcome = await services.CallAsync(call, http.RequestAborted);
            var changed = new JsonArray([.. outcome.Changed.Select(state => state.ToJson())]);
            await Json.WriteAsync(
                http.Response,
                wantsResponse ? new JsonObject { ["changed_states"] = changed, ["service_response"] = outcome.Response } : changed);
        }
        catch (Exception refused) when (refused is ServiceNotFound or InvalidServiceData)
        {
            await Text(http, StatusCodes.Status400BadRequest, "Bad Request");
        }
        catch (ServiceRefused)
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await http.Response.WriteAsync("500 Internal Server Error\n\nServer got itself in trouble", http.RequestAborted);
        }
    }

    private static JsonObject Message(string text) => new() { ["message"] = text };

    private static Task Text(HttpContext http, int status, string reason)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync($"{status}: {reason}", http.RequestAborted);
    }
}
