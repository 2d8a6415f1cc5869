namespace Lucia.Publishing.Diagnostics;

/// <summary>How much a diagnostic weighs.</summary>
public enum Severity
{
    /// <summary>Something was decided or left open that is worth knowing.</summary>
    Notice,

    /// <summary>The output works only once a person has done something.</summary>
    Warning,

    /// <summary>Nothing is written.</summary>
    Error,
}
