using Lucia.Publishing.Tests.Kubernetes;

namespace Lucia.Publishing.Tests.Upgrade;

/// <summary>Manifests for kustomize as they are after <c>setup.sh</c> with known values.</summary>
internal static class SetUpManifests
{
    /// <summary>Copies them, sets them up and builds one of their folders.</summary>
    public static async Task<string> RenderAsync(string source, string folder)
    {
        var copy = Directory.CreateTempSubdirectory("lucia-manifests-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            {
                var relative = Path.GetRelativePath(source, file);
                // What a person has set up there is theirs.
                if (relative.Contains("secrets", StringComparison.Ordinal) || Path.GetFileName(file) == ".env")
                    continue;
                var target = Path.Combine(copy.FullName, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
            await ClusterTools.RunAsync(
                "sh", ["setup.sh"], copy.FullName,
                environment: [("ConnectionStrings__chat_model", "Endpoint=http://model/v1"), ("Redis__Password", "KnownPassword"), ("Auth__ApiKey", "KnownKeyOfCallers")]);
            return (await ClusterTools.RunAsync(ClusterTools.Kubectl, ["kustomize", Path.Combine(copy.FullName, folder)])).Output;
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }
}
