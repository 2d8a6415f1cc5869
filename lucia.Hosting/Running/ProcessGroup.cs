using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

/// <summary>
/// Starts a program as the leader of a session of its own, so that a Ctrl+C in the terminal reaches the engine alone, which stops its children
/// in order, and so that a child's own children are stopped with it.
/// </summary>
internal static class ProcessGroup
{
    internal const int Terminate = 15;
    internal const int Kill = 9;

    private static readonly string[] Leader = FindLeader();

    /// <summary>Whether children lead groups of their own.</summary>
    internal static bool IsSupported => Leader.Length > 0;

    /// <summary>The program and arguments that start another program as a leader.</summary>
    internal static (string FileName, IEnumerable<string> Arguments) Lead(string fileName, IEnumerable<string> arguments) =>
        IsSupported ? (Leader[0], [.. Leader[1..], fileName, .. arguments]) : (fileName, arguments);

    /// <summary>Signals a leader and all that belongs to it; false when nothing is left.</summary>
    internal static bool Signal(int leader, int signal) =>
        !OperatingSystem.IsWindows() && SendSignal(IsSupported ? -leader : leader, signal) == 0;

    /// <summary>Whether a leader or anything that belongs to it is left.</summary>
    internal static bool IsAlive(int leader) => Signal(leader, 0);

    private static string[] FindLeader()
    {
        if (OperatingSystem.IsWindows())
            return [];
        if (Programs.Find("setsid") is { } setsid)
            return [setsid];
        // macOS has no setsid program but brings Perl.
        return Programs.Find("perl") is { } perl ? [perl, "-MPOSIX=setsid", "-e", "setsid(); exec { $ARGV[0] } @ARGV or exit 127"] : [];
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int id, int signal);
}

/// <summary>Finds programs as a shell does.</summary>
internal static class Programs
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The path of a program: the name itself when it is a path, else the first on PATH; null when there is none.</summary>
    internal static string? Find(string name, string? workingDirectory = null)
    {
        if (name.Contains('/') || name.Contains(Path.DirectorySeparatorChar))
        {
            var path = Path.GetFullPath(name, workingDirectory ?? Directory.GetCurrentDirectory());
            return File.Exists(path) ? path : null;
        }

        string[] endings = OperatingSystem.IsWindows() ? ["", ".exe", ".cmd", ".bat"] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(directory => endings.Select(ending => Path.Combine(directory, name + ending)))
            .FirstOrDefault(IsExecutable);
    }

    /// <summary>Whether a file is there that may be run.</summary>
    internal static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}
