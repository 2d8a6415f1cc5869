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
    /// <summary>Where it is, such as <c>$.resources.web.env.X (line 12, column 5)</c>.</summary>
    public string Place => Line is { } line ? $"{JsonPath} (line {line}, column {Column})" : JsonPath;

    /// <summary>One line: <c>LUCIA1302 error at $.resources.web.env.X (line 12, column 5): …</c> and the remedy.</summary>
    public override string ToString() => $"{Number} {Severity.ToString().ToLowerInvariant()} at {Place}: {Message} {Remedy}";
}
