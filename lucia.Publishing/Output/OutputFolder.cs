using System.Text;
using System.Text.RegularExpressions;
using Lucia.Publishing.Diagnostics;

namespace Lucia.Publishing.Output;

/// <summary>The files of one target, in memory until all targets are done. Problems are reported, not thrown.</summary>
/// <param name="name">The folder's name: the target's.</param>
/// <param name="diagnostics">Gets what a target cannot express.</param>
public sealed partial class OutputFolder(string name, DiagnosticBag diagnostics)
{
    private readonly SortedDictionary<string, OutputFile> _files = new(StringComparer.Ordinal);

    /// <summary>The folder's name.</summary>
    public string Name => name;

    /// <summary>Where a target reports.</summary>
    public DiagnosticBag Diagnostics => diagnostics;

    /// <summary>All files by path.</summary>
    public IReadOnlyCollection<OutputFile> Files => _files.Values;

    /// <summary>Adds a text: UTF-8, line feeds, one at the end.</summary>
    public void AddText(string path, string text, bool executable = false)
    {
        var clean = text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        Add(new OutputFile(path, Encoding.UTF8.GetBytes(clean), executable ? OutputFile.Executable : OutputFile.Readable));
    }

    /// <summary>Adds a file.</summary>
    public void Add(OutputFile file)
    {
        var at = At(file.Path);
        if (!IsInside(file.Path))
            diagnostics.Report(DiagnosticCatalogue.OutputClash, at, $"'{file.Path}' leaves the folder.");
        else if (UserFiles.Owns(file.Path))
            diagnostics.Report(DiagnosticCatalogue.OutputClash, at, $"'{file.Path}' belongs to the user.");
        else if (!_files.TryAdd(file.Path, file))
            diagnostics.Report(DiagnosticCatalogue.OutputClash, at, $"'{name}/{file.Path}' would be written twice.");
    }

    /// <summary>Reports every <c>{resource.path}</c> that is left in a file. Braces that are no reference of this manifest are text.</summary>
    public void CheckLeftovers(IReadOnlyCollection<string> resourceNames)
    {
        foreach (var file in _files.Values)
        {
            foreach (Match match in Reference().Matches(file.Text))
            {
                if (!resourceNames.Contains(match.Groups["name"].Value))
                    continue;
                var line = file.Text.AsSpan(0, match.Index).Count('\n') + 1;
                diagnostics.Report(
                    DiagnosticCatalogue.LeftoverExpression, At(file.Path) with { Line = line, Column = 1 }, $"{match.Value} is left in '{name}/{file.Path}'.");
            }
        }
    }

    private SourceLocation At(string path) => new("", $"{name}/{path}");

    private static bool IsInside(string path) =>
        path.Length > 0 && path[0] != '/' && !path.Contains('\\') && !path.Contains(':')
        && Array.TrueForAll(path.Split('/'), static part => part is not ("" or "." or ".."));

    // ${VAR.x} and {{ .x }} are the targets' own.
    [GeneratedRegex(@"(?<![${])\{(?<name>[A-Za-z][A-Za-z0-9_-]*)\.[A-Za-z0-9_.-]+\}(?!\})")]
    private static partial Regex Reference();
}
