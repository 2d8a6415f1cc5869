using System.Diagnostics;
using System.Text;

namespace Lucia.Publishing.Tests.Text;

/// <summary>A program of the machine that reads what was written.</summary>
internal static class Tool
{
    /// <summary>Runs it over an input and gives its standard output; skips the test where the machine lacks it.</summary>
    public static async Task<byte[]> RunAsync(string program, string[] arguments, byte[] input, CancellationToken cancellationToken)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, program))))
            Assert.Skip($"'{program}' is not on PATH.");
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C.UTF-8", ["PYTHONIOENCODING"] = "utf-8" },
        })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token);
        var complaints = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardInput.BaseStream.WriteAsync(input, limit.Token);
        process.StandardInput.Close();
        await reading;
        await process.WaitForExitAsync(limit.Token);
        process.ExitCode.ShouldBe(0, await complaints);
        return output.ToArray();
    }

    /// <summary>Splits what <c>printf '%s\0'</c> wrote.</summary>
    public static string[] Split(byte[] output) => Encoding.UTF8.GetString(output).Split('\0')[..^1];
}
