using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>What the guides tell one to do to a cluster does all of it: an installation is complete, a removal leaves nothing, and both ways of deploying are named.</summary>
public sealed partial class ClusterCommandTests : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("lucia-cluster-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Delete(recursive: true);

    /// <summary>Every command afterwards asks in the namespace; and what the chart requires is given.</summary>
    [Fact]
    public async Task An_installation_by_Helm_gives_what_the_chart_requires_in_the_namespace_that_later_commands_name()
    {
        Assert.SkipWhen(ClusterPrograms.Helm is null, "helm is not installed");
        var model = Path.Combine(_scratch.FullName, "chat-model.txt");
        await File.WriteAllTextAsync(model, "Endpoint=http://192.168.1.30:11434;Model=qwen3:8b;Provider=ollama", Cancellation);
        // A file of values is what a block before makes, which is rendered where it is run.
        var installations = Guide.All
            .SelectMany(guide => guide.Fences.Where(fence => fence.IsShell).Select(fence => fence.Script).Concat(guide.Code).SelectMany(ShellCommands.Of).Select(command => (guide, command)))
            .Where(one => one.command.Words is ["helm", "upgrade", "--install", _, _, ..] && !one.command.Words.Contains("-f")).ToList();

        installations.Select(one => one.guide.Path).ShouldBe(["README.md", "deploy/docs/kubernetes.md", "deploy/docs/kubernetes.md", "deploy/helm/lucia/README.md"], ignoreOrder: true);
        foreach (var (guide, command) in installations)
        {
            List<string> words = ["template", "--kube-version", "1.28.0", .. command.Words.Skip(3).Select(word => word.Replace("=chat-model.txt", $"={model}", StringComparison.Ordinal))];
            var rendered = await Ran.ToEndAsync(ClusterPrograms.Helm!, words, folder: Path.Combine(Programs.Repository, command.Words[4] == "." ? guide.Folder : ""));

            rendered.ExitCode.ShouldBe(0, $"{guide}: {command}: {rendered.Error}");
            rendered.Output.ShouldContain("\n  namespace: lucia\n", customMessage: $"{guide}: {command}");
        }
    }

    [Fact]
    public async Task A_removal_names_every_kind_that_is_made()
    {
        Assert.SkipWhen(ClusterPrograms.Kubectl is null, "kubectl is not installed");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the set-up is a shell script");
        await Target.In("kubernetes", _scratch).ConfigureAsync("Model=qwen3:8b;Provider=ollama", "");
        var folder = Directory.CreateDirectory(Path.Combine(_scratch.FullName, "kubernetes/overlays/all"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "kustomization.yaml"), "resources: [../ha]\ncomponents: [../../components/ingress]\n", Cancellation);
        var rendered = (await Ran.ToEndAsync(ClusterPrograms.Kubectl!, ["kustomize", folder.FullName])).Well().Output;
        // The namespace and the volume are kept.
        var made = Kind().Matches(rendered).Select(match => match.Groups[1].Value.ToLowerInvariant()).Where(kind => kind != "namespace").Distinct().ToList();

        made.Count.ShouldBeGreaterThan(5);
        foreach (var page in new[] { "deploy/docs/kubernetes.md", "deploy/kubernetes/README.md" })
        {
            var removal = Guide.Read(page).Fences.Where(fence => fence.IsShell).SelectMany(fence => ShellCommands.Of(fence.Script))
                .Where(command => command.Words.Contains("delete") && command.Words.Any(word => word.Contains("part-of", StringComparison.Ordinal))).ShouldHaveSingleItem();
            removal.Words.Single(word => word.Contains(',', StringComparison.Ordinal)).Split(',').ShouldBe(made, ignoreOrder: true, page);
        }
    }

    /// <summary>The chart's objects have the release's name before theirs; a reader has the one or the other.</summary>
    [Fact]
    public void A_page_that_names_the_deployment_of_one_way_names_the_others_too()
    {
        var pages = Guide.All.Where(guide => Deployment().IsMatch(guide.Text) && !guide.Path.StartsWith("deploy/kubernetes/", StringComparison.Ordinal)).ToList();

        pages.Count.ShouldBeGreaterThan(3);
        foreach (var page in pages)
            (page.Text.Contains("deployment/lucia-agenthost", StringComparison.Ordinal) || page.Text.Contains("helm upgrade lucia ", StringComparison.Ordinal) || page.Text.Contains("helm upgrade --install lucia ", StringComparison.Ordinal))
                .ShouldBeTrue($"{page} names deployment/agenthost, which Helm does not make");
    }

    [GeneratedRegex(@"^kind: (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Kind();

    [GeneratedRegex("deployment/agenthost")]
    private static partial Regex Deployment();
}
