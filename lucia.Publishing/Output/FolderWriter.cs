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
        var changes = Check(root, folders, diagnostics);
        if (diagnostics.HasErrors)
            return [];
        var stage = Path.Combine(root, $".lucia-publish-{Guid.NewGuid():N}");
        var undo = new Stack<Action>();
        var done = false;
        try
        {
            Stage(stage, folders);
            foreach (var change in changes.Where(static c => c.Kind != ChangeKind.Same))
                Apply(change, root, stage, undo);
            done = true;
            return changes;
        }
        catch (Exception problem) when (IsOfDisk(problem))
        {
            diagnostics.Report(DiagnosticCatalogue.CannotWrite, new SourceLocation("", root), $"'{root}' cannot be written: {problem.Message.Replace(stage, root)}");
            return [];
        }
        finally
        {
            while (!done && undo.TryPop(out var back))
                back();
            if (Directory.Exists(stage))
                Directory.Delete(stage, recursive: true);
        }
    }

    /// <summary>What <see cref="Write"/> would do, and what keeps it from that as far as it can be known before.</summary>
    public static IReadOnlyList<FolderChange> Check(string root, IReadOnlyList<OutputFolder> folders, DiagnosticBag diagnostics)
    {
        if (diagnostics.HasErrors)
            return [];
        try
        {
            var changes = Compare(root, folders);
            foreach (var change in changes.Where(static c => c.Kind != ChangeKind.Removed))
            {
                var path = Path.Combine(root, change.Path);
                if (change.Kind == ChangeKind.Changed && !IsListed(root, change.Path))
                    diagnostics.Report(DiagnosticCatalogue.NotOurs, new SourceLocation("", path), $"'{change.Path}' in '{root}' was not made by publishing.");
                else if (Directory.Exists(path))
                    diagnostics.Report(DiagnosticCatalogue.CannotWrite, new SourceLocation("", path), $"'{path}' is a folder, where a file has to be.");
            }
            foreach (var folder in folders.Select(f => Path.Combine(root, f.Name)).Prepend(root).Where(File.Exists))
                diagnostics.Report(DiagnosticCatalogue.CannotWrite, new SourceLocation("", folder), $"'{folder}' is a file, where a folder has to be.");
            return diagnostics.HasErrors ? [] : changes;
        }
        catch (Exception problem) when (IsOfDisk(problem))
        {
            diagnostics.Report(DiagnosticCatalogue.CannotWrite, new SourceLocation("", root), $"'{root}' cannot be read: {problem.Message}");
            return [];
        }
    }

    private static List<FolderChange> Compare(string root, IReadOnlyList<OutputFolder> folders)
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

    private static bool IsOfDisk(Exception problem) => problem is IOException or UnauthorizedAccessException or NotSupportedException;

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
        {
            RemoveEmpty(Path.GetDirectoryName(path)!, Path.Combine(root, change.Path[..change.Path.IndexOf('/', StringComparison.Ordinal)]), undo);
            return;
        }
        CreateFolder(Path.GetDirectoryName(path)!, undo);
        File.Move(Path.Combine(stage, change.Path), path);
        undo.Push(() => File.Delete(path));
    }

    /// <summary>A folder that held generated files only goes with the last of them.</summary>
    private static void RemoveEmpty(string folder, string top, Stack<Action> undo)
    {
        for (; folder != top && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
        {
            var emptied = folder;
            Directory.Delete(emptied);
            undo.Push(() => Directory.CreateDirectory(emptied));
        }
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
