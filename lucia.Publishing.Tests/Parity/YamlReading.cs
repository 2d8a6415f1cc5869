using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Short ways through YAML that a real parser has read.</summary>
internal static class YamlReading
{
    public static IEnumerable<YamlNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Select(static d => d.RootNode);
    }

    /// <summary>The node at the end of a path of keys; null where a step is missing.</summary>
    public static YamlNode? At(this YamlNode? node, params string[] path)
    {
        foreach (var key in path)
            node = node is YamlMappingNode map && map.Children.TryGetValue(key, out var next) ? next : null;
        return node;
    }

    public static string? Text(this YamlNode? node, params string[] path) => node.At(path) is YamlScalarNode scalar ? scalar.Value ?? "" : null;

    public static IEnumerable<YamlNode> Items(this YamlNode? node, params string[] path) => node.At(path) is YamlSequenceNode list ? list.Children : [];

    public static IEnumerable<(string Key, YamlNode Value)> Entries(this YamlNode? node, params string[] path) =>
        node.At(path) is YamlMappingNode map ? map.Children.Select(static c => (((YamlScalarNode)c.Key).Value!, c.Value)) : [];

    /// <summary>The words of a list of texts, apart enough that no other list reads the same.</summary>
    public static string Words(this YamlNode? node, params string[] path) => string.Join(" | ", node.Items(path).Select(static w => w.Text()));
}
