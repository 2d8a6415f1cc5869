using System.Text;
using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Upgrade;

/// <summary>
/// What the API server lets nobody change of an object that is there, by the object and the field, such as <c>StatefulSet/redis spec.serviceName</c>.
/// An installation is upgraded in place only where all of it stays.
/// </summary>
internal static class ImmutableFields
{
    private static readonly Dictionary<string, string[]> Fields = new()
    {
        ["StatefulSet"] = ["spec.selector", "spec.serviceName", "spec.volumeClaimTemplates", "spec.podManagementPolicy"],
        ["Deployment"] = ["spec.selector"],
        ["Service"] = ["spec.clusterIP"],
        ["PersistentVolumeClaim"] = ["spec"],
        ["Secret"] = ["type", "immutable"],
        ["ConfigMap"] = ["immutable"],
    };

    /// <summary>The fields of the objects in some YAML documents, each with its value.</summary>
    public static SortedDictionary<string, string> Of(string yaml)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var root in Objects(yaml))
        {
            var kind = Text(root, "kind");
            if (!Fields.TryGetValue(kind, out var fields))
                continue;
            foreach (var field in fields)
                found[$"{kind}/{Text(root, "metadata.name")} {field}"] = Written(At(root, field));
        }
        return found;
    }

    /// <summary>Workloads whose selector does not match the labels of their own pods, which the API server refuses.</summary>
    public static IEnumerable<string> Mismatched(string yaml) =>
        from root in Objects(yaml)
        where Text(root, "kind") is "Deployment" or "StatefulSet"
        let labels = (YamlMappingNode)At(root, "spec.template.metadata.labels")!
        where ((YamlMappingNode)At(root, "spec.selector.matchLabels")!).Children.Any(l => !labels.Children.TryGetValue(l.Key, out var value) || !value.Equals(l.Value))
        select Text(root, "metadata.name");

    private static IEnumerable<YamlMappingNode> Objects(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Select(static d => d.RootNode).OfType<YamlMappingNode>();
    }

    private static string Text(YamlMappingNode root, string path) => ((YamlScalarNode)At(root, path)!).Value!;

    private static YamlNode? At(YamlMappingNode root, string path)
    {
        YamlNode? node = root;
        foreach (var key in path.Split('.'))
        {
            if (node is not YamlMappingNode map || !map.Children.TryGetValue(new YamlScalarNode(key), out node))
                return null;
        }
        return node;
    }

    // Members in the order of their names: theirs says nothing.
    private static string Written(YamlNode? node)
    {
        var text = new StringBuilder();
        switch (node)
        {
            case YamlMappingNode map:
                text.Append('{').AppendJoin(", ", map.Children.OrderBy(static c => ((YamlScalarNode)c.Key).Value, StringComparer.Ordinal).Select(static c => $"{c.Key}: {Written(c.Value)}")).Append('}');
                break;
            case YamlSequenceNode list:
                text.Append('[').AppendJoin(", ", list.Children.Select(Written)).Append(']');
                break;
            case null:
                text.Append("unset");
                break;
            default:
                text.Append(node);
                break;
        }
        return text.ToString();
    }
}
