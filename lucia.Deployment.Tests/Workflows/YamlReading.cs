using YamlDotNet.RepresentationModel;

namespace Lucia.Deployment.Tests.Workflows;

/// <summary>Short words for reading YAML.</summary>
internal static class YamlReading
{
    /// <summary>The mapping under a key; an empty one when there is none.</summary>
    public static YamlMappingNode Map(this YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) && value is YamlMappingNode map ? map : [];

    public static bool Has(this YamlMappingNode node, string key) => node.Children.ContainsKey(key);

    public static string? Text(this YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;

    /// <summary>One text or a list of them.</summary>
    public static IReadOnlyList<string> Texts(this YamlMappingNode node, string key) => !node.Children.TryGetValue(key, out var value) ? [] : value switch
    {
        YamlSequenceNode list => [.. list.Select(item => ((YamlScalarNode)item).Value!)],
        YamlScalarNode one => [one.Value!],
        _ => [],
    };

    public static IReadOnlyDictionary<string, string> Pairs(this YamlMappingNode node) =>
        node.Children.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => ((YamlScalarNode)pair.Value).Value!);

    /// <summary>Every text below a node, keys too.</summary>
    public static IEnumerable<string> AllScalars(this YamlNode node) => node.AllNodes.OfType<YamlScalarNode>().Select(scalar => scalar.Value ?? "");
}
