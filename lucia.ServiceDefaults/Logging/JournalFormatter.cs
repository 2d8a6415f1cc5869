using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Lucia.ServiceDefaults;

/// <summary>Lines for the journal: it knows the time and the service, and takes the level from the number in front.</summary>
/// <remarks>Source: sd-daemon(3), <c>SyslogLevelPrefix=</c> of systemd.exec(5).</remarks>
internal sealed class JournalFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "journal";

    /// <summary>The prefix of an error, for what is said before there is a log.</summary>
    public const string Error = "<3>";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (message.Length == 0 && logEntry.Exception is null)
            return;

        var level = LevelOf(logEntry.LogLevel);
        textWriter.Write(level);
        textWriter.Write(LogText.OneLine(message));
        textWriter.Write(" (");
        textWriter.Write(LogText.SpeakerOf(logEntry.Category));
        textWriter.WriteLine(')');
        if (logEntry.Exception is not { } exception)
            return;

        // Each line is an entry of its own: without a number it would have the level of what is merely told.
        foreach (var line in LogText.Lines(exception.ToString()))
        {
            textWriter.Write(level);
            textWriter.Write("  ");
            textWriter.WriteLine(line);
        }
    }

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "<7>",
        LogLevel.Information => "<6>",
        LogLevel.Warning => "<4>",
        LogLevel.Error => Error,
        _ => "<2>",
    };
}
