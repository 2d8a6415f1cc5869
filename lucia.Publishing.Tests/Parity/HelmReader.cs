using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
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
            await File.WriteAllTextAsync(values, Values(glossary, files[$"{glossary.Plan.Name}/values.yaml"]).ToJsonString(), TestContext.Current.CancellationToken);
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
            // The chart percent-encodes the reference that it was given in place of a secret.
            ? _glossary.WithReferences(Regex.Replace(Encoding.UTF8.GetString(Convert.FromBase64String(encoded)), "%7B(.*?)%7D", "{$1|uri}"))
            : $"unknown key {name}/{key}";

    private static JsonObject Values(Glossary glossary, string own)
    {
        // The chart takes no secrets that only builds need.
        var taken = YamlReading.Documents(own).Single().Entries("secrets").Select(static s => s.Key).ToHashSet();
        var plan = glossary.Plan;
        var names = new ChartNames(plan);
        var values = new JsonObject();
        if (taken.Count > 0)
        {
            values["secrets"] = new JsonObject(plan.Secrets.Where(p => taken.Contains(names.Key(p)))
                .Select(p => KeyValuePair.Create(names.Key(p), (JsonNode?)Glossary.Reference(p))));
        }
        var required = plan.Settings.Where(static p => p is { Required: true, Default: null }).ToList();
        if (required.Count > 0)
            values["settings"] = new JsonObject(required.Select(p => KeyValuePair.Create(names.Key(p), (JsonNode?)Glossary.Reference(p))));
        foreach (var workload in plan.Workloads)
        {
            var settings = new JsonObject();
            if (workload.Endpoints.Any(static e => e is { External: true, IsHttp: true }))
                settings["ingress"] = new JsonObject { ["host"] = $"{workload.Name}.example" };
            if (workload.Optional)
                settings["enabled"] = true;
            if (workload.BindMounts.Count > 0)
                settings["mounts"] = new JsonObject(workload.BindMounts.Select(m => KeyValuePair.Create(ChartNames.Key(m.Name), (JsonNode?)$"{workload.Name}-mount-{m.Name}")));
            values[names.Key(workload)] = settings;
        }
        return values;
    }
}
