using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Aspire.Hosting.Tests;

/// <summary>The sample AppHost in a process of its own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    internal const int Interrupt = 2, Kill = 9, Terminate = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private AppHostProcess(Process process)
    {
        Process = process;
        process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        process.ErrorDataReceived += (_, e) => Append(_error, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal Process Process { get; }

    internal string Output => Read(_output);

    internal string Error => Read(_error);

    internal static AppHostProcess Start(IEnumerable<string> args, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var assembly = typeof(Projects.Sample_AppHost).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", ["exec", assembly, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A test that wants a dashboard asks for it on the command line.
        start.Environment["AppHost__NoDashboard"] = "true";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        if (environment?.ContainsKey("PATH") == true)
            start.FileName = Running.Programs.Find("dotnet")!;
        return new AppHostProcess(Process.Start(start)!);
    }

    /// <summary>Runs an AppHost that ends by itself.</summary>
    internal static async Task<AppHostProcess> RunAsync(params string[] args)
    {
        var process = Start(args);
        await process.EndAsync();
        return process;
    }

    internal Task SaidAsync(string text) => SandboxExtensions.EventuallyAsync(
        () => Output.Contains(text, StringComparison.Ordinal) || (Process.HasExited ? throw new InvalidOperationException($"ended before it said '{text}': {Output}{Error}") : false), $"'{text}' is said");

    /// <summary>Ids and command lines of every process this AppHost started, whoever is their parent now.</summary>
    internal static IReadOnlyDictionary<int, string> Marked(string marker)
    {
        Dictionary<int, string> found = [];
        foreach (var directory in Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            try
            {
                if (File.ReadAllText($"{directory}/environ").Contains($"HOSTING_TEST={marker}", StringComparison.Ordinal))
                    found[int.Parse(Path.GetFileName(directory), System.Globalization.CultureInfo.InvariantCulture)] = File.ReadAllText($"{directory}/cmdline").Replace('\0', ' ');
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It ended in between.
            }
        }

        return found;
    }

    internal void Signal(int signal) => Signal(Process.Id, signal);

    internal static void Signal(int process, int signal) => SendSignal(process, signal);

    internal async Task<int> EndAsync()
    {
        await Process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return Process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            Signal(Terminate);
            await Process.WaitForExitAsync();
        }

        Process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int id, int signal);

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            if (line is not null)
                text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
