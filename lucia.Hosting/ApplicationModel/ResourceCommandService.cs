namespace Aspire.Hosting.ApplicationModel;

/// <summary>Gives commands to the resources of a running application.</summary>
public sealed class ResourceCommandService
{
    private readonly Func<string, string, CancellationToken, Task<ExecuteCommandResult>> _execute;

    internal ResourceCommandService(Func<string, string, CancellationToken, Task<ExecuteCommandResult>> execute) => _execute = execute;

    /// <summary>Gives a command to every instance of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commandName">One of <see cref="KnownResourceCommands"/>.</param>
    /// <param name="cancellationToken">Stops waiting for the command to end.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        _execute(resource.Name, commandName, cancellationToken);

    /// <summary>Gives a command to a resource, or to one instance of it.</summary>
    /// <param name="resourceId">The resource's name or an instance's id.</param>
    /// <param name="commandName">One of <see cref="KnownResourceCommands"/>.</param>
    /// <param name="cancellationToken">Stops waiting for the command to end.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        _execute(resourceId, commandName, cancellationToken);
}

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it did what it should.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether it was cancelled.</summary>
    public bool Canceled { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Message { get; init; }
}
