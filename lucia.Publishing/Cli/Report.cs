using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;
using Spectre.Console;

namespace Lucia.Publishing.Cli;

/// <summary>Shows findings, files and tables: in colour on a terminal, as plain lines otherwise.</summary>
internal sealed class Report(TextWriter output, TextWriter error, Notices notices)
{
    private readonly bool _terminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && !Console.IsErrorRedirected;

    /// <summary>All findings as one list, errors first, with a summary.</summary>
    public void Findings(PublishResult result)
    {
        foreach (var finding in result.Diagnostics.Where(static d => d.Severity != Severity.Notice).OrderByDescending(static d => d.Severity))
        {
            if (_terminal)
                Colourful(finding);
            else
                error.WriteLine(finding.ToString());
        }
        if (notices != Notices.None)
            ShowNotices(result.Diagnostics.Where(static d => d.Severity == Severity.Notice));
        if (!result.Succeeded)
            error.WriteLine($"{Count(result.Diagnostics.Count(static d => d.Severity == Severity.Error), "error")}; nothing was written.");
    }

    /// <summary>What was written.</summary>
    public void Changes(PublishResult result, string root, bool dryRun)
    {
        if (!result.Succeeded)
            return;
        foreach (var change in result.Changes.Where(c => dryRun ? c.Kind != ChangeKind.Same : c.Kind == ChangeKind.Removed))
            output.WriteLine($"{change.Kind.ToString().ToLowerInvariant(),-8} {root}/{change.Path}");
        foreach (var folder in result.Folders)
        {
            var changed = result.Changes.Count(c => c.Kind != ChangeKind.Same && c.Path.StartsWith(folder.Name + "/", StringComparison.Ordinal) && c.Path != $"{folder.Name}/{FolderWriter.IndexName}");
            output.WriteLine($"{root}/{folder.Name}: {Count(folder.Files.Count, "file")}, {(changed == 0 ? "all as they were" : $"{changed} {(dryRun ? "would change" : "changed")}")}");
        }
    }

    /// <summary>Feature by target.</summary>
    public void Support(DeploymentPlan plan, IReadOnlyList<PublishTarget> targets)
    {
        var uses = FeatureUse.Of(plan);
        if (_terminal)
        {
            var table = new Table().AddColumns(["feature", "uses", .. targets.Select(static t => t.Name)]);
            foreach (var (feature, places) in uses)
                table.AddRow([feature.ToString(), $"{places.Count}", .. targets.Select(t => Markup.Escape(SupportPage.Cell(t, feature)))]);
            AnsiConsole.Write(table);
            return;
        }
        output.WriteLine(string.Join('\t', ["feature", "uses", .. targets.Select(static t => t.Name)]));
        foreach (var (feature, places) in uses)
            output.WriteLine(string.Join('\t', [feature.ToString(), $"{places.Count}", .. targets.Select(t => SupportPage.Cell(t, feature))]));
    }

    private void ShowNotices(IEnumerable<Diagnostic> findings)
    {
        // The same notice about each of thirty workloads is one thing to know.
        foreach (var group in findings.GroupBy(static d => d.Number))
        {
            var all = group.ToList();
            if (notices == Notices.All || all.Count == 1)
            {
                foreach (var finding in all)
                    error.WriteLine(finding.ToString());
                continue;
            }
            var definition = DiagnosticCatalogue.All.First(d => d.Number == group.Key);
            var where = string.Join(", ", all.Select(static d => d.Resource).Distinct());
            error.WriteLine($"{group.Key} notice: {definition.Title}: {where}. {all[0].Remedy}");
        }
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private static void Colourful(Diagnostic finding)
    {
        var colour = finding.Severity switch { Severity.Error => "red", Severity.Warning => "yellow", _ => "grey" };
        AnsiConsole.MarkupLine($"[bold {colour}]{finding.Number}[/] {Markup.Escape(finding.Place)}");
        AnsiConsole.MarkupLine($"  {Markup.Escape(finding.Message)}");
        AnsiConsole.MarkupLine($"  [grey]{Markup.Escape(finding.Remedy)}[/]");
    }
}

/// <summary>How much of the notices is shown.</summary>
internal enum Notices
{
    /// <summary>None.</summary>
    None,

    /// <summary>One line for each number.</summary>
    Grouped,

    /// <summary>One line for each finding.</summary>
    All,
}
