namespace Lucia.ServiceDefaults;

/// <summary>How patient the service is with something it depends on.</summary>
public sealed class DependencyOptions
{
    /// <summary>The longest a call may take, repeated attempts and the waits between them included.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a failed call is repeated.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>The wait before the first repetition; later ones wait longer, all with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest <c>Retry-After</c> that is waited for. A dependency that asks for more is not asked again.</summary>
    public TimeSpan LongestRetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many calls must have been made within <see cref="SamplingDuration"/> before the circuit can break.</summary>
    public int CircuitMinimumCalls { get; set; } = 6;

    /// <summary>The share of failed calls at which the circuit breaks, 0 to 1.</summary>
    public double CircuitFailureRatio { get; set; } = 0.5;

    /// <summary>The time over which calls are counted.</summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nothing is sent once the circuit is broken.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(10);
}
