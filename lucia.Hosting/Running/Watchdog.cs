using System.Diagnostics;

namespace Aspire.Hosting.Running;

/// <summary>
/// A shell that reads from the engine which process groups there are and, when the engine ends without a word (SIGKILL, a crash), stops them:
/// the pipe it reads from ends with the engine, whatever ended it.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private const string Script = """
        trap '' INT TERM HUP
        groups=
        while read -r word group; do
          case $word in
            watch) groups="$groups $group" ;;
            forget) rest=; for g in $groups; do [ "$g" = "$group" ] || rest="$rest $g"; done; groups=$rest ;;
          esac
        done
        for g in $groups; do kill -s TERM -- "-$g" 2>/dev/null; done
        tries=0
        while [ $tries -lt 50 ]; do
          left=
          for g in $groups; do kill -s 0 -- "-$g" 2>/dev/null && left=1; done
          [ -n "$left" ] || exit 0
          sleep 0.1
          tries=$((tries + 1))
        done
        for g in $groups; do kill -s KILL -- "-$g" 2>/dev/null; done
        """;

    private readonly Lock _gate = new();
    private readonly Process? _shell;

    private Watchdog(Process? shell) => _shell = shell;

    /// <summary>Starts the shell; where there are no process groups there is nothing to watch.</summary>
    internal static Watchdog Start()
    {
        if (!ProcessGroup.IsSupported || Programs.Find("sh") is not { } shell)
            return new(null);
        var (fileName, arguments) = ProcessGroup.Lead(shell, ["-c", Script]);
        var start = new ProcessStartInfo(fileName, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        return new(Process.Start(start));
    }

    internal void Watch(int group) => Say($"watch {group}");

    internal void Forget(int group) => Say($"forget {group}");

    public void Dispose()
    {
        if (_shell is null)
            return;
        _shell.StandardInput.Close();
        _shell.WaitForExit(TimeSpan.FromSeconds(1));
        _shell.Dispose();
    }

    private void Say(string line)
    {
        if (_shell is null)
            return;
        try
        {
            lock (_gate)
            {
                _shell.StandardInput.Write(line + "\n");
                _shell.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            // Someone ended the watchdog; the engine stops its children itself.
        }
    }
}
