using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;

namespace Lucia.Deployment.Tests.Support;

/// <summary>One page of documentation, read as GitHub reads it.</summary>
/// <param name="Path">Relative to the repository, with slashes; a copy elsewhere has its full path.</param>
/// <param name="Text">The page.</param>
internal sealed partial record Guide(string Path, string Text)
{
    private static readonly Lazy<IReadOnlyList<Guide>> Deployment = new(() =>
        [Read("README.md"), .. Markdown("deploy", SearchOption.AllDirectories)]);

    private static readonly Lazy<IReadOnlyList<Guide>> Everything = new(() =>
        [.. Markdown(".", SearchOption.TopDirectoryOnly).Concat(Deployment.Value).DistinctBy(guide => guide.Path)]);

    /// <summary>The README and every page of <c>deploy/</c>.</summary>
    public static IReadOnlyList<Guide> All => Deployment.Value;

    /// <summary>Those, and the other pages beside the README.</summary>
    public static IReadOnlyList<Guide> AllOfRepository => Everything.Value;

    /// <summary>The folder of the page, relative to the repository.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    /// <summary>The fenced blocks, in order.</summary>
    public IReadOnlyList<Fence> Fences { get; } = [.. ReadFences(Text)];

    /// <summary>Those that a test runs, in order.</summary>
    public IEnumerable<Fence> Runnable => Fences.Where(fence => fence.IsRunnable);

    /// <summary>The page without its fenced blocks.</summary>
    public string Prose { get; } = string.Join('\n', OutsideFences(Text));

    /// <summary>What stands between backticks outside of blocks.</summary>
    public IEnumerable<string> Code => InlineCode().Matches(Prose).Select(match => match.Groups[1].Value.Replace("\\|", "|", StringComparison.Ordinal));

    /// <summary>The targets of links and pictures.</summary>
    public IEnumerable<string> Links => LinkTarget().Matches(InlineCode().Replace(Prose, "")).Select(match => match.Groups[1].Value)
        .Concat(BracketedAddress().Matches(Prose).Select(match => match.Groups[1].Value));

    /// <summary>What a link's fragment may name: GitHub's anchors of the headings, and anchors made by hand.</summary>
    public IReadOnlySet<string> Anchors { get; } = ReadAnchors(Text);

    /// <summary>The command in the table row that says what one wants to do.</summary>
    public string To(string wish) => AllTo(wish).ShouldHaveSingleItem();

    /// <summary>The commands of a row that names several, one after the other.</summary>
    public IReadOnlyList<string> AllTo(string wish) =>
        [.. InlineCode().Matches(Text.Split('\n').Single(line => line.StartsWith($"| {wish} |", StringComparison.Ordinal))).Select(match => match.Groups[1].Value)];

    /// <summary>A page of the repository, or of a copy by its full path.</summary>
    public static Guide Read(string path) => new(path, File.ReadAllText(System.IO.Path.Combine(Programs.Repository, path)).ReplaceLineEndings("\n"));

    public override string ToString() => Path;

    private static IEnumerable<Guide> Markdown(string folder, SearchOption depth) =>
        Directory.EnumerateFiles(System.IO.Path.Combine(Programs.Repository, folder), "*.md", depth)
            .Select(file => System.IO.Path.GetRelativePath(Programs.Repository, file).Replace('\\', '/')).Order(StringComparer.Ordinal).Select(Read);

    private static IEnumerable<Fence> ReadFences(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (FenceStart().Match(lines[i]) is not { Success: true } start) continue;
            var (first, indent) = (i + 1, start.Groups[1].Length);
            for (i = first; i < lines.Length && lines[i].Trim() != start.Groups[2].Value; i++) { }
            yield return new(start.Groups[3].Value.Trim(), first + 1, string.Join('\n', lines[first..Math.Min(i, lines.Length)].Select(line => line[Math.Min(indent, line.Length)..])));
        }
    }

    private static IEnumerable<string> OutsideFences(string text)
    {
        string? mark = null;
        foreach (var line in text.Split('\n'))
        {
            if (mark is null && FenceStart().Match(line) is { Success: true } start) mark = start.Groups[2].Value;
            else if (mark is not null && line.Trim() == mark) mark = null;
            else if (mark is null) yield return line;
        }
    }

    private static HashSet<string> ReadAnchors(string text)
    {
        HashSet<string> anchors = [];
        foreach (var heading in OutsideFences(text).Select(line => Heading().Match(line)).Where(match => match.Success))
        {
            var words = InlineLink().Replace(heading.Groups[1].Value, "$1").Trim().ToLowerInvariant();
            var anchor = NotInAnchor().Replace(words, "").Replace(' ', '-');
            for (var number = 1; !anchors.Add(number == 1 ? anchor : $"{anchor}-{number - 1}"); number++) { }
        }

        anchors.UnionWith(HandMade().Matches(text).Select(match => match.Groups[1].Value));
        return anchors;
    }

    [GeneratedRegex("^( *)(```+|~~~+)([^`]*)$")]
    private static partial Regex FenceStart();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\(([^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex LinkTarget();

    [GeneratedRegex(@"<(https?://[^>\s]*)>")]
    private static partial Regex BracketedAddress();

    [GeneratedRegex("^#{1,6} (.*)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex InlineLink();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"<a (?:id|name)=""([^""]+)""")]
    private static partial Regex HandMade();
}
