using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Lucia.ServiceDefaults;

/// <summary>An error as RFC 9457 describes it, <c>application/problem+json</c>.</summary>
/// <param name="Type">What kind of problem; <c>about:blank</c> when the status says it all.</param>
/// <param name="Title">The kind in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened this time and what to do; <see langword="null"/> when the title says it all.</param>
/// <param name="TraceId">The id to look for in logs and traces.</param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail,
    string TraceId)
{
    /// <summary>The media type of a problem.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>A problem of the current request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">What happened; shown to the caller, so never an exception's own text.</param>
    public static Problem Of(HttpContext context, int status, string? detail = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new("about:blank", ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } reason ? reason : "Error", status, detail, TraceIdOf(context));
    }

    /// <summary>The id under which the current request is logged and traced.</summary>
    public static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    /// <summary>Answers the request with this problem.</summary>
    public Task WriteAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.StatusCode = Status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(this, ServiceDefaultsJson.Default.Problem, MediaType, context.RequestAborted);
    }
}
