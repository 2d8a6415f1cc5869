using Lucia.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Lucia.ServiceDefaults;

/// <summary>Which formatter writes the log: what was set, else what fits where the lines go.</summary>
internal static class LogFormat
{
    /// <summary>The name of the formatter.</summary>
    /// <param name="configuration">The service's configuration; its settings are checked.</param>
    /// <param name="environment">In development a person reads along, in a container too.</param>
    public static string Of(IConfiguration configuration, IHostEnvironment environment) =>
        configuration[SettingsCatalogue.LogFormat.ConfigurationKey]?.Trim().ToLowerInvariant() switch
        {
            // The names of .NET's own formatters, because Aspire's orchestrator sets "simple"; those know no trace id and no level of an exception's lines.
            "json" => JsonLineFormatter.FormatterName,
            "systemd" => JournalFormatter.FormatterName,
            "simple" => LineFormatter.FormatterName,
            _ => Fitting(Environment.GetEnvironmentVariable, LinkOf, environment.IsDevelopment()),
        };

    /// <remarks>
    /// Source: systemd.exec(5), JOURNAL_STREAM: <c>device:inode</c> of the socket that standard output or error is connected to. NOTIFY_SOCKET alone is
    /// no proof: Podman hands it on into containers.
    /// </remarks>
    internal static string Fitting(Func<string, string?> variable, Func<int, string?> link, bool isDevelopment)
    {
        if (variable("JOURNAL_STREAM") is { Length: > 0 } stream)
        {
            var socket = $"socket:[{stream[(stream.IndexOf(':', StringComparison.Ordinal) + 1)..]}]";
            if (link(1) == socket || link(2) == socket) return JournalFormatter.FormatterName;
        }

        if (variable("DOTNET_RUNNING_IN_CONTAINER") is "true" or "1") return isDevelopment ? LineFormatter.FormatterName : JsonLineFormatter.FormatterName;
        return variable("NOTIFY_SOCKET") is { Length: > 0 } ? JournalFormatter.FormatterName : LineFormatter.FormatterName;
    }

    /// <summary>Where a file descriptor of this process leads; <see langword="null"/> where that cannot be asked.</summary>
    private static string? LinkOf(int descriptor)
    {
        try
        {
            return OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
