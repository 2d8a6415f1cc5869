using System.Reflection;

namespace Lucia.ServiceDefaults;

/// <summary>What was built: the entry assembly's informational version, <c>1.2.3+commit</c>.</summary>
/// <param name="Version">The version: <c>1.2.3</c>.</param>
/// <param name="Commit">The commit; <see langword="null"/> when the build did not know it.</param>
public sealed record BuildVersion(string Version, string? Commit)
{
    /// <summary>The running service's.</summary>
    public static BuildVersion Current { get; } = Parse(
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0");

    internal static BuildVersion Parse(string informational)
    {
        var parts = informational.Split('+', 2);
        return new(parts[0], parts.Length == 2 && parts[1].Length > 0 ? parts[1] : null);
    }
}
