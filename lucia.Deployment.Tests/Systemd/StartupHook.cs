using System.Globalization;
using System.Runtime.InteropServices;

/// <summary>
/// What makes a running service ill: .NET runs it inside a program before the program's own code when DOTNET_STARTUP_HOOKS names this assembly. It waits
/// for a file in the program's home to appear: <c>exhaust</c> blocks every thread of the pool, <c>memory</c> takes ever more memory, and <c>tasks</c>
/// starts threads until no more can be had, and notes how many it got.
/// </summary>
/// <remarks>Source: https://github.com/dotnet/runtime/blob/main/docs/design/features/host-startup-hook.md: this name, and no namespace.</remarks>
internal static class StartupHook
{
    private const int FarTooMany = 5000;
    private const int Chunk = 16 * 1024 * 1024;

    public static void Initialize()
    {
        var home = Environment.GetEnvironmentVariable("HOME")!;
        new Thread(() =>
        {
            while (true)
            {
                if (Asked("exhaust")) ThreadPoolExhausted();
                if (Asked("memory")) MemoryExhausted();
                if (Asked("tasks")) File.WriteAllText(Path.Combine(home, "threads"), ThreadsExhausted().ToString(CultureInfo.InvariantCulture));
                Thread.Sleep(50);
            }
        })
        { IsBackground = true }.Start();

        bool Asked(string what)
        {
            var file = Path.Combine(home, what);
            if (!File.Exists(file)) return false;
            // Once: what comes back after this is well again.
            File.Delete(file);
            return true;
        }
    }

    private static void ThreadPoolExhausted()
    {
        for (var i = 0; i < FarTooMany; i++) ThreadPool.UnsafeQueueUserWorkItem(static _ => Thread.Sleep(Timeout.Infinite), null);
    }

    /// <summary>Past the garbage collector, which keeps to the limit by itself: it is the kernel's limit that is tried.</summary>
    private static void MemoryExhausted()
    {
        while (true)
        {
            var memory = Marshal.AllocHGlobal(Chunk);
            for (var page = 0; page < Chunk; page += 4096) Marshal.WriteByte(memory, page, 1);
        }
    }

    private static int ThreadsExhausted()
    {
        for (var started = 0; ; started++)
        {
            try
            {
                new Thread(static () => Thread.Sleep(Timeout.Infinite), 256 * 1024) { IsBackground = true }.Start();
            }
            catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
            {
                return started;
            }

            if (started == FarTooMany) return started;
        }
    }
}
