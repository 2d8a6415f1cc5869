using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Reads a kustomize base and its components, with the ConfigMaps and Secrets that they generate.</summary>
internal sealed class KustomizeReader : IClusterSources
{
    private readonly Glossary _glossary;
    private readonly IReadOnlyDictionary<string, string> _files;
    private readonly IReadOnlyList<(string Folder, YamlNode Kustomization)> _kustomizations;
    private readonly IReadOnlyDictionary<string, string> _joined;

    public KustomizeReader(Glossary glossary, IReadOnlyDictionary<string, string> files)
    {
        (_glossary, _files) = (glossary, files);
        _kustomizations =
        [
            .. files.Where(static f => f.Key.EndsWith("/kustomization.yaml", StringComparison.Ordinal) && !f.Key.StartsWith("overlays/", StringComparison.Ordinal))
                .Select(static f => (f.Key[..(f.Key.LastIndexOf('/') + 1)], YamlReading.Documents(f.Value).Single())),
        ];
        _joined = JoiningScript.Blocks(files["setup.sh"]);
    }

    public TargetFacts Read()
    {
        var paths = _kustomizations.SelectMany(static k => k.Kustomization.Items("resources").Select(r => k.Folder + r.Text())).Where(_files.ContainsKey);
        return new ClusterReader("kubernetes", _glossary, [.. paths.SelectMany(p => YamlReading.Documents(_files[p]))], this).Read();
    }

    // The base's .env begins as a copy of the example.
    public IReadOnlyDictionary<string, string> ConfigMap(string name) => Generated("configMapGenerator", name, "envs")
        .SelectMany(e => EnvironmentFile.Read(_files[e.Folder + (e.Entry == ".env" ? ".env.example" : e.Entry)], commented: false))
        .Concat(Generated("configMapGenerator", name, "files").Select(e => e.Entry.Split('=', 2) is [var key, var file]
            ? KeyValuePair.Create(key, _files[e.Folder + file]) : KeyValuePair.Create(e.Entry[(e.Entry.LastIndexOf('/') + 1)..], _files[e.Folder + e.Entry])))
        .ToDictionary();

    public string Secret(string name, string key)
    {
        var entry = Generated("secretGenerator", name, "files").Select(static e => e.Entry).FirstOrDefault(e => e.StartsWith(key + "=secrets/", StringComparison.Ordinal));
        var file = entry?[(key + "=secrets/").Length..];
        return file is null ? $"unknown key {name}/{key}"
            : _joined.TryGetValue(file, out var commands) ? JoiningScript.Read(commands, _glossary)
            : _glossary.Secret(file) ?? $"unknown secret {file}";
    }

    private IEnumerable<(string Folder, string Entry)> Generated(string generator, string name, string source) =>
        from k in _kustomizations
        from item in k.Kustomization.Items(generator)
        where item.Text("name") == name
        from entry in item.Items(source)
        select (k.Folder, entry.Text()!);
}
