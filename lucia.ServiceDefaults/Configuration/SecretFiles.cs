using System.Globalization;
using Lucia.Settings;

namespace Lucia.ServiceDefaults;

/// <summary>Settings that come as files, one per setting and named like it: compose and Kubernetes secrets, systemd credentials.</summary>
internal sealed record SecretFiles(IReadOnlyList<SettingSource> Sources, IReadOnlyList<SettingProblem> Problems)
{
    private const string DefaultDirectory = "/run/secrets";
    private const int MaximumBytes = 64 * 1024;

    /// <summary>Reads a directory, or the usual ones when none is named. Files that are not Lucia's are left alone.</summary>
    public static SecretFiles Read(string? directory)
    {
        List<SettingSource> sources = [];
        List<SettingProblem> problems = [];
        string?[] directories = string.IsNullOrWhiteSpace(directory)
            ? [DefaultDirectory, Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY")]
            : [directory.Trim()];

        foreach (var path in directories.OfType<string>().Where(path => path.Length > 0).Distinct(StringComparer.Ordinal))
        {
            if (Directory.Exists(path))
                sources.Add(new(path, SettingBand.Environment, [.. ReadDirectory(path, problems)]));
            else if (directory is not null && path == directory.Trim())
                problems.Add(new(SettingsCatalogue.SecretsDirectory.Key, null, "names a directory that does not exist.", "Create it, or remove the setting."));
        }

        return new(sources, problems);
    }

    private static IEnumerable<KeyValuePair<string, string?>> ReadDirectory(string directory, List<SettingProblem> problems)
    {
        string[] paths;
        try
        {
            paths = Directory.GetFileSystemEntries(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(directory, null, "is a directory of secrets that cannot be listed.", "Let the user the service runs as read and enter it."));
            yield break;
        }

        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (SettingsCatalogue.Concerns(name) && ReadFile(path, name, directory, problems) is { } value)
                yield return new(name, value);
        }
    }

    private static string? ReadFile(string path, string name, string directory, List<SettingProblem> problems)
    {
        try
        {
            if (Directory.Exists(path))
            {
                problems.Add(new(name, directory, "is a directory where a file is expected.", "A container engine makes one when the file to mount does not exist: create that file, then start again."));
                return null;
            }

            if (new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Length: > MaximumBytes } || new FileInfo(path).Length > MaximumBytes)
            {
                problems.Add(new(name, directory, "is far too large for a setting.", string.Create(CultureInfo.InvariantCulture, $"Keep it under {MaximumBytes / 1024} KB.")));
                return null;
            }

            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(name, directory, "is a file that cannot be read.", "Let the user the service runs as read it; in a container that is uid 1654."));
            return null;
        }
    }
}
