using Lucia.AgentHost.Tests.Support;

namespace Lucia.Deployment.Tests.Workflows;

/// <summary>A test that a runner skips is not taken for one that passed: <c>eng/check-skips.sh</c> and the reasons that it allows.</summary>
public sealed class SkipRulesTests : IDisposable
{
    private const string Passed = """<UnitTestResult testName="A.Passes" outcome="Passed" duration="00:00:01" />""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-skips-");

    private static string Allowed { get; } = Script.Path("allowed-skips.txt");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_reason_that_is_allowed_is_one_that_a_test_gives()
    {
        var sources = Directory.EnumerateDirectories(Programs.Repository, "lucia.*.Tests").SelectMany(static project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
            .Where(static file => !file.Contains("/obj/") && !file.EndsWith($"{nameof(SkipRulesTests)}.cs", StringComparison.Ordinal))
            .SelectMany(File.ReadLines).Where(static line => line.Contains("Skip") || line.Contains("=> \"") || line.Contains("return $\"") || line.Contains("reason")).ToList();

        var reasons = (await File.ReadAllLinesAsync(Allowed, Cancellation)).Where(static line => line.Length > 0 && line[0] != '#')
            .Select(static line => line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries)).ToList();

        reasons.Count.ShouldBeGreaterThan(10);
        foreach (var reason in reasons)
        {
            reason[0].Split(',').ShouldBeSubsetOf(["linux", "macos", "windows"]);
            // Words as short as "is missing" would let anything pass.
            reason[1].Trim().Length.ShouldBeGreaterThan(12);
            // The last word may be one that the test fills in.
            var words = reason[1].Trim();
            var filled = $"{words[..words.LastIndexOf(' ')]} {{";
            sources.ShouldContain(line => line.Contains(words) || line.Contains(filled), words);
        }
    }

    [Theory]
    [InlineData("There is no Chromium at /usr/bin/chromium. Install it, or name one in CHROMIUM.", "macos", 0)]
    [InlineData("There is no Chromium at /usr/bin/chromium. Install it, or name one in CHROMIUM.", "linux", 1)]
    [InlineData("LUCIA_KUBECONFIG names no kubeconfig of a cluster for tests.", "linux", 0)]
    [InlineData("LUCIA_KUBECONFIG names no kubeconfig of a cluster for tests.", "windows", 1)]
    [InlineData("something\nthat nobody thought of", "linux", 1)]
    public async Task A_reason_counts_on_the_system_it_is_allowed_on(string reason, string system, int exitCode)
    {
        await WriteAsync("one.trx", $"<Results>{Passed}{Skipped("B.Is_skipped(what: &quot;this&quot;)", reason)}{Passed}</Results>");

        var ran = await Script.RunAsync("check-skips.sh", "--system", system, _folder.FullName);

        ran.ExitCode.ShouldBe(exitCode, ran.Error);
        if (exitCode != 0) ran.Error.ShouldContain($"B.Is_skipped(what: \"this\"): {reason.Replace('\n', ' ')}");
        ran.Error.ShouldNotContain("A.Passes");
    }

    [Fact]
    public async Task Where_a_job_exists_for_some_tests_their_reason_is_refused()
    {
        await WriteAsync("one.trx", $"<Results>{Skipped("B.On_a_cluster", "LUCIA_KUBECONFIG names no kubeconfig of a cluster for tests.")}</Results>");

        (await Script.RunAsync("check-skips.sh", "--system", "linux", "--refuse", "LUCIA_MANIFESTS", _folder.FullName)).Well();
        (await Script.RunAsync("check-skips.sh", "--system", "linux", "--refuse", "LUCIA_KUBECONFIG", _folder.FullName)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Results_that_are_not_there_prove_nothing() =>
        (await Script.RunAsync("check-skips.sh", _folder.FullName)).ExitCode.ShouldBe(1);

    [Fact]
    public async Task What_was_skipped_is_listed_with_its_reason_whatever_it_is()
    {
        await WriteAsync("one.trx", $"<Results>{Passed}{Skipped("B.Second", "a &lt;b&gt; &amp; c")}</Results>");
        await WriteAsync("two.trx", $"<Results>{Skipped("A.First", "none")}{Passed}</Results>");

        var ran = (await Script.RunAsync("check-skips.sh", "--list", _folder.FullName)).Well();

        ran.Output.ShouldBe("skipped: A.First: none\nskipped: B.Second: a <b> & c\n");
        (await Script.RunAsync("check-skips.sh", "--list", Path.Combine(_folder.FullName, "nowhere"))).Well().Output.ShouldBeEmpty();
    }

    private static string Skipped(string test, string reason) =>
        $"""<UnitTestResult testName="{test}" outcome="NotExecuted"><Output><ErrorInfo><Message>{reason}</Message></ErrorInfo></Output></UnitTestResult>""";

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder.FullName, name), text, Cancellation);
}
