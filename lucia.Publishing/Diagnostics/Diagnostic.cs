namespace Lucia.Publishing.Diagnostics;

/// <summary>One finding about a manifest, its profile or its output.</summary>
/// <param name="Number">Stable number, such as <c>LUCIA1302</c>; see <see cref="DiagnosticCatalogue"/>.</param>
/// <param name="Severity">What it means for the run.</param>
/// <param name="Resource">The resource it is about, or empty.</param>
/// <param name="JsonPath">Where in the manifest (RFC 9535), or the output file's path.</param>
/// <param name="Line">One-based line, where known.</param>
/// <param name="Column">One-based column, where known.</param>
/// <param name="Message">What is wrong, without secret values.</param>
/// <param name="Remedy">How to mend it.</param>
public sealed record Diagnostic(
    string Number, Severity Severity, string Resource, string JsonPath, int? Line, int? Column, string Message, string Remedy)
{
    /// <summary>One line: <c>LUCIA1302 error at $.resources.web.env.X (12:5): … Remedy: …</c></summary>
    public override string ToString()
    {
        var place = Line is { } line ? $"{JsonPath} (line {line}, column {Column})" : JsonPath;
        return $"{Number} {Severity.ToString().ToLowerInvariant()} at {place}: {Message} {Remedy}";
    }
}
