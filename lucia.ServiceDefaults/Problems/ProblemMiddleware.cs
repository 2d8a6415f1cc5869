using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lucia.ServiceDefaults;

/// <summary>Makes a problem of every exception and of every error status without a body.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var problem = Describe(context, exception);
            context.Response.Clear();
            await problem.WriteAsync(context);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            await Problem.Of(context, context.Response.StatusCode, DetailOf(context)).WriteAsync(context);
    }

    private Problem Describe(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException { InnerException: JsonException json }:
                return Problem.Of(context, StatusCodes.Status400BadRequest, Where(json));
            case BadHttpRequestException bad:
                return Problem.Of(context, bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The body is too large." : DetailOf(bad.StatusCode));
            case DependencyException dependency:
                LogDependency(logger, dependency.Dependency, dependency);
                return Problem.Of(context, (int)dependency.Status, dependency.Message);
            default:
                LogUnexpected(logger, context.Request.Method, context.Request.Path, exception);
                return Problem.Of(context, StatusCodes.Status500InternalServerError, "Something went wrong inside the service. Its log says more under this trace id.");
        }
    }

    /// <summary>A parser's own message can repeat what was sent; its position cannot.</summary>
    private static string Where(JsonException json) => json.LineNumber is { } line && json.BytePositionInLine is { } position
        ? string.Create(CultureInfo.InvariantCulture, $"The body is not the JSON that is expected: see {json.Path ?? "$"}, line {line + 1}, byte {position + 1}.")
        : $"The body is not the JSON that is expected: see {json.Path ?? "$"}.";

    private static string? DetailOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request is missing something, or has it in a form that is not expected.",
        StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json.",
        _ => null,
    };

    private static string? DetailOf(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => $"Allowed here: {context.Response.Headers.Allow}.",
        var status => DetailOf(status),
    };

    [LoggerMessage(LogLevel.Warning, "{Dependency} failed a request")]
    private static partial void LogDependency(ILogger logger, string dependency, Exception exception);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogUnexpected(ILogger logger, string method, PathString path, Exception exception);
}
