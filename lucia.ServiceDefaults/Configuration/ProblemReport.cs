using System.Globalization;
using Lucia.Settings;

namespace Lucia.ServiceDefaults;

/// <summary>Problems with the settings, for a person who reads a terminal, a container's log or the journal.</summary>
internal static class ProblemReport
{
    /// <summary>Writes all of them.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="problems">At least one.</param>
    /// <param name="prefix">What stands in front of every line, such as the journal's mark of an error.</param>
    public static void Write(TextWriter writer, IReadOnlyList<SettingProblem> problems, string prefix = "")
    {
        Line(problems.Count == 1
            ? "Lucia cannot start: there is 1 problem with its settings."
            : string.Create(CultureInfo.InvariantCulture, $"Lucia cannot start: there are {problems.Count} problems with its settings."));

        foreach (var problem in problems)
        {
            // The journal drops empty lines, and an empty one with a prefix would be an entry that says nothing.
            if (prefix.Length == 0) writer.WriteLine();
            Line(problem.Source is null ? $"  {problem.Setting}" : $"  {problem.Setting} (in {problem.Source})");
            Line($"    {problem.What}");
            Line($"    {problem.Remedy}");
        }

        void Line(string text) => writer.WriteLine(prefix + text);

        writer.Flush();
    }
}
