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

        terminal.Copied.Where(line => line.Length > 0).ShouldBe([text]);
    }

    [Theory]
    [InlineData(30, 1)]
    [InlineData(30, 9)]
    [InlineData(60, 4)]
    [InlineData(61, 4)]
    public void A_line_that_is_longer_than_the_terminal_stays_one_line_wherever_it_goes(int length, int before)
    {
        var terminal = new EmulatedTerminal(30, 8);
        var screen = new RunScreen(() => (30, 8), terminal.Write, _ => Head);
        string[] lines = [.. Enumerable.Range(0, before).Select(number => $"line {number}"), "http://" + new string('x', length - 8) + "!", "below"];

        screen.Open();
        foreach (var line in lines)
        {
            screen.Paint([line]);
            terminal.Screen[0].ShouldBe("HEAD");
        }

        terminal.Copied.Where(line => line.Length > 0).Except(Head).ShouldBe(lines);
        screen.Paint([.. Enumerable.Range(0, 9).Select(number => $"later {number}")]);
        screen.Close();
        terminal.Copied.Where(line => line.Length > 0).ShouldBe([.. lines, .. Enumerable.Range(0, 9).Select(number => $"later {number}")]);
    }

    [Fact]
    public void What_was_on_the_terminal_before_moves_up_without_empty_rows()
    {
        var terminal = new EmulatedTerminal(40, 24);
        var screen = new RunScreen(() => (40, 24), terminal.Write, _ => Head);
        terminal.Write("one\r\ntwo\r\n");

        screen.Open();
        screen.Paint(["three"]);

        terminal.Scrollback.ShouldBe(["one", "two"]);
        terminal.Screen.Take(3).ShouldBe(["HEAD", "----", "three"]);
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
        RunScreen.Broken("日本語", 4).ShouldBe([new("日本\e[0m", false, true), new("語", true, false)]);
        RunScreen.Broken("日本語", 5).ShouldBe([new("日本\e[0m", false, false), new("語", true, false)]);
    }

    [Fact]
    public void The_table_shows_state_health_address_and_restarts()
    {
        var (shown, _) = Shown(Kitchen(), 100);

        shown.ShouldContain(line => line.Contains("kitchen") && line.Contains("Running") && line.Contains("Unhealthy") && line.Contains("http://127.0.0.1:5000") && line.EndsWith('1'));
        shown.ShouldContain(line => line.Contains("http://localhost:18888/login?t=1"));
    }

    [Fact]
    public void Each_resource_has_one_line_on_a_terminal_of_any_width()
    {
        for (var width = 20; width <= 120; width++)
        {
            var (shown, rendered) = Shown(Kitchen(), width);
            rendered.Count.ShouldBe(6, $"heading, line, one row, empty line, note and rule in {width} columns:\n{string.Join('\n', shown)}");
            shown.ShouldContain(line => line.Contains("kit") && line.Contains("Run"), $"{width} columns:\n{string.Join('\n', shown)}");
        }
    }

    [Theory]
    [InlineData(100, "Resource State Health Address Restarts", true)]
    [InlineData(69, "Resource State Health Address Restarts", true)]
    [InlineData(68, "Resource State Health Address", true)]
    [InlineData(58, "Resource State Health Address", true)]
    [InlineData(57, "Resource State Health Address", false)]
    [InlineData(51, "Resource State Health Address", false)]
    [InlineData(50, "Resource State Address", true)]
    [InlineData(39, "Resource State Address", false)]
    [InlineData(38, "Resource State", false)]
    public void What_there_is_no_room_for_is_left_out_and_an_address_is_cut_before(int width, string headings, bool isWhole)
    {
        var table = Kitchen();
        var (shown, rendered) = Shown(table, width);

        string.Join(' ', shown[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(headings);
        shown.Any(line => line.Contains("http://127.0.0.1:5000", StringComparison.Ordinal)).ShouldBe(isWhole);
        table.ShowsAddresses(width).ShouldBe(isWhole);
        if (headings.Contains("Address", StringComparison.Ordinal))
            rendered.ShouldContain(line => line.Contains("http://127.0.0.1:5000", StringComparison.Ordinal), "the link is whole");
        if (headings.Contains("Address", StringComparison.Ordinal) && !isWhole)
            shown.ShouldContain(line => line.Contains('…'));
    }

    [Fact]
    public void Without_colours_it_is_the_same_table_without_them()
    {
        var table = Kitchen();
        var coloured = table.Render(100, hasLinks: false, hasColours: true);
        var plain = table.Render(100, hasLinks: false, hasColours: false);

        plain.Select(RunScreen.Plain).ShouldBe(coloured.Select(RunScreen.Plain));
        string.Concat(coloured).ShouldContain("\e[32m");
        string.Concat(plain).ShouldNotContain("\e[32m");
        System.Text.RegularExpressions.Regex.IsMatch(string.Concat(plain), @"\e\[(3|9)\dm").ShouldBeFalse();
    }

    private static RunTable Kitchen()
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
        return table;
    }

    private static (IReadOnlyList<string> Screen, IReadOnlyList<string> Rendered) Shown(RunTable table, int width)
    {
        var rendered = table.Render(width, hasLinks: true, hasColours: true);
        var terminal = new EmulatedTerminal(width, 20);
        terminal.Write(string.Join("\r\n", rendered));
        return (terminal.Screen, rendered);
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
