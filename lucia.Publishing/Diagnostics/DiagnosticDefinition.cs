namespace Lucia.Publishing.Diagnostics;

/// <summary>One entry of the catalogue.</summary>
/// <param name="Number">Stable number; never reused.</param>
/// <param name="Severity">The severity it is reported with unless the reporter says otherwise.</param>
/// <param name="Title">A few words.</param>
/// <param name="Meaning">What it means and why it matters.</param>
/// <param name="Example">What causes it.</param>
/// <param name="Remedy">How to mend it; the default remedy of the diagnostics.</param>
public sealed record DiagnosticDefinition(
    string Number, Severity Severity, string Title, string Meaning, string Example, string Remedy);
