namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint of a resource, as others refer to it. Its own value is the URL.</summary>
public sealed class EndpointReference : IExpressionValue, IValueWithReferences
{
    private EndpointAnnotation? _annotation;

    /// <summary>Refers to an endpoint by its name; it may be declared later.</summary>
    public EndpointReference(IResourceWithEndpoints owner, string endpointName)
    {
        Resource = owner;
        EndpointName = endpointName;
    }

    /// <summary>Refers to a declared endpoint.</summary>
    public EndpointReference(IResourceWithEndpoints owner, EndpointAnnotation endpoint)
        : this(owner, endpoint.Name) => _annotation = endpoint;

    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; }

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; }

    /// <summary>Whether the resource declares the endpoint.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether the application runs and the endpoint has its address.</summary>
    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;

    /// <summary>The declaration.</summary>
    /// <exception cref="InvalidOperationException">The resource declares no endpoint of that name.</exception>
    public EndpointAnnotation EndpointAnnotation => Find() ?? throw new InvalidOperationException(
        $"'{Resource.Name}' has no endpoint '{EndpointName}'; it has "
        + (Resource.EndpointAnnotations().Any() ? string.Join(", ", Resource.EndpointAnnotations().Select(e => $"'{e.Name}'")) : "none") + ".");

    /// <summary>The URL's scheme.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>The allocated host.</summary>
    public string Host => Allocated.Address;

    /// <summary>The allocated port.</summary>
    public int Port => Allocated.Port;

    /// <summary>The port the resource was declared to listen on, if any.</summary>
    public int? TargetPort => EndpointAnnotation.TargetPort;

    /// <summary>The allocated URL.</summary>
    public string Url => Allocated.UriString;

    /// <inheritdoc/>
    public string ValueExpression => Placeholder("url");

    IEnumerable<object> IValueWithReferences.References => [Resource];

    private AllocatedEndpoint Allocated => EndpointAnnotation.AllocatedEndpoint
        ?? throw new InvalidOperationException($"The endpoint '{EndpointName}' of '{Resource.Name}' has no address before the application starts.");

    /// <summary>One property of the endpoint, as a value of the model.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <summary>One of two expressions, chosen by whether the endpoint speaks TLS.</summary>
    public ReferenceExpression GetTlsValue(ReferenceExpression enabledValue, ReferenceExpression disabledValue) =>
        ReferenceExpression.CreateConditional(Property(EndpointProperty.TlsEnabled), bool.TrueString, enabledValue, disabledValue);

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    internal string Placeholder(string property) => $"{{{Resource.Name}.bindings.{EndpointName}.{property}}}";

    private EndpointAnnotation? Find() => _annotation ??=
        Resource.EndpointAnnotations().FirstOrDefault(e => string.Equals(e.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}

/// <summary>One property of an endpoint.</summary>
public sealed class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IExpressionValue, IValueWithReferences
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference;

    /// <summary>Which property of it.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc/>
    public string ValueExpression => Property switch
    {
        EndpointProperty.Url => Endpoint.Placeholder("url"),
        EndpointProperty.Host or EndpointProperty.IPV4Host => Endpoint.Placeholder("host"),
        EndpointProperty.Port => Endpoint.Placeholder("port"),
        EndpointProperty.Scheme => Endpoint.Placeholder("scheme"),
        EndpointProperty.TargetPort => Endpoint.Placeholder("targetPort"),
        EndpointProperty.HostAndPort => $"{Endpoint.Placeholder("host")}:{Endpoint.Placeholder("port")}",
        EndpointProperty.TlsEnabled => Endpoint.Placeholder("tlsEnabled"),
        _ => throw new InvalidOperationException($"The endpoint property '{Property}' is unknown.")
    };

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Property switch
    {
        EndpointProperty.Url => Endpoint.Url,
        EndpointProperty.Host or EndpointProperty.IPV4Host => Endpoint.Host,
        EndpointProperty.Port => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.TargetPort => ListeningPort.ToString(CultureInfo.InvariantCulture),
        EndpointProperty.HostAndPort => $"{Endpoint.Host}:{Endpoint.Port}",
        EndpointProperty.TlsEnabled => Endpoint.Exists && Endpoint.EndpointAnnotation.TlsEnabled ? bool.TrueString : bool.FalseString,
        _ => throw new InvalidOperationException($"The endpoint property '{Property}' is unknown.")
    });

    /// <summary>Inside a container the declared port, else, without a proxy, the port that clients use too.</summary>
    private int ListeningPort => Endpoint.Resource is ContainerResource && Endpoint.TargetPort is { } declared ? declared : Endpoint.Port;
}

/// <summary>The properties an endpoint has as values.</summary>
public enum EndpointProperty
{
    /// <summary>scheme://host:port</summary>
    Url,

    /// <summary>The host.</summary>
    Host,

    /// <summary>The host as an IPv4 address.</summary>
    IPV4Host,

    /// <summary>The port clients use.</summary>
    Port,

    /// <summary>The URL's scheme.</summary>
    Scheme,

    /// <summary>The port the resource listens on.</summary>
    TargetPort,

    /// <summary>host:port</summary>
    HostAndPort,

    /// <summary>True or False.</summary>
    TlsEnabled
}
