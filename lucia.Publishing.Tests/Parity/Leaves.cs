using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Documents as single values, each by the path to it, so that two versions of them can be told apart value by value.</summary>
internal static partial class Leaves
{
    private const string Nothing = "nothing";

    /// <summary>Every value below a node: <c>spec.containers[web].image</c>. A list of texts is one value, and so are the labels of a selector.</summary>
    public static IEnumerable<(string Path, string Value)> Of(YamlNode node, string path = "", bool named = false) => node switch
    {
        YamlScalarNode scalar => [(path, scalar.Value ?? "")],
        YamlSequenceNode list when list.All(static i => i is YamlScalarNode) => [(path, string.Join(", ", list.Select(static i => i.Text())))],
        YamlSequenceNode list => list.SelectMany((item, i) => Of(item, $"{path}[{item.Text("name") ?? $"{i}"}]", item.Text("name") is not null)),
        YamlMappingNode { Children.Count: 0 } => [(path, "empty")],
        _ when path.EndsWith(".matchLabels", StringComparison.Ordinal) =>
            [(path, string.Join(", ", node.Entries().Select(static e => $"{e.Key[(e.Key.LastIndexOf('/') + 1)..]}={e.Value.Text()}")))],
        _ => node.Entries().Where(e => !named || e.Key != "name").SelectMany(e => Of(e.Value, path.Length == 0 ? e.Key : $"{path}.{e.Key}")),
    };

    /// <summary>
    /// Every value of a cluster's objects: <c>Deployment/web spec.replicas</c>. That an object is there is one too; its labels and the sums that
    /// only say that something else has changed are none.
    /// </summary>
    public static Dictionary<string, string> OfObjects(string yaml)
    {
        var objects = YamlReading.Documents(yaml).Where(static o => o.Text("kind") is not null).ToList();
        // kustomize names a ConfigMap and a Secret after its content.
        var hashed = objects.Where(static o => o.Text("kind") is "ConfigMap" or "Secret").Select(static o => o.Text("metadata", "name")!)
            .Where(static n => Hash().IsMatch(n)).ToDictionary(static n => n, static n => Hash().Replace(n, ""));
        return objects.SelectMany(Values).ToDictionary(static v => v.Key, static v => v.Value);

        IEnumerable<KeyValuePair<string, string>> Values(YamlNode o)
        {
            var name = o.Text("metadata", "name")!;
            var id = o.Text("kind") == "Namespace" ? "Namespace" : $"{o.Text("kind")}/{hashed.GetValueOrDefault(name, name)}";
            return Of(o).Where(static v => !Unsaid().IsMatch(v.Path)).Select(v => KeyValuePair.Create($"{id} {v.Path}", hashed.GetValueOrDefault(v.Value, v.Value)))
                .Append(KeyValuePair.Create(id, id == "Namespace" ? name : o.Text("metadata", "namespace") ?? "there"));
        }
    }

    /// <summary>What became of each value: <c>PATH: BEFORE -> AFTER</c>; of an object that goes, only that it does.</summary>
    public static IReadOnlyList<string> Changes(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
    [
        .. before.Keys.Union(after.Keys)
            .Where(path => before.GetValueOrDefault(path, Nothing) != after.GetValueOrDefault(path, Nothing))
            .Where(path => path.IndexOf(' ') is var end && (end < 0 || !before.ContainsKey(path[..end]) || after.ContainsKey(path[..end])))
            .Select(path => $"{path}: {before.GetValueOrDefault(path, Nothing)} -> {after.GetValueOrDefault(path, Nothing)}")
            .Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex("-[0-9a-z]{10}$")]
    private static partial Regex Hash();

    [GeneratedRegex(@"^(apiVersion|kind|metadata\.(name|namespace|labels\..*))$|\.annotations\.checksum/")]
    private static partial Regex Unsaid();
}
