using System.Text;

namespace Lucia.Publishing.Diagnostics;

/// <summary>The documentation page of all diagnostics, made from the catalogue.</summary>
public static class DiagnosticPage
{
    /// <summary>Markdown with one section per number, so that <c>#lucia1302</c> is a link.</summary>
    public static string Render()
    {
        var page = new StringBuilder("""
            # Publishing diagnostics

            <!-- Generated from DiagnosticCatalogue.cs; do not edit. -->

            Every finding has a number that keeps its meaning. An error means that nothing is written; a warning, that the output works
            once a person has done something; a notice, that something was decided or left open. All findings are told in one run.

            | number | severity | what |
            | --- | --- | --- |

            """);
        foreach (var entry in DiagnosticCatalogue.All)
            page.Append($"| [{entry.Number}](#{entry.Number.ToLowerInvariant()}) | {Name(entry.Severity)} | {entry.Title} |\n");
        foreach (var entry in DiagnosticCatalogue.All)
        {
            page.Append($"\n## {entry.Number}\n\n**{entry.Title}** ({Name(entry.Severity)})\n\n{entry.Meaning}\n\n");
            page.Append($"Example: {entry.Example}\n\nRemedy: {entry.Remedy}\n");
        }
        return page.ToString();
    }

    private static string Name(Severity severity) => severity.ToString().ToLowerInvariant();
}
