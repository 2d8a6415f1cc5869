using System.Text.RegularExpressions;

namespace Lucia.Publishing.Tests.Compose;

/// <summary>Manifests that others published.</summary>
public sealed partial class PublicManifestTests
{
    [Theory]
    [InlineData("07")]
    [InlineData("10")]
    [InlineData("11")]
    [InlineData("12")]
    [InlineData("13")]
    [InlineData("17")]
    [InlineData("19")]
    public async Task It_is_published_whole_and_docker_compose_reads_it(string number)
    {
        using var output = ComposeOutput.Of(Manifest(number));
        var names = output.Result.Plan!.ResourceNames;

        foreach (var file in output.Files.Files)
            Expression().Matches(file.Text).Select(static m => m.Groups[1].Value).Where(names.Contains).ShouldBeEmpty(file.Path);
        await output.SetUpAsync(
            TestContext.Current.CancellationToken, [.. output.Result.Plan.Parameters.Select(static p => (p.Variable, "value"))]);
        await Engine.NeedComposeAsync();
        var run = await Command.RunAsync("docker", ["compose", "config", "--quiet"], output.Folder, TestContext.Current.CancellationToken);
        run.ExitCode.ShouldBe(0, run.Error);
    }

    private static string Manifest(string number)
    {
        var folder = Environment.GetEnvironmentVariable("LUCIA_MANIFESTS");
        if (string.IsNullOrEmpty(folder))
            Assert.Skip("LUCIA_MANIFESTS names no folder of public manifests.");
        return File.ReadAllText(Directory.EnumerateFiles(folder, number + "-*.json").Single());
    }

    [GeneratedRegex(@"(?<!\$)\{([A-Za-z][A-Za-z0-9_-]*)\.[A-Za-z0-9_.-]+\}")]
    private static partial Regex Expression();
}
