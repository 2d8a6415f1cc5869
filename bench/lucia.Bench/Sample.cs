namespace Lucia.Bench;

/// <summary>What one way of doing it took in every round.</summary>
/// <param name="Name">The way.</param>
internal sealed record Sample(string Name)
{
    private readonly List<double> _wall = [];
    private readonly List<double> _cpu = [];

    /// <summary>The most memory a process had, in bytes; 0 where it is not a process.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Median of the time by the clock, in milliseconds.</summary>
    public double Wall => Median(_wall);

    /// <summary>Median of the processor time, in milliseconds; what other programs do hardly changes it.</summary>
    public double Cpu => Median(_cpu);

    /// <summary>Adds a round.</summary>
    public void Add(double wallMilliseconds, double cpuMilliseconds = 0, long peakBytes = 0)
    {
        _wall.Add(wallMilliseconds);
        _cpu.Add(cpuMilliseconds);
        PeakBytes = Math.Max(PeakBytes, peakBytes);
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
