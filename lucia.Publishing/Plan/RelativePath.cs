namespace Lucia.Publishing.Plan;

/// <summary>Paths of a manifest. They begin at its folder, whose own name and parents a manifest does not know.</summary>
internal static class RelativePath
{
    /// <summary>A path as seen from a folder, both relative to the manifest; null when that takes the name of a folder above.</summary>
    public static string? From(string folder, string path)
    {
        if (path.StartsWith('/'))
            return path;
        var (from, to) = (Parts(folder), Parts(path));
        var common = from.Zip(to).TakeWhile(static pair => pair.First == pair.Second).Count();
        var left = from[common..];
        return folder.StartsWith('/') || left.Contains("..") ? null : string.Join('/', left.Select(static _ => "..").Concat(to[common..]));
    }

    private static List<string> Parts(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', '\\').Where(static p => p is not ("" or ".")))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
                parts.RemoveAt(parts.Count - 1);
            else
                parts.Add(part);
        }
        return parts;
    }
}
