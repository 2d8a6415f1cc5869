using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Lucia.ServiceDefaults.Tests;

public sealed class LogFormatTests
{
    private const string Injection = "hello\n<2>fire\r\n{\"level\":\"error\"}\u001b[31m";

    [Theory]
    [InlineData("journal", "8:123", "socket:[123]", "/dev/null", null, null)]
    [InlineData("journal", "8:123", "/var/log/lucia", "socket:[123]", null, "/run/systemd/notify")]
    [InlineData("line", "8:123", "/dev/pts/0", "/dev/pts/0", null, null)]
    [InlineData("journal", null, "/var/log/lucia", null, null, "/run/systemd/notify")]
    [InlineData("json-line", null, "pipe:[5]", "pipe:[6]", "true", null)]
    [InlineData("json-line", null, "pipe:[5]", "pipe:[6]", "true", "/run/notify/notify.sock")]
    [InlineData("line", null, "pipe:[5]", "pipe:[6]", null, null)]
    public void A_format_is_found_that_fits_where_the_lines_go(
        string expected, string? journal, string? output, string? error, string? container, string? notify) =>
        LogFormat.Fitting(
            name => name switch { "JOURNAL_STREAM" => journal, "DOTNET_RUNNING_IN_CONTAINER" => container, "NOTIFY_SOCKET" => notify, _ => null },
            descriptor => descriptor == 1 ? output : error,
            isDevelopment: false).ShouldBe(expected);

    [Fact]
    public void In_a_container_for_development_a_person_reads_along() =>
        LogFormat.Fitting(name => name == "DOTNET_RUNNING_IN_CONTAINER" ? "true" : null, _ => null, isDevelopment: true).ShouldBe("line");

    [Theory]
    [InlineData("simple", "line")]
    [InlineData("Json", "json-line")]
    [InlineData("systemd", "journal")]
    public async Task A_format_is_chosen_by_the_name_that_NET_and_Aspire_give_it(string name, string expected)
    {
        await using var service = await TestService.StartAsync(settings: ("Logging:Console:FormatterName", name));

        LogFormat.Of(service.Services.GetRequiredService<IConfiguration>(), service.Services.GetRequiredService<IHostEnvironment>()).ShouldBe(expected);
    }

    [Theory]
    [InlineData(LogLevel.Debug, "<7>")]
    [InlineData(LogLevel.Information, "<6>")]
    [InlineData(LogLevel.Warning, "<4>")]
    [InlineData(LogLevel.Error, "<3>")]
    [InlineData(LogLevel.Critical, "<2>")]
    public void The_journal_is_told_the_level_of_every_line(LogLevel level, string prefix)
    {
        var lines = Write(new JournalFormatter(), level, "It happened.", Failure());

        lines[0].ShouldBe(prefix + "It happened. (Gate)");
        lines.Length.ShouldBeGreaterThan(1);
        lines.ShouldAllBe(line => line.StartsWith(prefix));
    }

    [Fact]
    public void The_journal_gets_one_entry_of_what_somebody_else_wrote() =>
        Write(new JournalFormatter(), LogLevel.Information, Injection, null).ShouldHaveSingleItem().ShouldBe("<6>hello <2>fire {\"level\":\"error\"} [31m (Gate)");

    [Fact]
    public void Json_is_one_object_per_line_with_everything_to_search_by()
    {
        using var activity = new Activity("test").Start();

        var line = Write(new JsonLineFormatter(TimeProvider.System), LogLevel.Warning, Injection, Failure()).ShouldHaveSingleItem();

        var entry = JsonDocument.Parse(line).RootElement;
        entry.EnumerateObject().Select(property => property.Name).ShouldBe(["time", "level", "category", "message", "exception", "traceId"]);
        entry.GetProperty("time").GetDateTime().Kind.ShouldBe(DateTimeKind.Utc);
        entry.GetProperty("level").GetString().ShouldBe("warn");
        entry.GetProperty("category").GetString().ShouldBe("Lucia.Somewhere.Gate");
        entry.GetProperty("message").GetString().ShouldBe(Injection);
        entry.GetProperty("exception").GetString()!.ShouldContain("why");
        entry.GetProperty("traceId").GetString().ShouldBe(activity.TraceId.ToHexString());
    }

    [Fact]
    public void The_problems_of_the_settings_carry_the_level_of_an_error_too()
    {
        var text = new StringWriter { NewLine = "\n" };

        ProblemReport.Write(text, [new("Auth__ApiKey", null, "is not set.", "Set it.")], JournalFormatter.Error);

        text.ToString().TrimEnd().Split('\n').ShouldBe(
            ["<3>Lucia cannot start: there is 1 problem with its settings.", "<3>  Auth__ApiKey", "<3>    is not set.", "<3>    Set it."]);
    }

    private static InvalidOperationException Failure()
    {
        try
        {
            throw new InvalidOperationException("why\nnot");
        }
        catch (InvalidOperationException failure)
        {
            return failure;
        }
    }

    private static string[] Write(ConsoleFormatter formatter, LogLevel level, string message, Exception? exception)
    {
        using var text = new StringWriter { NewLine = "\n" };
        formatter.Write(new LogEntry<string>(level, "Lucia.Somewhere.Gate", default, message, exception, (state, _) => state), null, text);
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
