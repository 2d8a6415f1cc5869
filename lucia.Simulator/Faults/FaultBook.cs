using Lucia.Simulator.Home;

namespace Lucia.Simulator.Faults;

/// <summary>The faults that are due. The first that fits is taken, and counted down.</summary>
public sealed class FaultBook
{
    internal const int MaxFaults = 100;

    private static readonly FaultKind[] OfServices = [FaultKind.HomeError, FaultKind.HomeHang, FaultKind.HomeIgnoresCall, FaultKind.HomeChangesLate];
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];

    /// <summary>What is still due, with what is left of each count.</summary>
    public IReadOnlyList<Fault> Pending
    {
        get
        {
            lock (_gate)
                return [.. _faults];
        }
    }

    /// <summary>Adds faults behind those already due.</summary>
    /// <returns>False, with none added, when there would be more than a hundred.</returns>
    public bool Add(params IReadOnlyCollection<Fault> faults)
    {
        lock (_gate)
        {
            if (_faults.Count + faults.Count > MaxFaults)
                return false;
            _faults.AddRange(faults);
            return true;
        }
    }

    /// <summary>Behaves well again.</summary>
    public void Clear()
    {
        lock (_gate)
            _faults.Clear();
    }

    internal Fault? Take(string subject, params ReadOnlySpan<FaultKind> kinds) => Take([subject], kinds);

    internal Fault? TakeForService(Service service, IReadOnlyList<string> targets) => Take([$"{service.Domain}.{service.Name}", .. targets], OfServices);

    private Fault? Take(ReadOnlySpan<string> subjects, ReadOnlySpan<FaultKind> kinds)
    {
        lock (_gate)
        {
            for (var i = 0; i < _faults.Count; i++)
            {
                var fault = _faults[i];
                if (!kinds.Contains(fault.Kind) || !Fits(fault, subjects))
                    continue;
                if (fault.Count is { } left)
                {
                    if (left <= 1)
                        _faults.RemoveAt(i);
                    else
                        _faults[i] = fault with { Count = left - 1 };
                }

                return fault;
            }

            return null;
        }
    }

    private static bool Fits(Fault fault, ReadOnlySpan<string> subjects)
    {
        if (fault.Match is null)
            return true;
        foreach (var subject in subjects)
        {
            if (subject.Contains(fault.Match, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
