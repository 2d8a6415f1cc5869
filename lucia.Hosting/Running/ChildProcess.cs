using System.Diagnostics;
using System.Text;

namespace Aspire.Hosting.Running;

/// <summary>How a program is started.</summary>
internal sealed record LaunchPlan(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string?> Environment)
{
    /// <summary>What stands where a secret would.</summary>
    internal const string Mask = "••••••";

    /// <summary>What the program reads from standard input, which then ends.</summary>
    internal string? StandardInput { get; init; }

    /// <summary>What must not be shown of the environment.</summary>
    internal IReadOnlyCollection<string> Secrets { get; init; } = [];

    /// <summary>A value as it may be shown.</summary>
    internal string Masked(string value) => Secrets.OrderByDescending(secret => secret.Length).Aggregate(value, (text, secret) => text.Replace(secret, Mask, StringComparison.Ordinal));
}

/// <summary>A running program with all that it starts.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int LongestLine = 16 * 1024;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Once the program is gone, whoever it left behind may hold its output open; nobody waits for them longer than this.</summary>
    private static readonly TimeSpan LongestLastWords = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly Task _output;

    private ChildProcess(Process process, Action<string, bool> onLine)
    {
        _process = process;
        Id = process.Id;
        _output = Task.WhenAll(PumpAsync(process.StandardOutput, line => onLine(line, false)), PumpAsync(process.StandardError, line => onLine(line, true)));
        Exited = WaitAsync();
    }

    internal int Id { get; }

    /// <summary>The exit code, once the program ended and its output was read.</summary>
    internal Task<int> Exited { get; }

    /// <summary>Starts a program as the leader of a group.</summary>
    /// <exception cref="DistributedApplicationException">The program or its directory is not there.</exception>
    internal static ChildProcess Start(LaunchPlan plan, Action<string, bool> onLine)
    {
        if (!Directory.Exists(plan.WorkingDirectory))
            throw new DistributedApplicationException($"The working directory {plan.WorkingDirectory} does not exist.");
        var program = Programs.Find(plan.FileName, plan.WorkingDirectory)
            ?? throw new DistributedApplicationException($"The program '{plan.FileName}' is not there{(plan.FileName.Contains('/') ? "" : " (it was looked for on PATH)")}.");
        var (fileName, arguments) = ProcessGroup.Lead(program, plan.Arguments);
        var start = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = plan.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            CreateNoWindow = true
        };
        foreach (var (name, value) in plan.Environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new DistributedApplicationException($"The program '{plan.FileName}' did not start.");
        try
        {
            process.StandardInput.Write(plan.StandardInput);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read; its exit code tells more.
        }

        return new ChildProcess(process, onLine);
    }

    /// <summary>Asks the group to end, and after the grace period ends it.</summary>
    internal async Task StopAsync(TimeSpan grace)
    {
        if (OperatingSystem.IsWindows())
        {
            Kill();
            await Exited;
            return;
        }

        ProcessGroup.Signal(Id, ProcessGroup.Terminate);
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed < grace && (!_process.HasExited || (ProcessGroup.IsSupported && ProcessGroup.IsAlive(Id))))
            await Task.WhenAny(Task.Delay(Poll), Exited.IsCompleted ? Task.Delay(Poll) : Exited);
        Kill();
        await Exited;
    }

    /// <summary>Ends the group at once.</summary>
    internal void Kill()
    {
        if (!OperatingSystem.IsWindows())
        {
            ProcessGroup.Signal(Id, ProcessGroup.Kill);
            return;
        }

        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        await Task.WhenAny(_output, Task.Delay(LongestLastWords));
        return _process.ExitCode;
    }

    /// <summary>Passes lines on; one that is too long is passed on in pieces, so that no program can fill the memory.</summary>
    private static async Task PumpAsync(StreamReader reader, Action<string> onLine)
    {
        var line = new StringBuilder();
        var buffer = new char[4096];
        try
        {
            for (int read; (read = await reader.ReadAsync(buffer)) > 0;)
            {
                foreach (var part in buffer.AsSpan(0, read))
                {
                    if (part == '\n' || line.Length == LongestLine)
                        Pass();
                    if (part is not '\n' and not '\r')
                        line.Append(part);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The other end is gone.
        }

        if (line.Length > 0)
            Pass();

        void Pass()
        {
            onLine(line.ToString());
            line.Clear();
        }
    }
}
