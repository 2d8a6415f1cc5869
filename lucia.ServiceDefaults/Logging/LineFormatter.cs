using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Lucia.ServiceDefaults;

/// <summary>One line for each message, made to be read: time, level, message, and who says it. An exception follows on lines of its own, indented.</summary>
/// <param name="time">The clock; the lines carry local time.</param>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (message.Length == 0 && logEntry.Exception is null)
            return;

        textWriter.Write(time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        textWriter.Write(LevelOf(logEntry.LogLevel));
        textWriter.Write(LogText.OneLine(message));
        textWriter.Write(" (");
        textWriter.Write(LogText.SpeakerOf(logEntry.Category));
        textWriter.WriteLine(')');
        if (logEntry.Exception is not { } exception)
            return;
        foreach (var line in LogText.Lines(exception.ToString()))
        {
            textWriter.Write("         ");
            textWriter.WriteLine(line);
        }
    }

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => " debug ",
        LogLevel.Information => " info  ",
        LogLevel.Warning => " warn  ",
        _ => " error ",
    };
}
