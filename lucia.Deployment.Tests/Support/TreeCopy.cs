using Lucia.AgentHost.Tests.Support;

namespace Lucia.Deployment.Tests.Support;

/// <summary>The repository as a clone would have it, in a folder of its own: what a guide or a script changes or builds there is nobody else's.</summary>
public sealed class TreeCopy : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-tree-");
    private IReadOnlyList<string>? _files;

    internal string Root => Path.Combine(_folder.FullName, "lucia");

    internal string Scratch => _folder.FullName;

    /// <summary>Brings the tree, or brings back what the guide before has changed in <c>deploy/</c>. What was built stays.</summary>
    internal async Task PrepareAsync()
    {
        if (_files is null)
        {
            // Files that are new and not ignored belong to it, too: one tests before one commits.
            var listed = (await Ran.ToEndAsync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])).Well();
            _files = [.. listed.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(Programs.Repository, file)))];
            Copy(_files);
            var modules = Path.Combine(Programs.Repository, "node_modules");
            if (Directory.Exists(modules)) Directory.CreateSymbolicLink(Path.Combine(Root, "node_modules"), modules);
        }
        else
        {
            Directory.Delete(Path.Combine(Root, "deploy"), recursive: true);
            Copy(_files.Where(file => file.StartsWith("deploy/", StringComparison.Ordinal)));
        }
    }

    public ValueTask DisposeAsync()
    {
        // The link must go first, and alone.
        var modules = new DirectoryInfo(Path.Combine(Root, "node_modules"));
        if (modules.LinkTarget is not null) modules.Delete();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private void Copy(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            var target = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(Programs.Repository, file), target);
        }
    }
}
