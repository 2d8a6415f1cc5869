namespace Lucia.Publishing.Diagnostics;

/// <summary>A mistake of this program, told so that one line of it is enough to find it.</summary>
internal static class Fault
{
    /// <summary>What happened, while doing what, and where in the program.</summary>
    public static string Describe(Exception fault, string doing)
    {
        var at = fault.StackTrace?.Split('\n').Select(static line => line.Trim()).FirstOrDefault(static line => line.Contains(nameof(Lucia), StringComparison.Ordinal));
        return $"{fault.GetType().Name} while {doing}: {fault.Message.ReplaceLineEndings(" ")}{(at is null ? "" : $" ({at})")}";
    }
}
