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
        var empty = Directory.CreateTempSubdirectory("lucia-feed-");
        try
        {
            // A source and a cache with nothing in them, wherever this runs; what is found out stays there too, and spoils nobody's build.
            var ran = await Ran.ToEndAsync(
                "/usr/bin/env",
                [$"RestoreSources={empty.FullName}", $"NUGET_PACKAGES={empty.FullName}/cache", $"MSBuildProjectExtensionsPath={empty.FullName}/obj/", "/bin/bash", Script], seconds: 180);

            ran.ExitCode.ShouldBe(69, ran.Output + ran.Error);
            ran.Error.ShouldContain("the package feed of this machine lacks what LuciaPackages=full needs");
            ran.Error.ShouldContain("Microsoft.Extensions.ServiceDiscovery");
            ran.Error.ShouldContain("nothing was checked");
        }
        finally
        {
            empty.Delete(recursive: true);
        }
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
