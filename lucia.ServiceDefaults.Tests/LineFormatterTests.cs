using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lucia.ServiceDefaults.Tests;

public sealed class LineFormatterTests
{
    [Fact]
    public void A_message_is_one_line_with_time_level_words_and_speaker() =>
        Write(LogLevel.Warning, "Redis is away.", null).ShouldMatch(@"^\d\d:\d\d:\d\d warn  Redis is away\. \(Gate\)\n$");

    [Fact]
    public void What_somebody_wrote_cannot_pass_for_a_line_of_the_log() =>
        Write(LogLevel.Information, "hello\n12:00:00 error fire", null).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);

    [Fact]
    public void An_exception_follows_indented()
    {
        var lines = Write(LogLevel.Error, "It failed.", new InvalidOperationException("why")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Length.ShouldBeGreaterThan(1);
        lines.Skip(1).ShouldAllBe(line => line.StartsWith("         "));
        lines[1].ShouldContain("why");
    }

    private static string Write(LogLevel level, string message, Exception? exception)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var entry = new LogEntry<string>(level, "Lucia.Somewhere.Gate", default, message, exception, (state, _) => state);
        new LineFormatter(TimeProvider.System).Write(entry, null, text);
        return text.ToString();
    }
}
