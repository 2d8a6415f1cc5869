namespace Lucia.AgentHost.Tests.Support;

/// <summary>Programs that some tests need; a test says what it lacks instead of failing.</summary>
internal static class Programs
{
    /// <summary>The full path of a program on PATH; null when there is none.</summary>
    public static string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
                if (File.Exists(Path.Combine(folder, name))) return Path.Combine(folder, name);
        return null;
    }

    /// <summary>The folder of <c>lucia.sln</c>.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A file of a package that <c>npm ci</c> puts into the repository; null when it is not installed.</summary>
    public static string? NodeModule(string path)
    {
        var file = Path.Combine(Repository, "node_modules", path);
        return File.Exists(file) ? file : null;
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "lucia.sln"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
