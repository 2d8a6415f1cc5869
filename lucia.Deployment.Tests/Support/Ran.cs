using System.Diagnostics;
using System.Text;
using Lucia.AgentHost.Tests.Support;

namespace Lucia.Deployment.Tests.Support;

/// <summary>What a program said that ran to its end.</summary>
internal sealed record Ran(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program to its end, and ends it with all it started when it takes longer than the limit.</summary>
    /// <param name="program">Its name on PATH, or its path.</param>
    /// <param name="arguments">Its arguments, each as it is.</param>
    /// <param name="input">What it reads from its standard input; it need not read all of it.</param>
    /// <param name="folder">Where; the repository unless told otherwise.</param>
    /// <param name="environment">Variables that are set, or removed where the value is null.</param>
    /// <param name="seconds">The limit.</param>
    /// <exception cref="TimeoutException">It took longer; the message holds the command, the limit, and what was written by then.</exception>
    public static Task<Ran> ToEndAsync(
        string program, IReadOnlyList<string> arguments, Stream? input = null, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null, int seconds = 60) =>
        ToEndAsync($"{program} {string.Join(' ', arguments)}", new ProcessStartInfo(program, arguments) { WorkingDirectory = folder ?? Programs.Repository }, input, environment, seconds);

    /// <summary>The same, when it must succeed.</summary>
    public Ran Well()
    {
        ExitCode.ShouldBe(0, $"{Command}\n{Output}{Error}");
        return this;
    }

    /// <summary>The same for a command that is told in another way than it is started.</summary>
    internal static async Task<Ran> ToEndAsync(string command, ProcessStartInfo start, Stream? input, IReadOnlyDictionary<string, string?>? environment, int seconds)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        var (output, error) = (new StringBuilder(), new StringBuilder());
        try
        {
            var read = Task.WhenAll(ReadAsync(process.StandardOutput, output, limit.Token), ReadAsync(process.StandardError, error, limit.Token));
            await WriteAsync(process, input, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await read;
            return new Ran(command, process.ExitCode, Text(output), Text(error));
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"'{command}' took more than {seconds} s. By then it had written:\n{Text(output)}{Text(error)}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task WriteAsync(Process process, Stream? input, CancellationToken cancellation)
    {
        try
        {
            if (input is not null) await input.CopyToAsync(process.StandardInput.BaseStream, cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading everything; why, its exit code and its words say.
        }
    }

    /// <summary>Piece by piece: what was written before the limit is wanted, too.</summary>
    private static async Task ReadAsync(StreamReader from, StringBuilder to, CancellationToken cancellation)
    {
        var piece = new char[4096];
        while (await from.ReadAsync(piece, cancellation) is var length and > 0)
            lock (to) to.Append(piece, 0, length);
    }

    private static string Text(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}
