namespace Aspire.Hosting.ApplicationModel;

/// <summary>Holds a resource back until another one is ready.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="waitType">What ready means.</param>
/// <param name="exitCode">The exit code that counts as completion.</param>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What ready means.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>The exit code that counts as completion.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>What a resource waits for.</summary>
public enum WaitType
{
    /// <summary>Running and healthy.</summary>
    WaitUntilHealthy,

    /// <summary>Ended with the expected exit code.</summary>
    WaitForCompletion,

    /// <summary>Running.</summary>
    WaitUntilStarted
}

/// <summary>Names a health check of the resource.</summary>
/// <param name="key">The check's name.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The check's name.</summary>
    public string Key { get; } = key;
}

/// <summary>A health check the engine runs itself.</summary>
internal sealed class HealthProbeAnnotation(string key, Running.IHealthProbe probe) : HealthCheckAnnotation(key)
{
    internal Running.IHealthProbe Probe { get; } = probe;
}
