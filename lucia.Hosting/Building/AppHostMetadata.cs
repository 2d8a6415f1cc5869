using System.Reflection;

namespace Aspire.Hosting.Building;

/// <summary>What the build wrote into the AppHost's assembly.</summary>
internal static class AppHostMetadata
{
    internal const string ProjectPathKey = "AppHostProjectPath";

    /// <summary>The project's directory; where the build is elsewhere (another machine), the current one.</summary>
    internal static string DirectoryOf(DistributedApplicationOptions options)
    {
        var directory = options.ProjectDirectory ?? ValueOf(options.Assembly, ProjectPathKey);
        return Directory.Exists(directory) ? Path.GetFullPath(directory) : Directory.GetCurrentDirectory();
    }

    internal static string? ValueOf(Assembly? assembly, string key) =>
        assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == key)?.Value;
}
