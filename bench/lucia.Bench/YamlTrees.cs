using Lucia.Publishing.Text;
using YamlDotNet.RepresentationModel;
using ReadNode = YamlDotNet.RepresentationModel.YamlNode;
using YamlNode = Lucia.Publishing.Text.YamlNode;

namespace Lucia.Bench;

/// <summary>One document in the forms that both emitters start from.</summary>
internal static class YamlTrees
{
    /// <summary>For the publishers' own emitter.</summary>
    public static YamlNode Own(ReadNode node)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                var map = new YamlMap();
                foreach (var (key, value) in mapping.Children)
                    map.Add(((YamlScalarNode)key).Value!, Own(value));
                return map;
            case YamlSequenceNode sequence:
                return new YamlList(sequence.Children.Select(Own));
            default:
                return ((YamlScalarNode)node).Value ?? "";
        }
    }

    /// <summary>For YamlDotNet's serializer.</summary>
    public static object Plain(ReadNode node) => node switch
    {
        YamlMappingNode mapping => mapping.Children.ToDictionary(static c => ((YamlScalarNode)c.Key).Value!, static c => Plain(c.Value)),
        YamlSequenceNode sequence => sequence.Children.Select(Plain).ToList(),
        _ => ((YamlScalarNode)node).Value ?? "",
    };

    public static ReadNode Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Single().RootNode;
    }
}
