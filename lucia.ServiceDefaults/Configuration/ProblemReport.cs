using System.Globalization;
using Lucia.Settings;

namespace Lucia.ServiceDefaults;

/// <summary>Problems with the settings, for a person who reads a terminal, a container's log or the journal.</summary>
internal static class ProblemReport
{
    public static void Write(TextWriter writer, IReadOnlyList<SettingProblem> problems)
    {
        writer.WriteLine(problems.Count == 1
            ? "Lucia cannot start: there is 1 problem with its settings."
            : string.Create(CultureInfo.InvariantCulture, $"Lucia cannot start: there are {problems.Count} problems with its settings."));

        foreach (var problem in problems)
        {
            writer.WriteLine();
            writer.WriteLine(problem.Source is null ? $"  {problem.Setting}" : $"  {problem.Setting} (in {problem.Source})");
            writer.WriteLine($"    {problem.What}");
            writer.WriteLine($"    {problem.Remedy}");
        }

        writer.Flush();
    }
}
