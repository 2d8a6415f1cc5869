using System.Diagnostics;
using System.Text;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Systemd;

namespace Lucia.Publishing.Tests.Systemd;

/// <summary>What the systemd target makes of the own manifests.</summary>
internal static class SystemdSamples
{
    /// <summary>A house with a full profile; a small one that runs anywhere; every type and construct without a profile.</summary>
    public static readonly string[] Names = ["house", "greeter", "everything"];

    /// <summary>This folder.</summary>
    public static string Folder { get; } = Path.Combine(ProjectFolder(), "Systemd");

    public static string Json(string name) =>
        name == "everything" ? Samples.Everything : File.ReadAllText(Path.Combine(Folder, "Manifests", name + ".json"), Encoding.UTF8);

    public static OutputFolder Published(string name) => PublishedJson(Json(name));

    public static OutputFolder PublishedJson(string json)
    {
        var (plan, diagnostics) = Planning.Try(json);
        diagnostics.Errors.ShouldBeEmpty();
        return Published(plan!, diagnostics);
    }

    public static OutputFolder Published(DeploymentPlan plan, DiagnosticBag diagnostics)
    {
        var output = new OutputFolder("systemd", diagnostics);
        new SystemdTarget().Write(plan.For("systemd"), output);
        output.CheckLeftovers(plan.ResourceNames);
        diagnostics.Errors.ShouldBeEmpty();
        return output;
    }

    public static string Text(this OutputFolder output, string path) => output.Files.Single(f => f.Path == path).Text;

    public static IEnumerable<OutputFile> Units(this OutputFolder output) => output.Files.Where(static f => f.Path.StartsWith("units/", StringComparison.Ordinal));

    /// <summary>Writes the files to a folder.</summary>
    public static void WriteTo(this OutputFolder output, string folder)
    {
        foreach (var file in output.Files)
        {
            var path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content.Span);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, file.Mode);
        }
    }

    private static string ProjectFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "lucia.Publishing.Tests.csproj")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException("The test project's folder is not above the tests.");
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lucia-systemd-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A program of the machine, with what it said.</summary>
internal sealed record Ran(int ExitCode, string Output, string Error)
{
    /// <summary>All that was said.</summary>
    public string All => Output + Error;

    /// <summary>Runs it to its end; skips the test where the machine lacks it.</summary>
    public static async Task<Ran> ToEndAsync(
        string program, IReadOnlyList<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null, int seconds = 60)
    {
        if (!program.Contains('/') && !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, program))))
            Assert.Skip($"'{program}' is not on PATH.");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new Ran(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The same, when it must succeed.</summary>
    public Ran Well()
    {
        ExitCode.ShouldBe(0, All);
        return this;
    }
}
