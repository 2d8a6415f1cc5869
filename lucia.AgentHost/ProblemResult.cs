using Lucia.ServiceDefaults;

namespace Lucia.AgentHost;

/// <summary>Answers with a problem of the same form as every other error of the service, trace id included.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="detail">What is wrong and what to do about it; shown to the caller.</param>
internal sealed class ProblemResult(int status, string detail) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => Problem.Of(httpContext, status, detail).WriteAsync(httpContext);
}
