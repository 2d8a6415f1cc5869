using System.Diagnostics;

namespace Lucia.Deployment.Tests.Support;

/// <summary>What a program said that ran to its end.</summary>
internal sealed record Ran(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program in a folder, the repository unless told otherwise, and ends it when it takes longer than the limit.</summary>
    public static async Task<Ran> ToEndAsync(string program, IReadOnlyList<string> arguments, Stream? input = null, string? folder = null, int seconds = 60)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Lucia.AgentHost.Tests.Support.Programs.Repository,
        };
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            if (input is not null) await input.CopyToAsync(process.StandardInput.BaseStream, limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new Ran($"{program} {string.Join(' ', arguments)}", process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The same, when it must succeed.</summary>
    public Ran Well()
    {
        ExitCode.ShouldBe(0, $"{Command}\n{Output}{Error}");
        return this;
    }
}
