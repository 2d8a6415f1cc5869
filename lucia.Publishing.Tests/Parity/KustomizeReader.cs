using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Reads a kustomize base with the ConfigMaps and Secrets that it generates, and the ingress component.</summary>
internal sealed class KustomizeReader(Glossary glossary, IReadOnlyDictionary<string, string> files) : IClusterSources
{
    private readonly YamlNode _base = YamlReading.Documents(files["base/kustomization.yaml"]).Single();
    private readonly IReadOnlyDictionary<string, string> _joined = JoiningScript.Blocks(files["setup.sh"]);

    public TargetFacts Read()
    {
        var paths = _base.Items("resources").Select(static r => "base/" + r.Text()).Where(files.ContainsKey)
            .Concat(files.Keys.Where(static f => f.StartsWith("components/ingress/", StringComparison.Ordinal) && f.EndsWith(".yaml", StringComparison.Ordinal)));
        return new ClusterReader("kubernetes", glossary, [.. paths.SelectMany(p => YamlReading.Documents(files[p]))], this).Read();
    }

    public IReadOnlyDictionary<string, string> ConfigMap(string name)
    {
        var generator = _base.Items("configMapGenerator").FirstOrDefault(g => g.Text("name") == name);
        // The base's .env begins as a copy of the example.
        return generator.Items("envs").Select(static e => e.Text()!)
            .SelectMany(file => EnvironmentFile.Read(files[file == ".env" ? "base/.env.example" : "base/" + file], commented: false))
            .ToDictionary();
    }

    public string Secret(string name, string key)
    {
        var entry = _base.Items("secretGenerator").FirstOrDefault(g => g.Text("name") == name).Items("files")
            .Select(static f => f.Text()!).FirstOrDefault(f => f.StartsWith(key + "=secrets/", StringComparison.Ordinal));
        var file = entry?[(key + "=secrets/").Length..];
        return file is null ? $"unknown key {name}/{key}"
            : _joined.TryGetValue(file, out var commands) ? JoiningScript.Read(commands, glossary)
            : glossary.Secret(file) ?? $"unknown secret {file}";
    }
}
