namespace Aspire.Hosting;

/// <summary>A .NET project that a resource runs; the build generates one class per project reference, in the namespace <c>Projects</c>.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The project file.</summary>
    string ProjectPath { get; }
}

/// <summary>A project whose build output is known, so that a run need not build it.</summary>
public interface IBuiltProjectMetadata : IProjectMetadata
{
    /// <summary>The assembly the AppHost's build made of the project.</summary>
    string TargetPath { get; }
}
