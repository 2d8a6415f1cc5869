namespace Aspire.Hosting;

/// <summary>Whether the application runs or is published.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>The resources are started on this machine.</summary>
    Run,

    /// <summary>The model is written out.</summary>
    Publish
}

/// <summary>What AppHost code is executed for.</summary>
/// <param name="operation">The operation.</param>
public sealed class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    /// <summary>The operation.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>Whether the resources are started on this machine.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>Whether the model is written out.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
}

/// <summary>Something is wrong with the model or its surroundings; the message says what, where and how to mend it.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="inner">The cause.</param>
public class DistributedApplicationException(string message, Exception? inner = null) : Exception(message, inner);
