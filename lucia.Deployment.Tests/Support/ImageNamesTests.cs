namespace Lucia.Deployment.Tests.Support;

public sealed class ImageNamesTests
{
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_name_goes_back_to_whose_it_was_or_to_nobody()
    {
        Assert.SkipUnless((await Shell.RunAsync("docker info", Path.GetTempPath(), seconds: 30)).ExitCode == 0, "no container engine answers");
        var repository = $"lucia-test-{Guid.NewGuid():N}";
        var (taken, free) = ($"{repository}:taken", $"{repository}:free");
        var (theirs, ours) = (await MakeAsync("theirs"), await MakeAsync("ours"));
        try
        {
            (await Ran.ToEndAsync("docker", ["tag", theirs, taken])).Well();

            await using (await ImageNames.RememberAsync([taken, free]))
                foreach (var name in new[] { taken, free }) (await Ran.ToEndAsync("docker", ["tag", ours, name])).Well();

            (await ImageNames.ImageAsync(taken)).ShouldBe(theirs);
            (await ImageNames.ImageAsync(free)).ShouldBeNull();
            (await ImageNames.ImageAsync(ours)).ShouldBe(ours, "only the name is taken away, it has another");
        }
        finally
        {
            await Ran.ToEndAsync("docker", ["image", "rm", "--force", theirs, ours]);
        }

        // An image of nothing but a label.
        async Task<string> MakeAsync(string word) =>
            (await Shell.RunAsync($"printf 'FROM scratch\\nLABEL word={word}\\n' | docker build --quiet --tag {repository}:{word} -", Path.GetTempPath())).Well().Output.Trim();
    }
}
