using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>The runner of the guides itself: it fails when a guide is wrong.</summary>
public sealed class GuideScriptTests : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("lucia-script-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Delete(recursive: true);

    [Fact]
    public async Task Blocks_share_one_shell_and_unmarked_ones_are_not_run()
    {
        var ran = await RunAsync("""
            ```bash runnable
            mkdir there && cd there
            word=hello
            ```

            ```sh
            exit 9
            ```

            ```sh runnable
            echo "$word from $(basename "$PWD")"
            ```
            """);

        ran.Well().Output.ShouldBe("hello from there\n");
    }

    [Theory]
    [InlineData("false")]
    [InlineData("false | true")]
    [InlineData("echo $nobody_has_set_this")]
    public async Task What_fails_in_a_block_fails_and_is_named(string line)
    {
        var ran = await RunAsync($"```bash runnable\ntrue\n```\n\n```bash runnable\n{line}\n```\n\n```bash runnable\necho not reached\n```\n");

        ran.ExitCode.ShouldNotBe(0);
        ran.Error.ShouldContain("--- page.md, line 6");
        ran.Output.ShouldNotContain("not reached");
    }

    [Fact]
    public async Task A_block_that_serves_is_waited_for_and_ended_as_by_a_terminal()
    {
        var node = Programs.Find("node");
        Assert.SkipWhen(node is null, "node is not on PATH");
        var port = FreePort.Next();
        await File.WriteAllTextAsync(Path.Combine(_scratch.FullName, "serve.js"), """
            require('http').createServer((_, answer) => answer.end('here')).listen(Number(process.argv[2]), '127.0.0.1');
            process.on('SIGINT', () => { require('fs').writeFileSync('interrupted', ''); process.exit(0); });
            """, Cancellation);

        var ran = await RunAsync($"""
            ```bash runnable until=http://127.0.0.1:5000/
            node serve.js {port}
            ```

            ```bash runnable
            curl -fsS http://127.0.0.1:5000/
            ```
            """, ("127.0.0.1:5000", $"127.0.0.1:{port}"));

        ran.Well().Output.ShouldBe("here");
        File.Exists(Path.Combine(_scratch.FullName, "interrupted")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_block_that_serves_nothing_fails_with_what_it_said()
    {
        var ran = await RunAsync($"""
            ```bash runnable until=http://127.0.0.1:{FreePort.Next()}/
            echo "I cannot"; exit 3
            ```
            """);

        ran.ExitCode.ShouldBe(1);
        ran.Error.ShouldContain("I cannot");
        ran.Error.ShouldContain("nobody answers at");
    }

    private async Task<Ran> RunAsync(string text, params (string Text, string Instead)[] substitutions)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the guides are for Linux");
        Assert.SkipWhen(Programs.Find("curl") is null, "curl is not on PATH");
        var script = Path.Combine(_scratch.FullName, "guide.sh");
        await File.WriteAllTextAsync(script, GuideScript.Of(new Guide("page.md", text.ReplaceLineEndings("\n")), _scratch.FullName, substitutions.ToDictionary(pair => pair.Text, pair => pair.Instead)), Cancellation);
        return await Ran.ToEndAsync("bash", [script], folder: _scratch.FullName, seconds: 60);
    }
}
