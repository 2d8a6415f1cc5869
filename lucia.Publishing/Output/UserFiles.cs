namespace Lucia.Publishing.Output;

/// <summary>Files in an output folder that belong to the user: never written, never removed.</summary>
public static class UserFiles
{
    /// <summary>Whether the path (relative to a target's folder) is the user's: <c>.env</c>, <c>secrets/</c>, <c>*.local.*</c>.</summary>
    public static bool Owns(string path)
    {
        var parts = path.Split('/');
        return parts[^1] == ".env" || parts[..^1].Contains("secrets") || parts[^1].Contains(".local.", StringComparison.Ordinal);
    }
}
