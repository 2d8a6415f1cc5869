using System.Net;
using System.Text;

namespace Aspire.Hosting.Running;

/// <summary>Asks a resource whether it is healthy.</summary>
internal interface IHealthProbe
{
    /// <summary>Null when healthy, else what is wrong; errors and time-outs may be thrown.</summary>
    Task<string?> CheckAsync(CancellationToken cancellationToken);
}

/// <summary>Healthy when an HTTP GET is answered with a status.</summary>
internal sealed class HttpHealthProbe(EndpointAnnotation endpoint, string path, int expected) : IHealthProbe
{
    private static readonly Lazy<HttpClient> Tls = new(() => new HttpClient { Timeout = TimeSpan.FromSeconds(2) });

    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        if (endpoint.AllocatedEndpoint is not { } address)
            return "has no address yet";
        var status = endpoint.UriScheme == "https" ? await OverTlsAsync(address, cancellationToken) : await PlainAsync(address, cancellationToken);
        return status switch
        {
            null => "does not answer",
            _ when status == expected => null,
            _ => $"GET {path} answers {status}, not {expected}"
        };
    }

    private async Task<int?> PlainAsync(AllocatedEndpoint address, CancellationToken cancellationToken)
    {
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Address}:{address.Port}\r\nConnection: close\r\n\r\n");
        var answer = await LoopbackExchange.TryAsync(new IPEndPoint(IPAddress.Parse(address.Address), address.Port), request, "HTTP/1.1 200".Length, cancellationToken);
        return answer is { Length: >= 12 } && int.TryParse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture, out var status) ? status : null;
    }

    private async Task<int?> OverTlsAsync(AllocatedEndpoint address, CancellationToken cancellationToken)
    {
        using var response = await Tls.Value.GetAsync(new Uri(new Uri(address.UriString), path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return (int)response.StatusCode;
    }
}

/// <summary>Healthy when Redis lets the password in and answers PING with exactly PONG.</summary>
internal sealed class RedisHealthProbe(RedisResource redis) : IHealthProbe
{
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        if (redis.PrimaryEndpoint is not { IsAllocated: true } endpoint)
            return "has no address yet";
        var password = redis.PasswordParameter is null ? null : await redis.PasswordParameter.GetValueAsync(cancellationToken);
        var request = (password is null ? "" : Command("AUTH", password)) + Command("PING");
        var expected = (password is null ? "" : "+OK\r\n") + "+PONG\r\n";
        var answer = await LoopbackExchange.TryAsync(
            new IPEndPoint(IPAddress.Parse(endpoint.Host), endpoint.Port), Encoding.UTF8.GetBytes(request), expected.Length, cancellationToken);
        return answer is null ? "does not answer"
            : Encoding.ASCII.GetString(answer) == expected ? null
            : $"answers PING with '{Encoding.ASCII.GetString(answer).Split("\r\n")[0]}'";
    }

    private static string Command(params string[] words) =>
        $"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n"));
}
