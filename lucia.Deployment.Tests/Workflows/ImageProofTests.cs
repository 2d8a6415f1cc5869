using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Workflows;

/// <summary>The image as the workflow builds and tries it.</summary>
[Trait("Speed", "Slow")]
public sealed class ImageProofTests(ServiceImage image)
{
    [Fact]
    public async Task What_is_built_passes_the_proofs_and_another_image_does_not()
    {
        Assert.SkipWhen(Programs.Find("docker") is null, "docker is not on PATH.");
        Assert.SkipUnless((await Ran.ToEndAsync("docker", ["info"])).ExitCode == 0, "No container engine answers.");
        Script.SkipElsewhere();
        var name = await image.GetAsync();
        var other = $"lucia-proof:{Environment.ProcessId}";
        try
        {
            var passed = (await Script.RunAsync("smoke-image.sh", name)).Well();
            foreach (var proof in (string[])["the label version", "the label revision", "the label licenses", "the label source", "the answer of /api/agents without the key is 401", "the commit in /health"])
                passed.Error.ShouldContain($"ok: {proof}");

            // The same program under a name that promises another version.
            (await Ran.ToEndAsync("docker", ["build", "--quiet", "--tag", other, "-"],
                new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"FROM {name}\nLABEL org.opencontainers.image.version=9.9.9\nUSER root\n")))).Well();
            var failed = await Script.RunAsync("smoke-image.sh", other);
            failed.ExitCode.ShouldBe(1);
            failed.Error.ShouldContain("FAILED: the label version is \"9.9.9\"");
            failed.Error.ShouldContain("FAILED: the user is \"root\", not \"not root\"");
        }
        finally
        {
            await Ran.ToEndAsync("docker", ["image", "rm", "--force", other]);
        }
    }
}
