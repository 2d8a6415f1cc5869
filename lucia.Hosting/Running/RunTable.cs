using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spectre.Console;

namespace Aspire.Hosting.Running;

/// <summary>The resources of a run as a table, one instance a row.</summary>
internal sealed class RunTable
{
    /// <summary>What of an address is still worth its room.</summary>
    private const int ShortestAddress = 14;

    /// <summary>What the border puts around a column and around all of them.</summary>
    private const int RoomPerColumn = 3, RoomAround = 1;

    private readonly Lock _gate = new();
    private readonly List<Row> _rows = [];

    /// <summary>What is written below the rows.</summary>
    internal string? Note { get; set; }

    internal void Update(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        lock (_gate)
        {
            var at = _rows.FindIndex(row => row.Id == change.ResourceId);
            var former = at < 0 ? new Row(change.ResourceId, change.Resource.Name) : _rows[at];
            var isNewLife = snapshot.StartTimeStamp is { } started && started != former.StartedAt;
            var row = former with
            {
                State = snapshot.State,
                Health = snapshot.HealthReports.Length == 0 ? null : snapshot.HealthStatus,
                Address = string.Join(' ', snapshot.Urls.Select(url => url.Url)),
                StartedAt = snapshot.StartTimeStamp,
                Starts = former.Starts + (isNewLife ? 1 : 0)
            };
            if (at < 0)
                _rows.Add(row);
            else
                _rows[at] = row;
        }
    }

    /// <summary>Whether a terminal so wide has room for every address as it is.</summary>
    internal bool ShowsAddresses(int width)
    {
        lock (_gate)
            return Columns(_rows, width).Find(column => column.Heading == "Address") is { } addresses && _rows.All(row => row.Address.Length <= addresses.Width);
    }

    /// <summary>The table's lines for a terminal so wide, with their colours.</summary>
    internal IReadOnlyList<string> Render(int width, bool hasLinks, bool hasColours)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = hasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text)
        });
        console.Profile.Width = width;
        console.Write(Table(width, hasLinks));
        if (Note is not null)
            console.Write(new Markup($" {Link(Note, width - 2, hasLinks)}\n"));
        console.Write(new Rule().RuleStyle("grey"));
        // This border begins with an empty line.
        return [.. text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Skip(1)];
    }

    private Table Table(int width, bool hasLinks)
    {
        Row[] rows;
        lock (_gate)
            rows = [.. _rows];
        var table = new Table().Border(TableBorder.Simple).Expand();
        var columns = Columns(rows, width);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Markup($"[bold]{Shortened(column.Heading, column.Width)}[/]")) { Width = column.Width });
        if (columns[^1].Heading == "Restarts")
            table.Columns[^1].RightAligned();
        foreach (var row in rows)
            table.AddRow(columns.Select(column => new Markup(column.Cell(row, column.Width, hasLinks))));
        return table;
    }

    /// <summary>
    /// What there is room for, each row on one line: restarts go first, then addresses are cut, then health and the addresses go. What a resource is
    /// called and how it is is always there.
    /// </summary>
    private static List<Column> Columns(IReadOnlyCollection<Row> rows, int width)
    {
        List<Column> columns =
        [
            Of("Resource", row => row.Name, (row, room, _) => $"[bold]{Markup.Escape(Shortened(row.Name, room))}[/]"),
            Of("State", row => row.State?.Text ?? "", (row, room, _) => $"[{ColourOf(row.State?.Style)}]{Markup.Escape(Shortened(row.State?.Text ?? "", room))}[/]"),
            Of("Health", row => row.Health?.ToString() ?? "", (row, _, _) => $"[{ColourOf(row.Health)}]{row.Health}[/]"),
            Of("Address", row => row.Address, (row, room, hasLinks) => Link(row.Address, room, hasLinks)),
            Of("Restarts", row => "", (row, _, _) => row.Restarts == 0 ? "[grey]0[/]" : $"[yellow]{row.Restarts}[/]")
        ];
        foreach (var dispensable in new[] { "Restarts", "Health", "Address" })
        {
            var spare = dispensable == "Restarts" ? 0 : Math.Max(0, columns.Find(column => column.Heading == "Address")!.Width - ShortestAddress);
            if (Excess() <= spare)
                break;
            columns.RemoveAll(column => column.Heading == dispensable);
        }

        foreach (var heading in new[] { "Address", "Resource", "State" })
        {
            var at = columns.FindIndex(column => column.Heading == heading);
            if (at >= 0 && Excess() > 0)
                columns[at] = columns[at] with { Width = Math.Max(1, columns[at].Width - Excess()) };
        }

        return columns;

        int Excess() => columns.Sum(column => column.Width + RoomPerColumn) + RoomAround - width;

        Column Of(string heading, Func<Row, string> text, Func<Row, int, bool, string> cell) =>
            new(heading, rows.Select(row => text(row).Length).Append(heading.Length).Max(), cell);
    }

    private static string Shortened(string text, int room) => text.Length <= room ? text : $"{text[..Math.Max(0, room - 1)]}…";

    /// <summary>A text whose addresses can be followed; cut at the end where there is no room, the addresses it leads to are whole.</summary>
    private static string Link(string text, int room, bool hasLinks)
    {
        var markup = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (markup.Length > 0)
            {
                markup.Append(' ');
                room--;
            }

            var shown = Markup.Escape(Shortened(word, Math.Max(1, room)));
            markup.Append(hasLinks && word.StartsWith("http", StringComparison.Ordinal) ? $"[link={Markup.Escape(word)}]{shown}[/]" : shown);
            if ((room -= word.Length) < 1)
                break;
        }

        return markup.ToString();
    }

    private static string ColourOf(string? style) => style switch
    {
        "success" => "green",
        "warning" => "yellow",
        "error" => "red",
        "info" => "blue",
        _ => "grey"
    };

    private static string ColourOf(HealthStatus? health) => health switch
    {
        HealthStatus.Healthy => "green",
        HealthStatus.Degraded => "yellow",
        HealthStatus.Unhealthy => "red",
        _ => "grey"
    };

    /// <summary>A column: its heading, its room, and what a row says in that room, with links or without.</summary>
    private sealed record Column(string Heading, int Width, Func<Row, int, bool, string> Cell);

    private sealed record Row(string Id, string Name)
    {
        internal ResourceStateSnapshot? State { get; init; }

        internal HealthStatus? Health { get; init; }

        internal string Address { get; init; } = "";

        internal DateTime? StartedAt { get; init; }

        internal int Starts { get; init; }

        internal int Restarts => Math.Max(0, Starts - 1);
    }
}
