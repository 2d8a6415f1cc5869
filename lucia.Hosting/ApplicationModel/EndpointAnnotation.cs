using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An address a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private string? _transport;
    private bool? _tlsEnabled;
    private AllocatedEndpoint? _allocated;

    /// <summary>Declares an endpoint; the name falls back to the scheme, the scheme to the protocol.</summary>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Name = name ?? UriScheme;
        _transport = transport;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied ?? true;
    }

    /// <summary>The endpoint's name, unique within its resource.</summary>
    public string Name { get; set; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The port clients use; null for any free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port the resource itself listens on; null when it is told one.</summary>
    public int? TargetPort { get; set; }

    /// <summary>The scheme of the endpoint's URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>The host name the resource binds; <c>localhost</c> is the loopback address.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>The transport written to the manifest: <c>http</c> for http and https, else the protocol.</summary>
    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : Protocol.ToString().ToLowerInvariant());
        set => _transport = value;
    }

    /// <summary>Whether the endpoint is meant to be reached from outside the application.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Kept for the manifest; the embedded engine puts no proxy before an endpoint.</summary>
    public bool IsProxied { get; set; }

    /// <summary>Whether the endpoint speaks TLS.</summary>
    public bool TlsEnabled
    {
        get => _tlsEnabled ?? UriScheme == "https";
        set => _tlsEnabled = value;
    }

    /// <summary>The address the engine gave the endpoint; null until the application starts.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => OfReplica.Value?.GetValueOrDefault(this) ?? _allocated;
        set => _allocated = value;
    }

    /// <summary>The addresses of a replica's own endpoints, seen by whatever is evaluated or checked for that replica.</summary>
    internal static AsyncLocal<IReadOnlyDictionary<EndpointAnnotation, AllocatedEndpoint>?> OfReplica { get; } = new();

    internal bool FromLaunchProfile { get; set; }

    internal string? TargetPortEnvironmentVariable { get; set; }
}

/// <summary>An endpoint with its real address.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="address">The host name or IP address.</param>
/// <param name="port">The port.</param>
public sealed class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
{
    /// <summary>The endpoint this is the address of.</summary>
    public EndpointAnnotation Endpoint { get; } = endpoint;

    /// <summary>The host name or IP address.</summary>
    public string Address { get; } = address;

    /// <summary>The port.</summary>
    public int Port { get; } = port;

    /// <summary>The URL's scheme.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>The URL, without a trailing slash.</summary>
    public string UriString => $"{UriScheme}://{Address}:{Port}";

    /// <inheritdoc/>
    public override string ToString() => UriString;
}
