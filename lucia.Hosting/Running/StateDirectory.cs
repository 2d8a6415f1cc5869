using System.Text;
using Aspire.Hosting.Building;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>
/// What one AppHost project keeps from run to run: generated values and volumes. It lies in the user's state directory
/// (<c>$XDG_STATE_HOME</c>, else <c>~/.local/state</c>; on Windows the local application data), readable by the user alone.
/// </summary>
internal sealed class StateDirectory
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;
    private readonly string _application;
    private FileStream? _lock;

    private StateDirectory(string root, string application, IConfiguration configuration)
    {
        Root = root;
        _application = application;
        StartsFresh = IsOn(CommandLine.FreshKey);
        IsDiscarded = IsOn(CommandLine.DiscardStateKey);

        bool IsOn(string key) => bool.TryParse(configuration[key], out var on) && on;
    }

    internal string Root { get; }

    /// <summary>Tells this directory's runs from those of every other, where a name is not a project's alone: containers, volumes.</summary>
    internal string Scope => $"{_application}-{XxHash32.Of(Encoding.UTF8.GetBytes(Root)):x8}".ToLowerInvariant();

    /// <summary>Whether this run begins with nothing kept.</summary>
    internal bool StartsFresh { get; }

    /// <summary>Whether nothing is kept after this run.</summary>
    internal bool IsDiscarded { get; }

    private string ValuesFile => Path.Combine(Root, "generated-values");

    private string VolumesDirectory => Path.Combine(Root, "volumes");

    private string HolderFile => Path.Combine(Root, "process");

    internal static StateDirectory For(IConfiguration configuration, string application, string appHostDirectory)
    {
        if (configuration[CommandLine.StateDirectoryKey] is { Length: > 0 } given)
            return new(Path.GetFullPath(given), application, configuration);
        var project = XxHash32.Of(Encoding.UTF8.GetBytes(appHostDirectory));
        return new(Path.Combine(OfUser(), "lucia", $"{application}-{project:x8}"), application, configuration);
    }

    /// <summary>Takes the directory for this run; with <c>--fresh</c> it is emptied first.</summary>
    /// <exception cref="DistributedApplicationException">Another run has it.</exception>
    internal void Take()
    {
        CreateDirectory(Root);
        try
        {
            _lock = new FileStream(Path.Combine(Root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new DistributedApplicationException(
                $"The state directory '{Root}' cannot be written to. Let this user write there, or name another place: --state-directory PATH.", error);
        }
        catch (IOException)
        {
            var holder = File.Exists(HolderFile) ? $" (process {File.ReadAllText(HolderFile)})" : "";
            throw new DistributedApplicationException(
                $"{_application} is already running{holder}. Stop it first, or give this run a place of its own: --state-directory PATH.");
        }

        File.WriteAllText(HolderFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        LeftoverProcesses.End(Root);
        if (!StartsFresh)
            return;
        File.Delete(ValuesFile);
        if (Directory.Exists(VolumesDirectory))
            Directory.Delete(VolumesDirectory, recursive: true);
    }

    internal void Release()
    {
        if (_lock is null)
            return;
        try
        {
            File.Delete(HolderFile);
        }
        catch (DirectoryNotFoundException)
        {
            // It is gone with the directory.
        }

        _lock.Dispose();
        _lock = null;
    }

    /// <summary>The value kept under a name, generated when there is none.</summary>
    internal string Keep(string name, Func<string> generate)
    {
        CreateDirectory(Root);
        var values = File.Exists(ValuesFile)
            ? File.ReadLines(ValuesFile).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1])
            : [];
        if (values.TryGetValue(name, out var kept))
            return kept;
        values[name] = generate();
        WritePrivately(ValuesFile, string.Concat(values.Select(pair => $"{pair.Key}={pair.Value}\n")));
        return values[name];
    }

    /// <summary>The directory that stands for a named volume.</summary>
    internal string Volume(string name)
    {
        var path = Path.Combine(VolumesDirectory, name);
        CreateDirectory(path);
        return path;
    }

    /// <summary>An empty directory for data that nobody keeps.</summary>
    internal string Scratch(string name)
    {
        var path = Path.Combine(Root, "scratch", name);
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        CreateDirectory(path);
        return path;
    }

    private static string OfUser()
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        if (Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state))
            return state;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0
            ? Path.Combine(home, ".local", "state")
            : throw new DistributedApplicationException("There is no home directory to keep state in. Set XDG_STATE_HOME, or give --state-directory PATH.");
    }

    private static void CreateDirectory(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, OwnerDirectory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"The state directory '{path}' cannot be made. Let this user write there, or name another place: --state-directory PATH.", error);
        }
    }

    private static void WritePrivately(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        var draft = path + ".draft";
        using (var stream = new FileStream(draft, options))
            stream.Write(Encoding.UTF8.GetBytes(text));
        File.Move(draft, path, overwrite: true);
    }
}
