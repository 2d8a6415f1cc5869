using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Workflows;

/// <summary>How <c>./lucia test</c> ends, with a <c>dotnet</c> that only leaves results behind.</summary>
public sealed class TestCommandTests : IDisposable
{
    private static readonly string[] Words = ["bash", "env", "awk", "cat", "cut", "dirname", "basename", "find", "id", "mkdir", "rm", "sed", "sort", "tr", "uname", "wc"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-test-command-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Passed Passed NotExecuted", 0, "2 passed, 0 failed, 1 skipped", 0)]
    [InlineData("Passed Failed", 1, "1 passed, 1 failed, 0 skipped", 1)]
    // A test process that crashed leaves results of passed tests alone.
    [InlineData("Passed", 134, "1 passed, 0 failed, 0 skipped", 134)]
    [InlineData("", 0, "0 passed, 0 failed, 0 skipped", 1)]
    public async Task The_last_line_counts_what_passed_failed_and_was_skipped(string outcomes, int ended, string counts, int exitCode)
    {
        Script.SkipElsewhere();
        await PrepareAsync(outcomes.Split(' ', StringSplitOptions.RemoveEmptyEntries), ended);

        var ran = await Ran.ToEndAsync("env", ["-i", $"PATH={At("bin")}", $"HOME={At("")}", "bash", At("lucia"), "test"], folder: _folder.FullName);

        ran.ExitCode.ShouldBe(exitCode, ran.Output + ran.Error);
        var lines = ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[^1].ShouldBe(counts);
        lines[..^1].ShouldBe(outcomes.Contains("NotExecuted") ? ["skipped: A.Test2: the machine has no such thing"] : []);
    }

    private async Task PrepareAsync(string[] outcomes, int ended)
    {
        var bin = Directory.CreateDirectory(At("bin")).FullName;
        Directory.CreateDirectory(At("eng"));
        File.Copy(Path.Combine(Programs.Repository, "lucia"), At("lucia"));
        foreach (var script in (string[])["check-skips.sh", "common.sh"]) File.Copy(Script.Path(script), At(Path.Combine("eng", script)));
        // No package manager is among them: nothing is installed.
        foreach (var word in Words) File.CreateSymbolicLink(Path.Combine(bin, word), Programs.Find(word).ShouldNotBeNull(word));

        var results = outcomes.Select(static (outcome, index) => outcome == "NotExecuted"
            ? $"<UnitTestResult testName=\"A.Test{index}\" outcome=\"NotExecuted\"><Output><ErrorInfo><Message>the machine has no such thing</Message></ErrorInfo></Output></UnitTestResult>"
            : $"<UnitTestResult testName=\"A.Test{index}\" outcome=\"{outcome}\" />");
        var (passed, failed) = (outcomes.Count(static outcome => outcome == "Passed"), outcomes.Count(static outcome => outcome == "Failed"));
        await File.WriteAllTextAsync(At("made.trx"),
            $"<TestRun><Results>{string.Concat(results)}</Results><ResultSummary><Counters total=\"{outcomes.Length}\" executed=\"{passed + failed}\" passed=\"{passed}\" failed=\"{failed}\" /></ResultSummary></TestRun>",
            TestContext.Current.CancellationToken);
        var keep = outcomes.Length == 0 ? "" : "mkdir -p artifacts/test-results; cat made.trx >artifacts/test-results/a.trx; ";
        await File.WriteAllTextAsync(Path.Combine(bin, "dotnet"),
            $"#!{Programs.Find("bash")}\ncase $1 in --version) echo 10.0.100 ;; test) {keep}exit {ended} ;; esac\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(bin, "dotnet"), (UnixFileMode)0b111_101_101);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
