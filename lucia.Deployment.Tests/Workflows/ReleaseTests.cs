using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Workflows;

/// <summary>The notes, checksums and files of a release, by the scripts that make it.</summary>
public sealed class ReleaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-release-");

    private const string Changelog = """
        # Changelog

        ## [Unreleased]

        - not yet

        ## [1.2.3-rc.1] - 2026-02-01

        - nearly

        ## [1.2.3] - 2026-03-01

        A summary.

        ### Fixed

        - a [link](https://example.org) and `## not a heading`

        ## [1.2] - 2026-01-01

        - old

        [Unreleased]: https://example.org/compare
        [1.2.3]: https://example.org/1.2.3
        """;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("1.2.3", "A summary.\n\n### Fixed\n\n- a [link](https://example.org) and `## not a heading`\n")]
    [InlineData("v1.2.3", "A summary.\n\n### Fixed\n\n- a [link](https://example.org) and `## not a heading`\n")]
    [InlineData("1.2.3-rc.1", "- nearly\n")]
    [InlineData("1.2", "- old\n")]
    public async Task The_notes_are_what_the_changelog_says_of_that_version(string version, string notes)
    {
        var file = await WriteAsync("CHANGELOG.md", Changelog.ReplaceLineEndings("\n"));

        (await Script.RunAsync("release-notes.sh", version, "--changelog", file)).Well().Output.ShouldBe(notes);
    }

    [Theory]
    [InlineData("1.2.4")]
    [InlineData("1.2.")]
    [InlineData("1.2.3-rc")]
    [InlineData("[1.2.3")]
    public async Task A_version_the_changelog_does_not_know_has_no_notes(string version)
    {
        var file = await WriteAsync("CHANGELOG.md", Changelog.ReplaceLineEndings("\n"));

        var ran = await Script.RunAsync("release-notes.sh", version, "--changelog", file);

        ran.ExitCode.ShouldBe(1);
        ran.Error.ShouldContain($"has no text under \"## [{version}]\"");
    }

    [Fact]
    public async Task This_version_has_notes() =>
        (await Script.RunAsync("release-notes.sh")).Well().Output.ShouldContain("\n- ");

    [Fact]
    public async Task Only_this_versions_tag_is_released()
    {
        var version = (await Script.RunAsync("version.sh")).Well().Output.Trim();

        (await Script.RunAsync("version.sh", "--check-tag", $"v{version}")).Well().Output.Trim().ShouldBe(version);
        foreach (var tag in (string[])[version, $"v{version}-rc.1", "v9.9.9", $"V{version}"])
        {
            var ran = await Script.RunAsync("version.sh", "--check-tag", tag);
            ran.ExitCode.ShouldBe(1);
            ran.Error.ShouldContain($"tag v{version}, or change the version");
        }
    }

    [Fact]
    public async Task A_release_is_complete_and_unchanged_or_it_is_none()
    {
        var version = (await Script.RunAsync("version.sh")).Well().Output.Trim();
        string[] files = [$"lucia-{version}.tgz", $"lucia-{version}-linux-x64.tar.gz", $"lucia-{version}-linux-arm64.tar.gz"];
        foreach (var file in files[..2]) await WriteAsync(file, file);
        (await PublishAsync()).Error.ShouldContain($"{files[2]} is missing");

        await WriteAsync(files[2], files[2]);
        (await PublishAsync()).Error.ShouldContain("SHA256SUMS does not match");
        (await Script.RunAsync("checksums.sh", _folder.FullName)).Well();
        (await Ran.ToEndAsync("sha256sum", ["--check", "--strict", "SHA256SUMS"], folder: _folder.FullName)).Well();

        var release = (await PublishAsync()).Well().Output;
        release.ShouldStartWith($"gh release create v{version} --verify-tag --title ");
        foreach (var file in files.Append("SHA256SUMS")) release.ShouldContain(Path.Combine(_folder.FullName, file) + " ");
        release.ShouldContain((await Script.RunAsync("release-notes.sh")).Well().Output);

        await WriteAsync("stray", "");
        (await PublishAsync()).Error.ShouldContain("SHA256SUMS does not name stray");
        File.Delete(Path.Combine(_folder.FullName, "stray"));
        await WriteAsync(files[0], "tampered");
        (await PublishAsync()).ExitCode.ShouldBe(1);

        Task<Ran> PublishAsync() => Script.RunAsync("publish-release.sh", $"v{version}", _folder.FullName, "--dry-run");
    }

    [Fact]
    public async Task The_pages_a_stranger_looks_for_are_there()
    {
        foreach (var page in (string[])["LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ".devcontainer/devcontainer.json", ".github/PULL_REQUEST_TEMPLATE.md",
            ".github/ISSUE_TEMPLATE/bug.yml", ".github/ISSUE_TEMPLATE/feature.yml", ".github/ISSUE_TEMPLATE/deployment-feedback.yml"])
        {
            (await File.ReadAllTextAsync(Path.Combine(Programs.Repository, page), TestContext.Current.CancellationToken)).Length.ShouldBeGreaterThan(100, page);
        }

        (await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "LICENSE"), TestContext.Current.CancellationToken)).ShouldStartWith("MIT License");
    }

    [Fact]
    public async Task Who_contributes_is_told_of_scripts_that_are_there()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "CONTRIBUTING.md"), TestContext.Current.CancellationToken);

        var named = Regex.Matches(page, @"`(?:eng/)?([a-z-]+\.sh)\b").Select(static match => match.Groups[1].Value).Distinct().ToList();

        named.Count.ShouldBeGreaterThan(15);
        named.ShouldAllBe(static name => File.Exists(Script.Path(name)));
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }
}
