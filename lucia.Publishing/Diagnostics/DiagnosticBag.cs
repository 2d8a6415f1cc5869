namespace Lucia.Publishing.Diagnostics;

/// <summary>Collects every finding of a run, so that all problems are told at once.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _items = [];
    private readonly HashSet<Diagnostic> _seen = [];

    /// <summary>All findings in the order they were made, without repetitions.</summary>
    public IReadOnlyList<Diagnostic> Items => _items;

    /// <summary>Whether anything forbids writing.</summary>
    public bool HasErrors => _items.Exists(static d => d.Severity == Severity.Error);

    /// <summary>The errors alone.</summary>
    public IEnumerable<Diagnostic> Errors => _items.Where(static d => d.Severity == Severity.Error);

    /// <summary>Reports a finding of the catalogue.</summary>
    /// <param name="definition">The catalogue's entry.</param>
    /// <param name="at">Where.</param>
    /// <param name="message">What exactly is wrong here; never a secret value.</param>
    /// <param name="remedy">How to mend it; the entry's own remedy when null.</param>
    /// <param name="severity">The entry's own severity when null.</param>
    public void Report(
        DiagnosticDefinition definition, SourceLocation at, string message, string? remedy = null, Severity? severity = null)
    {
        var diagnostic = new Diagnostic(
            definition.Number, severity ?? definition.Severity, at.Resource, at.JsonPath, at.Line, at.Column, message, remedy ?? definition.Remedy);
        if (_seen.Add(diagnostic))
            _items.Add(diagnostic);
    }
}
