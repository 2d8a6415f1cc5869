using System.Net;

namespace Lucia.ServiceDefaults;

/// <summary>Something the service needs did not answer. The caller is told which, and that it is not the caller's fault.</summary>
/// <param name="dependency">Its name in plain words: <c>Home Assistant</c>.</param>
/// <param name="detail">What happened, reading on from the name: <c>did not answer within 30 seconds.</c> Shown to callers.</param>
/// <param name="status">502 when it answered wrongly or not at all, 503 when it is not asked for now or was too slow.</param>
/// <param name="inner">The cause; logged, never shown.</param>
public sealed class DependencyException(string dependency, string detail, HttpStatusCode status, Exception? inner = null)
    : HttpRequestException($"{dependency} {detail}", inner)
{
    /// <summary>Its name in plain words.</summary>
    public string Dependency { get; } = dependency;

    /// <summary>The status that callers of this service get: 502 or 503.</summary>
    public HttpStatusCode Status { get; } = status;
}
