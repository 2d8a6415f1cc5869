using System.Text;
using Lucia.Publishing.Diagnostics;

namespace Lucia.Publishing.Output;

/// <summary>
/// Puts folders on disk so that nothing is half-written: everything is staged beside its place first, then moved into place file by file,
/// and a failure puts back what was there. A list of the files written (<see cref="IndexName"/>) tells the next run what it may remove;
/// everything else in the folder is left alone.
/// </summary>
public static class FolderWriter
{
    /// <summary>The list of generated files in each folder.</summary>
    public const string IndexName = ".generated";

    /// <summary>Writes the folders below <paramref name="root"/>.</summary>
    /// <returns>The paths that were written or removed, relative to the root; empty when there were errors.</returns>
    public static IReadOnlyList<FolderChange> Write(string root, IReadOnlyList<OutputFolder> folders, DiagnosticBag diagnostics)
    {
        if (diagnostics.HasErrors)
            return [];
        var changes = Compare(root, folders);
        foreach (var change in changes.Where(c => c.Kind == ChangeKind.Changed && !IsListed(root, c.Path)))
            diagnostics.Report(DiagnosticCatalogue.NotOurs, new SourceLocation("", Path.Combine(root, change.Path)), $"'{change.Path}' in '{root}' was not made by publishing.");
        if (diagnostics.HasErrors)
            return [];
        var stage = Path.Combine(root, $".lucia-publish-{Guid.NewGuid():N}");
        var undo = new Stack<Action>();
        try
        {
            Stage(stage, folders);
            foreach (var change in changes.Where(static c => c.Kind != ChangeKind.Same))
                Apply(change, root, stage, undo);
            return changes;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            while (undo.TryPop(out var back))
                back();
            diagnostics.Report(DiagnosticCatalogue.CannotWrite, new SourceLocation("", root), $"'{root}' cannot be written: {problem.Message}");
            return [];
        }
        finally
        {
            if (Directory.Exists(stage))
                Directory.Delete(stage, recursive: true);
        }
    }

    /// <summary>What <see cref="Write"/> would do.</summary>
    public static IReadOnlyList<FolderChange> Compare(string root, IReadOnlyList<OutputFolder> folders)
    {
        var changes = new List<FolderChange>();
        foreach (var folder in folders)
        {
            var now = All(folder).ToList();
            foreach (var file in now)
            {
                var path = Path.Combine(root, folder.Name, file.Path);
                var kind = !File.Exists(path) ? ChangeKind.New
                    : File.ReadAllBytes(path).AsSpan().SequenceEqual(file.Content.Span) && HasMode(path, file.Mode) ? ChangeKind.Same : ChangeKind.Changed;
                changes.Add(new FolderChange(kind, $"{folder.Name}/{file.Path}"));
            }
            var index = Path.Combine(root, folder.Name, IndexName);
            foreach (var line in File.Exists(index) ? File.ReadAllLines(index) : [])
            {
                var safe = line.Length > 0 && !line.StartsWith('#') && !UserFiles.Owns(line) && !Path.IsPathRooted(line) && !line.Split('/', '\\').Contains("..");
                if (safe && now.TrueForAll(f => f.Path != line) && File.Exists(Path.Combine(root, folder.Name, line)))
                    changes.Add(new FolderChange(ChangeKind.Removed, $"{folder.Name}/{line}"));
            }
        }
        return changes;
    }

    /// <summary>Whether an earlier run made the file.</summary>
    private static bool IsListed(string root, string path)
    {
        var (folder, file) = (path[..path.IndexOf('/', StringComparison.Ordinal)], path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        var index = Path.Combine(root, folder, IndexName);
        return file == IndexName || (File.Exists(index) && File.ReadLines(index).Contains(file));
    }

    private static IEnumerable<OutputFile> All(OutputFolder folder)
    {
        var lines = folder.Files.Select(static f => f.Path).Append(IndexName).Order(StringComparer.Ordinal);
        var index = "# Files made by lucia-publish, which may replace and remove them.\n" + string.Join('\n', lines) + "\n";
        return folder.Files.Append(new OutputFile(IndexName, Encoding.UTF8.GetBytes(index), OutputFile.Readable));
    }

    private static void Stage(string stage, IReadOnlyList<OutputFolder> folders)
    {
        foreach (var folder in folders)
        {
            foreach (var file in All(folder))
            {
                var path = Path.Combine(stage, folder.Name, file.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, file.Content.Span);
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(path, file.Mode);
            }
        }
    }

    private static void Apply(FolderChange change, string root, string stage, Stack<Action> undo)
    {
        var path = Path.Combine(root, change.Path);
        if (change.Kind != ChangeKind.New)
        {
            var kept = Path.Combine(stage, ".before", change.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            File.Move(path, kept);
            undo.Push(() => File.Move(kept, path, overwrite: true));
        }
        if (change.Kind == ChangeKind.Removed)
            return;
        CreateFolder(Path.GetDirectoryName(path)!, undo);
        File.Move(Path.Combine(stage, change.Path), path);
        undo.Push(() => File.Delete(path));
    }

    private static void CreateFolder(string folder, Stack<Action> undo)
    {
        if (Directory.Exists(folder))
            return;
        if (Path.GetDirectoryName(folder) is { Length: > 0 } parent)
            CreateFolder(parent, undo);
        Directory.CreateDirectory(folder);
        undo.Push(() => Directory.Delete(folder));
    }

    private static bool HasMode(string path, UnixFileMode mode) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) == (mode & UnixFileMode.UserExecute);
}

/// <summary>What happens to a file.</summary>
/// <param name="Kind">New, changed, the same, or removed.</param>
/// <param name="Path">Relative to the output's root.</param>
public sealed record FolderChange(ChangeKind Kind, string Path);

/// <summary>What happens to a file.</summary>
public enum ChangeKind
{
    /// <summary>It was not there.</summary>
    New,

    /// <summary>It was there with another content.</summary>
    Changed,

    /// <summary>It is there already.</summary>
    Same,

    /// <summary>An earlier run wrote it, this one does not.</summary>
    Removed,
}
