using System.Net;
using System.Net.Sockets;
using Lucia.AppHost.Tests.Support;

namespace Lucia.AppHost.Tests;

/// <summary>What the embedded engine promises of a run beyond what Aspire does: no process left behind, one clear line for what is wrong.</summary>
public sealed class EmbeddedRunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_stops_everything_within_ten_seconds_and_leaves_no_process_and_no_port(string signal)
    {
        Assert.SkipUnless(Directory.Exists("/proc"), "there is no /proc to look for processes in");
        using var run = AppHostProgram.Start();
        await run.UntilPageAsync();
        var children = run.Descendants();
        children.Count.ShouldBeGreaterThanOrEqualTo(2);

        await run.SignalAsync(signal);
        await run.WaitForExitAsync(TimeSpan.FromSeconds(10));

        children.Where(child => Directory.Exists($"/proc/{child}")).ShouldBeEmpty();
        Ports.IsOpen(run.Port).ShouldBeFalse();
        run.ExitCode.ShouldBe(0, run.Output);
    }

    [Fact]
    public async Task The_address_of_the_page_is_printed()
    {
        using var run = AppHostProgram.Start();
        await run.UntilPageAsync();

        await House.UntilAsync(() => Task.FromResult(run.Output.Contains($"http://127.0.0.1:{run.Port}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_taken_port_is_one_clear_line_that_says_how_to_choose_another()
    {
        using var occupant = new TcpListener(IPAddress.Loopback, 0);
        occupant.Start();
        var port = ((IPEndPoint)occupant.LocalEndpoint).Port;

        using var run = AppHostProgram.StartOn(port);
        await run.WaitForExitAsync(TimeSpan.FromSeconds(30));

        run.ExitCode.ShouldNotBe(0);
        var line = run.Output.Split('\n').Where(line => line.Contains($"{port}", StringComparison.Ordinal)).ShouldHaveSingleItem();
        line.ShouldContain("LUCIA_PORT");
    }

    [Fact]
    public async Task A_second_run_reads_the_conversations_of_the_first()
    {
        var state = Directory.CreateTempSubdirectory("lucia-runs-");
        try
        {
            foreach (var expected in new[] { 1, 2 })
            {
                await using var house = await House.StartAsync("--state-directory", state.FullName);
                await house.ChatAsync("turn on the kitchen light", "kept");
                (await house.SaidAsync("kept")).Count.ShouldBe(expected);
            }
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_script_builds_runs_and_stops_with_ctrl_c()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "there is no bash");
        using var run = AppHostProgram.StartScript("run", "--no-dashboard");
        await run.UntilPageAsync();
        var children = run.Descendants();

        // A terminal sends Ctrl+C to everyone in the foreground; a supervisor only to the process it knows.
        await run.SignalAsync("INT");
        await run.WaitForExitAsync(TimeSpan.FromSeconds(15));

        await House.UntilAsync(() => Task.FromResult(!children.Any(child => Directory.Exists($"/proc/{child}"))));
        Ports.IsOpen(run.Port).ShouldBeFalse();
        Cancellation.IsCancellationRequested.ShouldBeFalse();
    }
}
