using System.Text;
using System.Text.Json.Nodes;
using Lucia.Publishing.Helm;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Tests.Kubernetes;
using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Says what the files that are laid over an output make different, by the tool that lays them over it: kubectl, helm; for compose by its rules.</summary>
internal static class Overlay
{
    /// <param name="target">Compose, Kubernetes or Helm.</param>
    /// <param name="plan">What was published.</param>
    /// <param name="files">The output of the target, by path.</param>
    /// <param name="name">A folder below the output (<c>overlays/ha</c>, <c>components/ingress</c>), or a file (<c>ci/ha-values.yaml</c>, <c>docker-compose.dev.yml</c>).</param>
    /// <returns>A line for each value that is another than without it.</returns>
    public static async Task<IReadOnlyList<string>> ChangesAsync(string target, DeploymentPlan plan, IReadOnlyDictionary<string, string> files, string name)
    {
        if (target == "compose")
        {
            var file = YamlReading.Documents(files["docker-compose.yml"]).Single();
            return Leaves.Changes(
                Leaves.Of(file).ToDictionary(static l => l.Path, static l => l.Value),
                Leaves.Of(Merge(file, YamlReading.Documents(files[name]).Single())!).ToDictionary(static l => l.Path, static l => l.Value));
        }
        var program = target == "helm" ? ClusterTools.Helm : ClusterTools.Kubectl;
        var folder = Directory.CreateTempSubdirectory("lucia-overlay-").FullName;
        try
        {
            foreach (var (path, text) in files)
                await WriteAsync(folder, path, text);
            if (target == "kubernetes")
            {
                await PrepareAsync(folder, files);
                return Leaves.Changes(await KustomizeAsync(program, folder, "base"), await KustomizeAsync(program, folder, name));
            }
            await WriteAsync(folder, "given.json", Given(plan, files[$"{plan.Name}/values.yaml"]).ToJsonString());
            return Leaves.Changes(await HelmAsync(program, folder, plan, null), await HelmAsync(program, folder, plan, name));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Two files as compose merges them: https://docs.docker.com/reference/compose-file/merge/.</summary>
    private static YamlNode? Merge(YamlNode below, YamlNode above)
    {
        if (above.Tag == "!reset")
            return null;
        if (below is YamlMappingNode mapBelow && above is YamlMappingNode mapAbove)
        {
            var merged = new YamlMappingNode();
            foreach (var (key, value) in mapBelow.Children)
            {
                if (!mapAbove.Children.TryGetValue(key, out var over))
                    merged.Add(key, value);
                else if (Merge(value, over) is { } both)
                    merged.Add(key, both);
            }
            foreach (var (key, value) in mapAbove.Children.Where(c => !mapBelow.Children.ContainsKey(c.Key) && c.Value.Tag != "!reset"))
                merged.Add(key, value);
            return merged;
        }
        return below is YamlSequenceNode first && above is YamlSequenceNode second ? new YamlSequenceNode(first.Children.Concat(second.Children)) : above;
    }

    // What setup.sh makes.
    private static async Task PrepareAsync(string folder, IReadOnlyDictionary<string, string> files)
    {
        await WriteAsync(folder, "base/.env", files.GetValueOrDefault("base/.env.example", ""));
        foreach (var (path, text) in files.Where(static f => f.Key.EndsWith("kustomization.yaml", StringComparison.Ordinal)))
        {
            foreach (var entry in YamlReading.Documents(text).Single().Items("secretGenerator").SelectMany(static g => g.Items("files")))
                await WriteAsync(folder, Path.Combine(Path.GetDirectoryName(path)!, entry.Text()!.Split('=')[^1]), "secret");
        }
    }

    private static async Task<Dictionary<string, string>> KustomizeAsync(string kubectl, string folder, string name)
    {
        if (name.StartsWith("components/", StringComparison.Ordinal))
        {
            const string own = "overlays/own";
            await WriteAsync(folder, own + "/kustomization.yaml", $"resources:\n  - ../../base\ncomponents:\n  - ../../{name}\n");
            name = own;
        }
        return Leaves.OfObjects((await ClusterTools.RunAsync(kubectl, ["kustomize", name], folder)).Output);
    }

    private static async Task<Dictionary<string, string>> HelmAsync(string helm, string folder, DeploymentPlan plan, string? values)
    {
        string[] with = values is null ? [] : ["--values", Path.Combine(folder, plan.Name, values)];
        return Leaves.OfObjects((await ClusterTools.RunAsync(
            helm, ["template", "parity", Path.Combine(folder, plan.Name), "--values", Path.Combine(folder, "given.json"), .. with])).Output);
    }

    // What has to be given, and what would else be generated anew for each rendering.
    private static JsonObject Given(DeploymentPlan plan, string own)
    {
        var names = new ChartNames(plan);
        // The files below ci/ give the examples too, so that these are no change.
        var taken = YamlReading.Documents(own).Single().Entries("secrets").Select(static s => s.Key).ToHashSet();
        return new JsonObject
        {
            ["secrets"] = new JsonObject(plan.Secrets.Where(s => taken.Contains(names.Key(s))).Select(s => KeyValuePair.Create(names.Key(s), (JsonNode?)(s.Example ?? "a-secret-of-32-characters-or-more")))),
        };
    }

    private static async Task WriteAsync(string folder, string path, string text)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, new UTF8Encoding(false), TestContext.Current.CancellationToken);
    }
}
