using System.Diagnostics;
using System.Text;

namespace Lucia.Deployment.Tests.Support;

/// <summary>A command line, as a person would type it in a folder, with variables of its own in the environment.</summary>
internal static class Shell
{
    /// <summary>Runs it to its end, and ends it with all it started when it takes longer than the limit.</summary>
    /// <param name="command">What bash runs.</param>
    /// <param name="folder">Where.</param>
    /// <param name="environment">Variables that are set, or removed where the value is null.</param>
    /// <param name="input">What the command reads from its standard input.</param>
    /// <param name="seconds">The limit.</param>
    /// <exception cref="TimeoutException">It took longer; the message holds what it had written by then.</exception>
    public static async Task<Ran> RunAsync(
        string command, string folder, IReadOnlyDictionary<string, string?>? environment = null, string input = "", int seconds = 120)
    {
        var start = new ProcessStartInfo("bash", ["-c", command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;

        var (output, error) = (new StringBuilder(), new StringBuilder());
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new Ran(command, process.ExitCode, output.ToString(), error.ToString());
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"'{command}' took more than {seconds} s.\n{output}{error}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.Append(line).Append('\n');
    }
}
