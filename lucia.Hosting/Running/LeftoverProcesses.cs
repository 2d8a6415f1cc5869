namespace Aspire.Hosting.Running;

/// <summary>
/// Remembers the processes of a run, so that the next one can end what outlived both the engine and its watchdog. A process is known by its id
/// and start time, since ids are used again. Only where <c>/proc</c> tells the start time.
/// </summary>
internal static class LeftoverProcesses
{
    private static readonly Lock Gate = new();

    internal static void Remember(string stateDirectory, int processId)
    {
        if (StartTime(processId) is not { } started)
            return;
        try
        {
            lock (Gate)
                File.AppendAllText(FileIn(stateDirectory), $"{processId} {started}\n");
        }
        catch (DirectoryNotFoundException)
        {
            // Someone removed it under the run: nothing is kept then, and the watchdog is still there.
        }
    }

    internal static void Forget(string stateDirectory)
    {
        try
        {
            File.Delete(FileIn(stateDirectory));
        }
        catch (DirectoryNotFoundException)
        {
            // It is gone with the directory.
        }
    }

    internal static void End(string stateDirectory)
    {
        if (!File.Exists(FileIn(stateDirectory)))
            return;
        foreach (var entry in File.ReadLines(FileIn(stateDirectory)).Select(line => line.Split(' ')).Where(entry => entry.Length == 2))
        {
            if (int.TryParse(entry[0], out var id) && StartTime(id) == entry[1])
                ProcessGroup.Signal(id, ProcessGroup.Kill);
        }

        Forget(stateDirectory);
    }

    private static string FileIn(string stateDirectory) => Path.Combine(stateDirectory, "processes");

    /// <summary>Field 22 of /proc/PID/stat (proc_pid_stat(5)); the name in field 2 may hold spaces and parentheses.</summary>
    private static string? StartTime(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
