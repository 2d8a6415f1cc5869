namespace Lucia.Settings;

/// <summary>A setting's name has two spellings: <c>A__B</c> in the environment and file names, <c>A:B</c> in .NET configuration.</summary>
internal static class SettingKey
{
    public static string ToConfiguration(string key) => key.Replace("__", ":", StringComparison.Ordinal);

    public static string ToEnvironment(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    public static bool AreSame(string left, string right) =>
        string.Equals(ToConfiguration(left), ToConfiguration(right), StringComparison.OrdinalIgnoreCase);

    /// <summary>The first part of a name of several parts; <see langword="null"/> for a name of one part.</summary>
    public static string? Section(string key)
    {
        var name = ToConfiguration(key);
        return name.IndexOf(':', StringComparison.Ordinal) is > 0 and var end ? name[..end] : null;
    }
}
