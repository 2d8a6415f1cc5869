using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lucia.Simulator.Faults;

namespace Lucia.Simulator.Model;

/// <summary>OpenAI's models, chat completions and embeddings, answered by the simulated model (platform.openai.com/docs/api-reference).</summary>
internal sealed class OpenAiApi(SimulatorSettings settings, FaultBook faults, Journal journal, AccessToken token, TimeProvider time)
{
    public const string ChatModel = "simulated-house";
    public const string EmbeddingModel = "simulated-embedding";
    private const long Made = 1704067200;

    public void Map(WebApplication app)
    {
        app.MapGet("/v1/models", Guarded(http => Json.WriteAsync(http.Response, new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray(Model(ChatModel), Model(EmbeddingModel)),
        })));
        app.MapGet("/v1/models/{model}", Guarded(http => http.Request.RouteValues["model"] is string id and (ChatModel or EmbeddingModel)
            ? Json.WriteAsync(http.Response, Model(id))
            : FailAsync(http, 404, $"The model '{http.Request.RouteValues["model"]}' does not exist", "invalid_request_error", "model", "model_not_found")));
        app.MapPost("/v1/chat/completions", Guarded(ChatAsync));
        app.MapPost("/v1/embeddings", Guarded(EmbedAsync));
        app.Map("/v1/{**rest}", Guarded(http => FailAsync(http, 404, $"Invalid URL ({http.Request.Method} {http.Request.Path})", "invalid_request_error")));
    }

    private RequestDelegate Guarded(Func<HttpContext, Task> handle) => async http =>
    {
        if (!token.Admits(http.Request))
        {
            var presented = http.Request.Headers.Authorization.Count > 0;
            await FailAsync(
                http,
                StatusCodes.Status401Unauthorized,
                presented ? "Incorrect API key provided." : "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.",
                "invalid_request_error",
                code: presented ? "invalid_api_key" : null);
            return;
        }

        try
        {
            await handle(http);
        }
        catch (JsonException) when (!http.Response.HasStarted)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, "We could not parse the JSON body of your request.", "invalid_request_error");
        }
    };

    private async Task ChatAsync(HttpContext http)
    {
        var body = await Json.ReadObjectAsync(http.Request);
        var entry = journal.ModelAsked(http.Request.Path, body);
        if (ChatRequest.Read(body, out var problem) is not { } request)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, problem.Message, "invalid_request_error", problem.Parameter);
            return;
        }

        var said = request.Messages.LastOrDefault(message => message.Role == "user")?.Text ?? "";
        if (faults.Take(said, FaultKind.ModelRateLimit) is { } limit)
        {
            http.Response.Headers.RetryAfter = limit.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            await FailAsync(http, StatusCodes.Status429TooManyRequests, "Rate limit reached for requests.", "requests", code: "rate_limit_exceeded");
            return;
        }

        if (faults.Take(said, FaultKind.ModelError) is not null)
        {
            await FailAsync(http, StatusCodes.Status500InternalServerError, "The server had an error while processing your request. Sorry about that!", "server_error");
            return;
        }

        if (faults.Take(said, FaultKind.ModelSlow) is { } slow)
            await Task.Delay(TimeSpan.FromMilliseconds(slow.Milliseconds), time, http.RequestAborted);

        var reply = MisbehavingModel.Spoil(HouseModel.Reply(request), request, faults);
        var completion = new Completion(request, reply, time.GetUtcNow());
        journal.Answered(entry, completion.Message());
        var cutOff = faults.Take(said, FaultKind.ModelCutOff) is not null;
        if (request.Stream)
            await StreamAsync(http, completion, cutOff);
        else if (cutOff)
            await CutOffAsync(http, Json.Bytes(completion.ToJson()));
        else
            await Json.WriteAsync(http.Response, completion.ToJson());
    }

    private async Task StreamAsync(HttpContext http, Completion completion, bool cutOff)
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        var pause = settings.TokensPerSecond > 0 ? TimeSpan.FromSeconds(1.0 / settings.TokensPerSecond) : TimeSpan.Zero;
        var chunks = completion.Chunks().ToList();
        foreach (var (index, chunk) in chunks.Index())
        {
            if (cutOff && index >= Math.Max(1, chunks.Count / 2))
            {
                await http.Response.Body.FlushAsync(http.RequestAborted);
                http.Abort();
                return;
            }

            await http.Response.WriteAsync($"data: {Json.Text(chunk)}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, time, http.RequestAborted);
        }

        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }

    private static async Task CutOffAsync(HttpContext http, ReadOnlyMemory<byte> whole)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = whole.Length;
        await http.Response.Body.WriteAsync(whole[..(whole.Length / 2)], http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        http.Abort();
    }

    private async Task EmbedAsync(HttpContext http)
    {
        var body = await Json.ReadObjectAsync(http.Request);
        journal.ModelAsked(http.Request.Path, body);
        if (Inputs(body["input"]) is not { Count: > 0 and <= TextEmbedding.MaxInputs } inputs)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, $"'input' must be a non-empty string or an array of 1 to {TextEmbedding.MaxInputs} of them.", "invalid_request_error", "input");
            return;
        }

        var dimensions = body.Number("dimensions") ?? TextEmbedding.DefaultDimensions;
        if (dimensions is < 8 or > 3072 || dimensions != Math.Floor(dimensions))
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, "'dimensions' must be a whole number from 8 to 3072.", "invalid_request_error", "dimensions");
            return;
        }

        var base64 = body.String("encoding_format") == "base64";
        var tokens = inputs.Sum(input => Completion.CountTokens(input));
        await Json.WriteAsync(http.Response, new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. inputs.Select((input, index) =>
            {
                var vector = TextEmbedding.Of(input, (int)dimensions);
                return new JsonObject
                {
                    ["object"] = "embedding",
                    ["index"] = index,
                    ["embedding"] = base64 ? Convert.ToBase64String(TextEmbedding.Bytes(vector)) : new JsonArray([.. vector.Select(value => (JsonNode)value)]),
                };
            })]),
            ["model"] = body.String("model") ?? EmbeddingModel,
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        });
    }

    private static IReadOnlyList<string>? Inputs(JsonNode? input) => input switch
    {
        JsonArray array when array.All(item => item.AsString() is not null) => [.. array.Select(item => item.AsString()!)],
        _ when input.AsString() is { Length: > 0 } text => [text],
        _ => null,
    };

    private static JsonObject Model(string id) => new() { ["id"] = id, ["object"] = "model", ["created"] = Made, ["owned_by"] = "lucia-simulator" };

    private static Task FailAsync(HttpContext http, int status, string message, string type, string? parameter = null, string? code = null) => Json.WriteAsync(
        http.Response,
        new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = parameter, ["code"] = code } },
        status);
}
