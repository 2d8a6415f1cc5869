namespace Aspire.Hosting.ApplicationModel;

/// <summary>A program on this machine.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="command">The program: a path, or a name found on PATH.</param>
/// <param name="workingDirectory">The directory it runs in.</param>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>The program: a path, or a name found on PATH.</summary>
    public string Command { get; } = command;

    /// <summary>The directory it runs in.</summary>
    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A .NET project, run from its build output.</summary>
/// <param name="name">The resource's name.</param>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>A container.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="entrypoint">The program that replaces the image's entry point.</param>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>The program that replaces the image's entry point.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}

/// <summary>The image a container runs.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>The registry, such as <c>docker.io</c>.</summary>
    public string? Registry { get; set; }

    /// <summary>The image, such as <c>library/redis</c>.</summary>
    public required string Image { get; set; }

    /// <summary>The tag.</summary>
    public string? Tag { get; set; }

    internal string Reference => (string.IsNullOrEmpty(Registry) ? "" : Registry + "/") + Image + (string.IsNullOrEmpty(Tag) ? "" : ":" + Tag);
}

/// <summary>A directory mounted into a container.</summary>
/// <param name="source">The volume's name or the host's path; null for an anonymous volume.</param>
/// <param name="target">The path in the container.</param>
/// <param name="type">A named volume or a path of the host.</param>
/// <param name="isReadOnly">Whether the container may not write.</param>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    /// <summary>The volume's name or the host's path.</summary>
    public string? Source { get; } = source;

    /// <summary>The path in the container.</summary>
    public string Target { get; } = target;

    /// <summary>A named volume or a path of the host.</summary>
    public ContainerMountType Type { get; } = type;

    /// <summary>Whether the container may not write.</summary>
    public bool IsReadOnly { get; } = isReadOnly;
}

/// <summary>The kinds of mount.</summary>
public enum ContainerMountType
{
    /// <summary>A path of the host.</summary>
    BindMount,

    /// <summary>A named volume.</summary>
    Volume
}

/// <summary>How many instances of a resource run.</summary>
/// <param name="replicas">The number.</param>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>The number.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>The resource does not start with the application but when it is told to.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>Redis.</summary>
/// <param name="name">The resource's name.</param>
public class RedisResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    private EndpointReference? _primaryEndpoint;

    internal RedisResource(string name, ParameterResource password)
        : this(name) => PasswordParameter = password;

    /// <summary>The endpoint clients use.</summary>
    public EndpointReference PrimaryEndpoint => _primaryEndpoint ??= new(this, PrimaryEndpointName);

    /// <summary>The parameter that carries the password; null for a Redis without one.</summary>
    public ParameterResource? PasswordParameter { get; internal set; }

    /// <summary><c>host:port,password=…</c>, as StackExchange.Redis reads it.</summary>
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var builder = new ReferenceExpressionBuilder();
            builder.Append($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
            if (PasswordParameter is not null)
                builder.Append($",password={PasswordParameter}");
            builder.Append($"{PrimaryEndpoint.GetTlsValue(ReferenceExpression.Create($",ssl=true"), ReferenceExpression.Empty)}");
            return builder.Build();
        }
    }

    /// <summary><c>redis://:password@host:port</c>, the password escaped.</summary>
    public ReferenceExpression UriExpression
    {
        get
        {
            var builder = new ReferenceExpressionBuilder();
            builder.Append($"{PrimaryEndpoint.Property(EndpointProperty.Scheme)}://");
            if (PasswordParameter is not null)
                builder.Append($":{PasswordParameter:uri}@");
            builder.Append($"{PrimaryEndpoint.Property(EndpointProperty.Host)}:{PrimaryEndpoint.Property(EndpointProperty.Port)}");
            return builder.Build();
        }
    }

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        yield return new("Host", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Host)}"));
        yield return new("Port", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Port)}"));
        if (PasswordParameter is not null)
            yield return new("Password", ReferenceExpression.Create($"{PasswordParameter}"));
        yield return new("Uri", UriExpression);
    }
}

/// <summary>How often Redis saves a snapshot.</summary>
internal sealed record PersistenceAnnotation(TimeSpan Interval, long KeysChangedThreshold) : IResourceAnnotation
{
    internal string Save => string.Create(CultureInfo.InvariantCulture, $"{Interval.TotalSeconds} {KeysChangedThreshold}");
}
