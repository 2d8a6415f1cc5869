namespace Lucia.Publishing.Tests.Parity;

/// <summary>Tells in what two accounts of the same deployment differ; each difference names target, workload and kind.</summary>
internal static class Comparison
{
    public static IReadOnlyList<string> Differences(TargetFacts expected, TargetFacts actual)
    {
        var differences = new List<string>();
        foreach (var workload in expected.Workloads.Keys.Union(actual.Workloads.Keys))
        {
            if (!actual.Workloads.TryGetValue(workload, out var said))
                differences.Add($"{actual.Target}: {workload} is missing");
            else if (!expected.Workloads.TryGetValue(workload, out var due))
                differences.Add($"{actual.Target}: {workload} is not in the manifest");
            else
                differences.AddRange(Differences(actual.Target, workload, due, said));
        }
        return differences;
    }

    private static IEnumerable<string> Differences(string target, string workload, HashSet<Fact> expected, HashSet<Fact> actual) =>
    [
        .. expected.Except(actual).Select(f => $"{target}: {workload}: {f.Kind}: lacks {f.Name} = {f.Value}"),
        .. actual.Except(expected).Select(f => $"{target}: {workload}: {f.Kind}: has {f.Name} = {f.Value}"),
    ];
}
