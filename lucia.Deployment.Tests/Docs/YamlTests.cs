using System.Text.Json.Nodes;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>What the guides tell one to write into a file of values, an override or an overlay is accepted by the program that reads it.</summary>
public sealed class YamlTests : IDisposable
{
    private const string Model = "Endpoint=http://192.168.1.30:11434;Model=qwen3:8b;Provider=ollama";

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("lucia-yaml-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Delete(recursive: true);

    [Fact]
    public async Task Values_are_the_charts()
    {
        Assert.SkipWhen(ClusterPrograms.Helm is null, "helm is not installed");
        var blocks = Blocks("values");

        // The chart's own page is generated without markers.
        foreach (var (guide, fence) in blocks.Concat(Guide.Read("deploy/helm/lucia/README.md") is var readme ? readme.Fences.Where(fence => fence.Language == "yaml").Select(fence => (readme, fence)) : []))
        {
            var values = Path.Combine(_scratch.FullName, "values.yaml");
            await File.WriteAllTextAsync(values, fence.Text, Cancellation);
            var rendered = await Ran.ToEndAsync(
                ClusterPrograms.Helm!, ["template", "lucia", "deploy/helm/lucia", "-f", values, "--set-string", $"secrets.connectionStringsChatModel={Model.Replace(",", "\\,", StringComparison.Ordinal)}"]);
            rendered.ExitCode.ShouldBe(0, $"{guide}, line {fence.Line}: {rendered.Error}");
        }
    }

    [Fact]
    public async Task Overrides_are_composes()
    {
        await ComposeProgram.NeedAsync();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the set-up is a shell script");
        var target = Target.In("compose", _scratch);
        await target.ConfigureAsync(Model, "");
        var folder = Path.Combine(_scratch.FullName, "compose");

        foreach (var (guide, fence) in Blocks("compose"))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "docker-compose.override.yml"), fence.Text, Cancellation);
            var config = await Ran.ToEndAsync("docker", ["compose", "config", "--format", "json"], folder: folder);
            config.ExitCode.ShouldBe(0, $"{guide}, line {fence.Line}: {config.Error}");
            // It is an addition: the service it changes is still there, and so is what it does not name.
            JsonNode.Parse(config.Output)!["services"]!["agenthost"]!["read_only"]!.GetValue<bool>().ShouldBeTrue();
        }
    }

    [Fact]
    public async Task An_overlay_is_kustomizes()
    {
        Assert.SkipWhen(ClusterPrograms.Kubectl is null, "kubectl is not installed");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the set-up is a shell script");
        var overlay = Guide.Read("deploy/kubernetes/README.md").Fences.Single(fence => fence.Language == "yaml" && fence.Text.Contains("kind: Kustomization", StringComparison.Ordinal));
        var target = Target.In("kubernetes", _scratch);
        await target.ConfigureAsync(Model, "");
        var folder = Directory.CreateDirectory(Path.Combine(_scratch.FullName, "kubernetes/overlays/home"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "kustomization.yaml"), overlay.Text, Cancellation);

        var rendered = (await Ran.ToEndAsync(ClusterPrograms.Kubectl!, ["kustomize", folder.FullName])).Well().Output;

        rendered.ShouldContain("host: lucia.home.arpa");
        rendered.ShouldContain("ingressClassName: nginx");
    }

    private static List<(Guide Guide, Fence Fence)> Blocks(string marker)
    {
        var blocks = Guide.All.SelectMany(guide => guide.Fences.Where(fence => fence.Language == "yaml" && fence.Markers.Contains(marker)).Select(fence => (guide, fence))).ToList();
        blocks.ShouldNotBeEmpty();
        return blocks;
    }
}
