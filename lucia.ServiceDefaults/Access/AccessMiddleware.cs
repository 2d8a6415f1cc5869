using System.Globalization;
using Lucia.Settings;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Lucia.ServiceDefaults;

/// <summary>
/// Lets through who may use the service. With a key, everything but endpoints marked <c>AllowAnonymous()</c> asks for it. Without one the service is open
/// to this machine alone, and the browser is what could carry a stranger in: names of other hosts (DNS rebinding) and pages of other sites are refused.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, ApiAccess access, RequestLimits limits)
{
    public Task InvokeAsync(HttpContext context)
    {
        var isProbe = context.GetEndpoint()?.Metadata.GetMetadata<ProbeMetadata>() is not null;
        if (isProbe)
            return next(context);

        return access.NeedsKey ? InvokeWithKeyAsync(context) : InvokeOpenAsync(context);
    }

    private Task InvokeWithKeyAsync(HttpContext context)
    {
        var isAnonymous = context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;

        // What is open to all may say more to whoever has the key, so a key that comes along is a guess like any other.
        if (isAnonymous && !ApiAccess.PresentsKey(context.Request))
            return next(context);

        if (limits.ShutOut(context) is { } patience)
            return TooManyAsync(context, patience, "Too many requests from your address had a wrong key.");

        if (!access.Allows(context.Request))
        {
            limits.Fail(context);
            if (isAnonymous)
                return next(context);

            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem.Of(context, StatusCodes.Status401Unauthorized, "Send the key of this service as Authorization: Bearer <key> or X-Api-Key: <key>.").WriteAsync(context);
        }

        if (!isAnonymous && limits.Enter(context) is { } wait)
            return TooManyAsync(context, wait, "Too many requests from your address. Auth__RequestsPerMinute is the limit.");

        return next(context);
    }

    private static Task TooManyAsync(HttpContext context, TimeSpan wait, string detail)
    {
        var seconds = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.RetryAfter = seconds;
        return Problem.Of(context, StatusCodes.Status429TooManyRequests, $"{detail} Try again in {seconds} s.").WriteAsync(context);
    }

    private Task InvokeOpenAsync(HttpContext context)
    {
        if (!ListenAddress.IsLoopbackHost(context.Request.Host.Value ?? ""))
        {
            return Problem.Of(context, StatusCodes.Status403Forbidden, "Without an API key this service answers to localhost only. Set Auth__ApiKey to use another name.")
                .WriteAsync(context);
        }

        if (IsFromAnotherSite(context.Request))
            return Problem.Of(context, StatusCodes.Status403Forbidden, "Without an API key this service does not answer pages of other sites.").WriteAsync(context);

        return next(context);
    }

    private static bool IsFromAnotherSite(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
            return !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !string.Equals(uri.Authority, HostOf(request), StringComparison.OrdinalIgnoreCase);

        // Following a link from another site to the page itself is fine; fetching from it is not.
        return request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" && request.Headers["Sec-Fetch-Mode"].ToString() is not "navigate";
    }

    private static string HostOf(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out var uri) ? uri.Authority : "";
}

/// <summary>Marks what an orchestrator asks, from wherever and under whatever name.</summary>
internal sealed class ProbeMetadata;
