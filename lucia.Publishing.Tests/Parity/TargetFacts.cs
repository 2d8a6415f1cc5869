namespace Lucia.Publishing.Tests.Parity;

/// <summary>All that the output of one target says, by workload.</summary>
internal sealed class TargetFacts(string target)
{
    private readonly SortedDictionary<string, HashSet<Fact>> _facts = new(StringComparer.Ordinal);

    public string Target => target;

    public IReadOnlyDictionary<string, HashSet<Fact>> Workloads => _facts;

    /// <summary>A workload that the output holds, whatever it says of it.</summary>
    public HashSet<Fact> Workload(string name)
    {
        if (!_facts.TryGetValue(name, out var facts))
            _facts.Add(name, facts = []);
        return facts;
    }

    public void Add(string workload, Fact fact) => Workload(workload).Add(fact);

    public void Add(string workload, FactKind kind, string name, string value = "") => Workload(workload).Add(new Fact(kind, name, value));
}
