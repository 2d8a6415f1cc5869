using System.Text;

namespace Aspire.Hosting.Running;

/// <summary>Redis or Valkey on this machine, configured over standard input: nothing secret is in its arguments.</summary>
internal static class RedisServer
{
    internal const string Missing =
        "there is no redis-server or valkey-server on PATH and no container engine answers, so the application runs without Redis. "
        + "Install one: `apt install redis-server` (Debian, Ubuntu), `dnf install valkey` (Fedora, RHEL), `brew install redis` (macOS), or start Docker or Podman.";

    private static readonly string[] Routine =
    [
        "# Reading config from stdin", "# oO0OoO0OoO0Oo ", "# Redis version=", "# Valkey version=", "# Configuration loaded", "# Server initialized",
        "# WARNING Memory overcommit must be enabled!", "Received SIGTERM scheduling shutdown", "# User requested shutdown", "# Redis is now ready to exit", "# Valkey is now ready to exit"
    ];

    internal static string? Program => Programs.Find("redis-server") ?? Programs.Find("valkey-server");

    /// <summary>Sessions are never evicted (they all expire by themselves), memory is bounded, and what was acknowledged is on disk a second later.</summary>
    internal static string Configuration(string bind, int port, string directory, string? password, string? save)
    {
        var configuration = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"bind {bind}\nport {port}\ndir {Quote(directory)}\n")
            .Append("appendonly yes\nappendfsync everysec\nmaxmemory 256mb\nmaxmemory-policy noeviction\n")
            .Append("daemonize no\nlogfile \"\"\nloglevel warning\nprotected-mode yes\n")
            .Append(CultureInfo.InvariantCulture, $"save {save ?? "\"\""}\n");
        if (password is not null)
            configuration.Append(CultureInfo.InvariantCulture, $"requirepass {Quote(password)}\n");
        return configuration.ToString();
    }

    /// <summary>
    /// Whether Redis says what it says at every start and end. It says so as warnings, so no level leaves it out; a terminal does without it. The
    /// advice on overcommitted memory is for servers: should a save ever fail for want of memory, Redis says that too.
    /// </summary>
    internal static bool IsRoutine(string line) => Routine.Any(part => line.Contains(part, StringComparison.Ordinal));

    private static string Quote(string text) =>
        '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';
}
