namespace Aspire.Hosting.Pipelines;

/// <summary>The steps that publish an application, and their order.</summary>
public interface IDistributedApplicationPipeline
{
    /// <summary>Adds a step.</summary>
    /// <param name="name">Its name, for <c>--step</c>.</param>
    /// <param name="action">What it does.</param>
    /// <param name="dependsOn">The name, or names, of steps that run before it.</param>
    /// <param name="requiredBy">The name, or names, of steps it is part of.</param>
    void AddStep(string name, Func<PipelineStepContext, Task> action, object? dependsOn = null, object? requiredBy = null);
}

/// <summary>The steps that are there without being added.</summary>
public static class WellKnownPipelineSteps
{
    /// <summary>Everything that is published.</summary>
    public const string Publish = "publish";
}

/// <summary>Where steps write to.</summary>
public interface IPipelineOutputService
{
    /// <summary>The directory given by <c>--output-path</c>, else <c>aspire-output</c> in the AppHost's directory.</summary>
    string GetOutputDirectory();

    /// <summary>The directory of one resource in it.</summary>
    string GetOutputDirectory(IResource resource);
}
