using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Lucia.Bench;

/// <summary>Runs a program to its end and says what it took.</summary>
internal static partial class MeasuredProcess
{
    private const int Children = -1;

    /// <summary>Adds one run to a sample; throws when it fails.</summary>
    public static void Run(Sample sample, string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var (cpu, clock) = (ChildrenMilliseconds(), Stopwatch.StartNew());
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var peak = 0L;
        while (!process.WaitForExit(2))
            peak = Math.Max(peak, PeakBytes(process.Id));
        var wall = clock.Elapsed.TotalMilliseconds;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {error.Result}{output.Result}");
        sample.Add(wall, ChildrenMilliseconds() - cpu, peak);
    }

    /// <summary>The most the process had so far; 0 where the system does not tell.</summary>
    private static long PeakBytes(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(static l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line["VmHWM:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }

    /// <summary>Processor time of all children that have ended; 0 where the system does not tell.</summary>
    private static double ChildrenMilliseconds()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var usage = new long[18];
        return GetResourceUsage(Children, usage) == 0 ? (usage[0] + usage[2]) * 1e3 + (usage[1] + usage[3]) / 1e3 : 0;
    }

    // struct rusage begins with user and system time, each seconds and microseconds (getrusage(2)).
    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, [Out] long[] usage);
}
