using Lucia.Publishing.Plan;
using static Lucia.Publishing.Tests.Planning;

namespace Lucia.Publishing.Tests.Plan;

public sealed class RelativePathTests
{
    [Theory]
    [InlineData("..", "../deploy/docker/Dockerfile.dev", "deploy/docker/Dockerfile.dev")]
    [InlineData("../", "..\\deploy\\Dockerfile", "deploy/Dockerfile")]
    [InlineData(".", "docker/Dockerfile", "docker/Dockerfile")]
    [InlineData("", "./Dockerfile", "Dockerfile")]
    [InlineData("src/web", "src/web/Dockerfile", "Dockerfile")]
    [InlineData("src/web", "docker/Dockerfile", "../../docker/Dockerfile")]
    [InlineData("a/../b", "b/c/../Dockerfile", "Dockerfile")]
    [InlineData("..", "/etc/Dockerfile", "/etc/Dockerfile")]
    [InlineData("..", "docker/Dockerfile.dev", null)]
    [InlineData("../..", "../docker/Dockerfile", null)]
    [InlineData("/src", "Dockerfile", null)]
    public void A_path_is_seen_from_a_folder_unless_that_takes_a_name_nobody_knows(string folder, string path, string? seen) =>
        RelativePath.From(folder, path).ShouldBe(seen);

    [Fact]
    public void A_development_Dockerfile_that_compose_could_not_find_is_refused()
    {
        var (plan, diagnostics) = Try(Resources(
            $"{Samples.Redis}, \"d\": {{ \"type\": \"lucia.deployment.v0\", \"workloads\": {{ \"redis\": {{ \"development\": {{ \"build\": {{ \"context\": \"..\", \"dockerfile\": \"docker/Dockerfile\" }} }} }} }} }}"));

        plan.ShouldBeNull();
        var finding = diagnostics.Errors.ShouldHaveSingleItem();
        (finding.Number, finding.JsonPath).ShouldBe(("LUCIA1502", "$.resources.d.workloads.redis.development.build.dockerfile"));
        finding.Remedy.ShouldContain("../FOLDER/docker/Dockerfile");
    }
}
