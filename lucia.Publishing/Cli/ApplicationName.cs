using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Cli;

/// <summary>What an application is called when nobody says so: as the folder of its manifest, so that two on one host differ.</summary>
internal static class ApplicationName
{
    private const string AppHost = "AppHost";

    // Folders that manifests are written to, and that say nothing of the application.
    private static readonly string[] Common =
        ["aspire-output", "aspire", "artifacts", "bin", "build", "deploy", "deployment", "dist", "infra", "manifest", "manifests", "out", "output", "publish", "src", "tmp", "work"];

    /// <summary>A DNS label.</summary>
    /// <param name="manifestPath">The manifest's path.</param>
    public static string Of(string manifestPath)
    {
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(manifestPath)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var name = Path.GetFileName(folder);
            var plain = name.EndsWith(AppHost, StringComparison.OrdinalIgnoreCase) ? name[..^AppHost.Length].TrimEnd('.', '-', '_') : name;
            if (plain.Any(char.IsAsciiLetter) && !Common.Contains(plain, StringComparer.OrdinalIgnoreCase))
                return Naming.Label(plain);
        }
        return new PlanOptions().Name;
    }
}
