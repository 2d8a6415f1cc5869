namespace Lucia.Deployment.Tests.Workflows;

/// <summary>The names of an image, by the script that publishes it.</summary>
public sealed class ImageTagsTests
{
    private const string Commit = "0123abcdef0123abcdef0123abcdef0123abcdef";

    [Theory]
    [InlineData("push", "refs/heads/main", "latest sha-0123abc")]
    [InlineData("workflow_dispatch", "refs/heads/main", "latest sha-0123abc")]
    [InlineData("push", "refs/tags/v1.2.3", "1.2.3 1.2 sha-0123abc")]
    [InlineData("push", "refs/tags/v0.1.0", "0.1.0 0.1 sha-0123abc")]
    [InlineData("push", "refs/tags/v10.20.30", "10.20.30 10.20 sha-0123abc")]
    // A pre-release is nobody's 1.2.
    [InlineData("push", "refs/tags/v1.2.3-rc.1", "1.2.3-rc.1 sha-0123abc")]
    [InlineData("push", "refs/tags/v1.2.3-0a-b.x--y", "1.2.3-0a-b.x--y sha-0123abc")]
    // By hand from any branch, however it is called; "main" counts only as a whole.
    [InlineData("workflow_dispatch", "refs/heads/feature/Ünïcode & $(spaces) v1.2.3", "sha-0123abc")]
    [InlineData("workflow_dispatch", "refs/heads/latest", "sha-0123abc")]
    [InlineData("workflow_dispatch", "refs/heads/mainly", "sha-0123abc")]
    [InlineData("workflow_dispatch", "refs/heads/other/main", "sha-0123abc")]
    [InlineData("workflow_dispatch", "refs/heads/v1.2.3", "sha-0123abc")]
    // Never from a pull request, whatever it claims to be.
    [InlineData("pull_request", "refs/pull/7/merge", "")]
    [InlineData("push", "refs/pull/7/head", "")]
    [InlineData("pull_request", "refs/heads/main", "")]
    [InlineData("pull_request_target", "refs/heads/main", "")]
    public async Task A_ref_gives_these_names_and_no_other(string @event, string @ref, string names)
    {
        var printed = (await Script.RunAsync("image-tags.sh", "--event", @event, "--ref", @ref, "--sha", Commit, "--image", "example/lucia")).Well().Output;

        printed.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static name => $"example/lucia:{name}"));
    }

    [Theory]
    [InlineData("refs/tags/v1.2", 1, "no version")]
    [InlineData("refs/tags/1.2.3", 1, "no version")]
    [InlineData("refs/tags/v1.2.3.4", 1, "no version")]
    [InlineData("refs/tags/v01.2.3", 1, "no version")]
    [InlineData("refs/tags/v1.2.3-", 1, "no version")]
    [InlineData("refs/tags/v1.2.3-01", 1, "no version")]
    [InlineData("refs/tags/v1.2.3+build.5", 1, "no version")]
    [InlineData("refs/tags/vfoo.bar.baz", 1, "no version")]
    [InlineData("refs/tags/v1.2.3\nlatest", 1, "no version")]
    [InlineData("refs/notes/commits", 1, "neither a branch nor a tag")]
    [InlineData("refs/heads/", 1, "neither a branch nor a tag")]
    [InlineData("", 2, "needs a value")]
    public async Task A_ref_that_cannot_be_published_stops_everything(string @ref, int code, string why)
    {
        var ran = await Script.RunAsync("image-tags.sh", "--ref", @ref, "--sha", Commit);

        ran.ExitCode.ShouldBe(code);
        ran.Output.ShouldBeEmpty();
        ran.Error.ShouldContain(why);
    }

    [Fact]
    public async Task A_workflow_says_all_of_it_by_its_environment()
    {
        var ran = await Script.RunAsync("image-tags.sh", [$"GITHUB_SHA={Commit}", "GITHUB_REF=refs/heads/main", "GITHUB_EVENT_NAME=push", "IMAGE=seiggy/lucia"], []);

        ran.Well().Output.ShouldBe("seiggy/lucia:latest\nseiggy/lucia:sha-0123abc\n");
        (await Script.RunAsync("image-tags.sh", "--ref", "refs/heads/main", "--sha", "0123abc")).Error.ShouldContain("a whole commit id");
    }

    [Fact]
    public async Task A_digest_gets_the_names_of_its_ref_and_only_a_digest_does()
    {
        var digest = $"example/lucia@sha256:{new string('a', 64)}";

        (await Script.RunAsync("tag-image.sh", digest, "--dry-run", "--ref", "refs/tags/v1.2.3", "--sha", Commit)).Well().Output
            .ShouldBe("example/lucia:1.2.3\nexample/lucia:1.2\nexample/lucia:sha-0123abc\n");
        (await Script.RunAsync("tag-image.sh", digest, "--dry-run", "--ref", "refs/pull/1/merge", "--sha", Commit)).Error.ShouldContain("nothing is published from this ref");
        (await Script.RunAsync("tag-image.sh", digest, "--dry-run", "--ref", "refs/tags/v1", "--sha", Commit)).ExitCode.ShouldBe(1);
        (await Script.RunAsync("tag-image.sh", "example/lucia:latest", "--dry-run")).ExitCode.ShouldBe(2);
        (await Script.RunAsync("sign-image.sh", "example/lucia:latest")).Error.ShouldContain("signed by its digest");
    }

    [Fact]
    public async Task Nothing_untested_is_built_for_publishing()
    {
        (await Script.RunAsync("build-image.sh", "--packages", "full", "--tested", "baseline", "--no-output")).Error
            .ShouldContain("the package set \"full\" has no whole test run that passed; those that have:  baseline");
        (await Script.RunAsync("build-image.sh", "--packages", "full", "--tested", "", "--no-output")).ExitCode.ShouldBe(1);
        (await Script.RunAsync("build-image.sh", "--push", "example/lucia")).Error.ShouldContain("--push needs --tested");
        (await Script.RunAsync("build-image.sh", "--push", "example/lucia", "--tested", "baseline", "--tag", "x")).Error.ShouldContain("--push gives no tag");
        (await Script.RunAsync("build-image.sh", ["GITHUB_EVENT_NAME=pull_request"], ["--push", "example/lucia", "--tested", "baseline full"])).Error
            .ShouldContain("nothing is published from a pull request");
    }
}
