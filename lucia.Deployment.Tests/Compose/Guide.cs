using System.Text.RegularExpressions;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>What the guide of a deployment tells a person to type.</summary>
internal sealed partial class Guide(string file)
{
    private readonly string _text = File.ReadAllText(file);

    /// <summary>The blocks marked as runnable, in their order.</summary>
    public IReadOnlyList<string> Runnable => [.. Blocks().Matches(_text).Select(static block => block.Groups[1].Value)];

    /// <summary>The command in the table row that says what one wants to do.</summary>
    public string To(string wish) => Rows().Matches(_text).Single(row => row.Groups[1].Value == wish).Groups[2].Value;

    /// <summary>The commands of a row that names several, one after the other.</summary>
    public IReadOnlyList<string> AllTo(string wish) =>
        [.. _text.Split('\n').Single(line => line.StartsWith($"| {wish} |", StringComparison.Ordinal)).Split('`').Where(static (_, at) => at % 2 == 1)];

    [GeneratedRegex("^```(?:ba)?sh runnable\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^\| ([^|`]+) \| `([^`]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
