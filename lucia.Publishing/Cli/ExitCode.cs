namespace Lucia.Publishing.Cli;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    /// <summary>Everything was written (or, with <c>--dry-run</c>, could be).</summary>
    public const int Done = 0;

    /// <summary>The manifest or the output folder has errors; nothing was written.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong; nothing was read.</summary>
    public const int Usage = 2;
}
