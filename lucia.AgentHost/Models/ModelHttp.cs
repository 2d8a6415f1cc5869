namespace Lucia.AgentHost.Models;

/// <summary>The HTTP connections to the models: one pool, retries where a retry is safe.</summary>
internal sealed class ModelHttp : IDisposable
{
    public HttpClient Client { get; } = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(10),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => Client.Dispose();
}
