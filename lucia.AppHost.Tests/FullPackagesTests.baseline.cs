using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.AppHost.Tests;

/// <summary>The script that checks everything on Aspire's own packages, where those are not to be had.</summary>
public sealed class FullPackagesTests
{
    private static readonly string Script = Path.Combine(Programs.Repository, "eng", "check-full.sh");

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_feed_without_the_packages_is_told_clearly_with_an_exit_code_of_its_own()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "there is no bash");
        // A tree, a source and a cache of its own: what is found out there spoils nobody's build, and nothing found out before answers for it.
        await using var tree = new TreeCopy();
        await tree.PrepareAsync();
        Directory.CreateDirectory(Path.Combine(tree.Scratch, "feed"));
        await File.WriteAllTextAsync(
            Path.Combine(tree.Root, "NuGet.config"),
            """
            <configuration>
              <packageSources><clear /><add key="empty" value="../feed" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """,
            TestContext.Current.CancellationToken);

        var ran = await Ran.ToEndAsync("/usr/bin/env", [$"NUGET_PACKAGES={tree.Scratch}/cache", "/bin/bash", Path.Combine(tree.Root, "eng", "check-full.sh")], seconds: 180);

        ran.ExitCode.ShouldBe(69, ran.Output + ran.Error);
        ran.Error.ShouldContain("the package feed of this machine lacks what LuciaPackages=full needs");
        ran.Error.ShouldContain("Microsoft.Extensions.ServiceDiscovery");
        ran.Error.ShouldContain("Aspire.Hosting.AppHost");
        ran.Error.ShouldContain("nothing was checked");
    }

    [Fact]
    public async Task The_script_explains_itself()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "there is no bash");

        (await Ran.ToEndAsync("/bin/bash", [Script, "--help"])).Well().Output.ShouldContain("--without-aspirate");
        (await Ran.ToEndAsync("/bin/bash", [Script, "--nonsense"])).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task The_script_is_clean_for_shellcheck()
    {
        Assert.SkipWhen(Programs.Find("shellcheck") is null, "there is no shellcheck");

        (await Ran.ToEndAsync("shellcheck", [Script])).Well();
    }
}
