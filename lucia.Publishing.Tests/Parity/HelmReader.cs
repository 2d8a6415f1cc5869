using System.Text;
using System.Text.Json.Nodes;
using Lucia.Publishing.Helm;
using Lucia.Publishing.Tests.Kubernetes;
using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Reads what helm itself makes of the chart, given each secret and each required setting as the reference that it stands for.</summary>
internal sealed class HelmReader : IClusterSources
{
    private readonly Glossary _glossary;
    private readonly IReadOnlyList<YamlNode> _objects;

    private HelmReader(Glossary glossary, IReadOnlyList<YamlNode> objects) => (_glossary, _objects) = (glossary, objects);

    public static async Task<TargetFacts> ReadAsync(Glossary glossary, IReadOnlyDictionary<string, string> files)
    {
        var reader = new HelmReader(glossary, [.. YamlReading.Documents(await RenderAsync(glossary, files))]);
        return new ClusterReader("helm", glossary, reader._objects, reader).Read();
    }

    /// <summary>The objects that helm makes; skips the test where there is no helm.</summary>
    public static async Task<string> RenderAsync(Glossary glossary, IReadOnlyDictionary<string, string> files)
    {
        var helm = ClusterTools.Helm;
        var folder = Directory.CreateTempSubdirectory("lucia-parity-").FullName;
        try
        {
            foreach (var (path, text) in files)
            {
                var file = Path.Combine(folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllTextAsync(file, text, new UTF8Encoding(false), TestContext.Current.CancellationToken);
            }
            var values = Path.Combine(folder, "values.parity.json");
            await File.WriteAllTextAsync(values, Values(glossary).ToJsonString(), TestContext.Current.CancellationToken);
            return (await ClusterTools.RunAsync(helm, ["template", "parity", Path.Combine(folder, glossary.Plan.Name), "--values", values])).Output;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public IReadOnlyDictionary<string, string> ConfigMap(string name) => _objects
        .FirstOrDefault(o => o.Text("kind") == "ConfigMap" && o.Text("metadata", "name") == name).Entries("data").ToDictionary(static e => e.Key, static e => e.Value.Text()!);

    public string Secret(string name, string key) =>
        _objects.FirstOrDefault(o => o.Text("kind") == "Secret" && o.Text("metadata", "name") == name).Text("data", key) is { } encoded
            ? _glossary.WithReferences(Encoding.UTF8.GetString(Convert.FromBase64String(encoded)))
            : $"unknown key {name}/{key}";

    private static JsonObject Values(Glossary glossary)
    {
        var plan = glossary.Plan;
        var names = new ChartNames(plan);
        var values = new JsonObject
        {
            ["settings"] = new JsonObject(plan.Settings.Where(static p => p is { Required: true, Default: null })
                .Select(p => KeyValuePair.Create(names.Key(p), (JsonNode?)Glossary.Reference(p)))),
            ["secrets"] = new JsonObject(plan.Secrets.Select(p => KeyValuePair.Create(names.Key(p), (JsonNode?)Glossary.Reference(p)))),
        };
        foreach (var workload in plan.Workloads.Where(static w => w.Endpoints.Any(static e => e is { External: true, IsHttp: true })))
            values[names.Key(workload)] = new JsonObject { ["ingress"] = new JsonObject { ["host"] = $"{workload.Name}.example" } };
        return values;
    }
}
