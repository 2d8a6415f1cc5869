using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Sets environment variables when the resource starts or is published.</summary>
/// <param name="callback">Writes to the context's variables.</param>
public sealed class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Writes to the context's variables.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>What an environment callback sees.</summary>
public sealed class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource,
    Dictionary<string, object>? environmentVariables = null,
    CancellationToken cancellationToken = default)
{
    /// <summary>The variables so far: text or values of the model.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    /// <summary>Whether the application runs or is published.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Ends the evaluation.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Sets arguments when the resource starts or is published.</summary>
/// <param name="callback">Writes to the context's arguments.</param>
public sealed class CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Writes to the context's arguments.</summary>
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>What an arguments callback sees.</summary>
public sealed class CommandLineArgsCallbackContext(IList<object> args, IResource resource, CancellationToken cancellationToken = default)
{
    /// <summary>The arguments so far: text or values of the model.</summary>
    public IList<object> Args { get; } = args;

    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Whether the application runs or is published.</summary>
    public required DistributedApplicationExecutionContext ExecutionContext { get; init; }

    /// <summary>Ends the evaluation.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Writes the resource to the manifest in place of its usual shape; a null callback leaves it out.</summary>
/// <param name="callback">Writes inside the resource's JSON object.</param>
public sealed class ManifestPublishingCallbackAnnotation(Func<ManifestPublishingContext, Task>? callback) : IResourceAnnotation
{
    /// <summary>Writes inside the resource's JSON object.</summary>
    public Func<ManifestPublishingContext, Task>? Callback { get; } = callback;
}

/// <summary>A reference to another resource, for the start order and for whoever draws the graph.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="type">The kind, such as <c>Reference</c> or <c>WaitFor</c>.</param>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The kind, such as <c>Reference</c> or <c>WaitFor</c>.</summary>
    public string Type { get; } = type;
}

/// <summary>Which endpoints of another resource are passed on.</summary>
internal sealed class EndpointReferenceAnnotation(IResourceWithEndpoints resource) : IResourceAnnotation
{
    internal IResourceWithEndpoints Resource { get; } = resource;

    internal bool UseAllEndpoints { get; set; }

    internal HashSet<string> EndpointNames { get; } = new(StringComparer.OrdinalIgnoreCase);
}
