namespace Lucia.Settings;

/// <summary>Whether the service starts without a setting.</summary>
public enum Requirement
{
    /// <summary>It starts without.</summary>
    Optional,

    /// <summary>It does not start without.</summary>
    Required,

    /// <summary>It does not start without once <see cref="Setting.NeededWith"/> is set.</summary>
    WithAnother,

    /// <summary>It does not start without when it listens on more than the loopback addresses.</summary>
    BeyondLoopback,
}
