using Microsoft.AspNetCore.Mvc;

namespace Lucia.AgentHost.Dependencies;

/// <summary>A dependency's failure as RFC 9457 problem details: 503 when it was not there, 502 when it answered wrongly.</summary>
internal static class DependencyProblem
{
    public static ProblemDetails For(DependencyException exception) => new()
    {
        Status = exception.Fault == DependencyFault.Unavailable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway,
        Title = exception.Fault == DependencyFault.Unavailable ? "A dependency is not available" : "A dependency gave a bad answer",
        Detail = exception.Message,
        Extensions = { ["dependency"] = exception.Dependency.Name() },
    };
}
