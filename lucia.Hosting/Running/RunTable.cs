using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Aspire.Hosting.Running;

/// <summary>The resources of a run as a table, one instance a row.</summary>
internal sealed class RunTable
{
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

    /// <summary>The table's lines for a terminal so wide, with their colours.</summary>
    internal IReadOnlyList<string> Render(int width, bool hasLinks)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text)
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Links = hasLinks;
        console.Write(Table());
        if (Note is not null)
            console.Write(new Markup($" {Link(Note)}\n").Overflow(Overflow.Ellipsis));
        console.Write(new Rule().RuleStyle("grey"));
        // This border begins with an empty line.
        return [.. text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Skip(1)];
    }

    private Table Table()
    {
        var table = new Table().Border(TableBorder.Simple).Expand();
        foreach (var heading in new[] { "Resource", "State", "Health", "Address", "Restarts" })
            table.AddColumn(new TableColumn(new Markup($"[bold]{heading}[/]")).NoWrap());
        table.Columns[^1].RightAligned();
        lock (_gate)
        {
            foreach (var row in _rows)
                table.AddRow(Cells(row));
        }

        return table;
    }

    private static IRenderable[] Cells(Row row)
    {
        var (health, colour) = row.Health switch
        {
            HealthStatus.Healthy => ("Healthy", "green"),
            HealthStatus.Degraded => ("Degraded", "yellow"),
            HealthStatus.Unhealthy => ("Unhealthy", "red"),
            _ => ("", "grey")
        };
        return
        [
            new Markup($"[bold]{Markup.Escape(row.Name)}[/]"),
            new Markup($"[{ColourOf(row.State?.Style)}]{Markup.Escape(row.State?.Text ?? "")}[/]"),
            new Markup($"[{colour}]{health}[/]"),
            new Markup(string.Join(' ', row.Address.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Link))),
            new Markup(row.Restarts == 0 ? "[grey]0[/]" : $"[yellow]{row.Restarts}[/]")
        ];
    }

    private static string Link(string text)
    {
        var at = text.IndexOf("http", StringComparison.Ordinal);
        return at < 0 ? Markup.Escape(text) : $"{Markup.Escape(text[..at])}[link={Markup.Escape(text[at..])}]{Markup.Escape(text[at..])}[/]";
    }

    private static string ColourOf(string? style) => style switch
    {
        "success" => "green",
        "warning" => "yellow",
        "error" => "red",
        "info" => "blue",
        _ => "grey"
    };

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
