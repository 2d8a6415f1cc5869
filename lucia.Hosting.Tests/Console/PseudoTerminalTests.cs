using System.Diagnostics;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Tests.Console;

/// <summary>The sample AppHost in a real terminal, from its first line to Ctrl+C. script(1) of util-linux brings the terminal.</summary>
public sealed class PseudoTerminalTests
{
    private const int Columns = 100, Rows = 24;

    public PseudoTerminalTests()
    {
        Sandbox.NeedsShell();
        Assert.SkipUnless(OperatingSystem.IsLinux() && Programs.Find("script") is not null, "There is no script(1) of util-linux, which brings a terminal.");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("1")]
    public async Task A_person_sees_the_table_over_the_lines_and_keeps_the_lines(string? noColour)
    {
        await using var sandbox = new Sandbox();
        using var session = Start(sandbox, noColour);
        var terminal = new EmulatedTerminal(Columns, Rows);
        var written = "";

        await UntilAsync(() => terminal.Screen.Any(line => line.Contains("web") && line.Contains("Running") && line.Contains("Healthy") && line.Contains("http://127.0.0.1:")));
        terminal.Screen[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["Resource", "State", "Health", "Address", "Restarts"]);
        terminal.Screen.ShouldContain(line => line.Contains("Ctrl+C stops everything."));
        // What the shell wrote before is not lost, and no row is empty for it.
        terminal.Scrollback.ShouldContain("before");
        terminal.Scrollback.ShouldAllBe(line => line.Length > 0);
        written.Contains("\e[32m", StringComparison.Ordinal).ShouldBe(noColour is null);

        await session.StandardInput.WriteAsync("\u0003");
        await session.StandardInput.FlushAsync(Cancellation);
        await UntilAsync(() => terminal.Copied.Contains("Stopped."));
        terminal.Screen.ShouldNotContain(line => line.Contains("Restarts"));
        await session.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        session.ExitCode.ShouldBe(0);

        async Task UntilAsync(Func<bool> isShown)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            var buffer = new char[4096];
            var rest = "";
            while (!isShown())
            {
                int read;
                try
                {
                    read = await session.StandardOutput.ReadAsync(buffer, limit.Token);
                }
                catch (OperationCanceledException)
                {
                    read = 0;
                }

                read.ShouldBeGreaterThan(0, $"it ends, or shows no more than\n{string.Join('\n', terminal.Scrollback.Concat(terminal.Screen))}");
                written += new string(buffer, 0, read);
                // A sequence may come in two parts.
                rest += new string(buffer, 0, read);
                var whole = rest.LastIndexOf('\e') is var last and >= 0 && !EmulatedTerminal.IsWhole(rest[last..]) ? last : rest.Length;
                terminal.Write(rest[..whole]);
                rest = rest[whole..];
            }
        }
    }

    private static Process Start(Sandbox sandbox, string? noColour)
    {
        var assembly = typeof(Projects.Sample_AppHost).Assembly.Location;
        var command = $"stty cols {Columns} rows {Rows}; echo before; "
            + $"exec dotnet exec {assembly} --state-directory {sandbox.File("state")} --Sample:Resources=web --DcpPublisher:RandomizePorts=true --no-dashboard";
        var start = new ProcessStartInfo("script", ["--quiet", "--flush", "--return", "--command", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/sh";
        foreach (var name in new[] { "CI", "NO_COLOR", "VTE_VERSION", "TERM_PROGRAM" })
            start.Environment.Remove(name);
        if (noColour is not null)
            start.Environment["NO_COLOR"] = noColour;
        return Process.Start(start)!;
    }
}
