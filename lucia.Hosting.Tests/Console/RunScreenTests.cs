using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.Console;

public sealed class RunScreenTests
{
    private static readonly string[] Head = ["HEAD", "----"];

    [Theory]
    [InlineData(40, 12, 1)]
    [InlineData(40, 12, 7)]
    [InlineData(40, 12, 50)]
    [InlineData(20, 5, 3)]
    public void Every_line_is_in_the_terminal_once_and_in_order(int columns, int rows, int atOnce)
    {
        var terminal = new EmulatedTerminal(columns, rows);
        terminal.Write("before\r\n");
        var screen = new RunScreen(() => (columns, rows), terminal.Write, _ => Head);
        string[] lines = [.. Enumerable.Range(0, 100).Select(number => $"\e[32mline {number}\e[0m")];

        screen.Open();
        foreach (var batch in lines.Chunk(atOnce))
        {
            screen.Paint(batch);
            terminal.Screen.Take(rows >= 6 ? 2 : 1).ShouldBe(Head.Take(rows >= 6 ? 2 : 1));
        }

        screen.Close();
        var all = terminal.Scrollback.Concat(terminal.Screen).Where(line => line.Length > 0).ToArray();
        all.ShouldBe(["before", .. Enumerable.Range(0, 100).Select(number => $"line {number}")]);
        terminal.Screen.ShouldNotContain("HEAD");
    }

    [Fact]
    public void A_long_line_is_broken_and_lost_nowhere()
    {
        var terminal = new EmulatedTerminal(30, 8);
        var screen = new RunScreen(() => (30, 8), terminal.Write, _ => Head);
        var text = string.Concat(Enumerable.Range(0, 40).Select(number => $"{number:00},"));

        screen.Open();
        screen.Paint([$"\e[31m{text}\e[0m"]);
        screen.Close();

        string.Concat(terminal.Scrollback.Concat(terminal.Screen)).ShouldBe(text);
    }

    [Fact]
    public void A_frame_changes_no_mode_of_the_terminal_that_is_not_changed_back()
    {
        var terminal = new EmulatedTerminal(30, 8);
        var screen = new RunScreen(() => (30, 8), terminal.Write, _ => Head);

        screen.Open();
        screen.Paint(["one"]);
        screen.Close();

        terminal.Modes.ShouldBe(["\e[?2026h", "\e[?2026l"]);
    }

    [Fact]
    public void What_a_program_writes_cannot_move_the_cursor()
    {
        RunScreen.Plain("\e[2J\e[31mred\e[0m\a\tend\e]0;title\a").ShouldBe("red    end0;title");
        RunScreen.Plain("plain").ShouldBe("plain");
        RunScreen.Broken("日本語", 4).ShouldBe(["日本\e[0m", "語"]);
    }

    [Fact]
    public void The_table_shows_state_health_address_and_restarts()
    {
        var table = new RunTable { Note = "Dashboard http://localhost:18888/login?t=1" };
        var resource = new ExecutableResource("kitchen", "sh", ".");
        var running = new CustomResourceSnapshot
        {
            ResourceType = "Executable",
            Properties = [],
            State = new("Running", "success"),
            StartTimeStamp = DateTime.UnixEpoch,
            HealthReports = [new("check", HealthStatus.Unhealthy, "no", null)],
            Urls = [new("http", "http://127.0.0.1:5000", false)]
        };
        table.Update(new(resource, "kitchen-1", running));
        table.Update(new(resource, "kitchen-1", running with { StartTimeStamp = DateTime.UnixEpoch.AddSeconds(5) }));

        var terminal = new EmulatedTerminal(100, 20);
        terminal.Write(string.Join("\r\n", table.Render(100, hasLinks: true)));

        terminal.Screen.ShouldContain(line => line.Contains("kitchen") && line.Contains("Running") && line.Contains("Unhealthy") && line.Contains("http://127.0.0.1:5000") && line.EndsWith('1'));
        terminal.Screen.ShouldContain(line => line.Contains("http://localhost:18888/login?t=1"));
    }

    [Fact]
    public void Links_are_made_where_terminals_are_known_to_show_them()
    {
        Has(("VTE_VERSION", "7600")).ShouldBeTrue();
        Has(("TERM_PROGRAM", "vscode")).ShouldBeTrue();
        Has(("VTE_VERSION", "4200")).ShouldBeFalse();
        Has(("TERM", "xterm-256color")).ShouldBeFalse();

        static bool Has(params (string Name, string Value)[] variables) =>
            Terminal.HasLinksIn(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
    }

    [Fact]
    public void What_Redis_always_says_is_left_out_and_trouble_is_not()
    {
        RedisServer.IsRoutine("12:C 21 Nov 2026 05:26:45.581 # Configuration loaded").ShouldBeTrue();
        RedisServer.IsRoutine("12:M 21 Nov 2026 05:26:45.581 # Can't save in background: fork: Cannot allocate memory").ShouldBeFalse();
        RedisServer.IsRoutine("12:M 21 Nov 2026 05:26:45.581 # Warning: Could not create server TCP listening socket 127.0.0.1:6379: bind: Address already in use").ShouldBeFalse();
    }
}
