namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states a resource goes through.</summary>
public static class KnownResourceStates
{
    /// <summary>Being started.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>Running; whether it is healthy is another question.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>Could not be started, or crashed too often.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>Being stopped.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>Ended, by command or with an error.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>Ended by itself without an error.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>Waiting for another resource.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Not started, because it starts only when told to.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>A parameter without a value.</summary>
    public static readonly string ValueMissing = "Value missing";

    /// <summary>The states that nothing follows unless someone acts.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];

    /// <summary>The machine lacks what the resource needs; the others go on without it.</summary>
    internal static readonly string Unavailable = nameof(Unavailable);

    /// <summary>Crashed, and about to be started again.</summary>
    internal static readonly string Restarting = nameof(Restarting);
}

/// <summary>How a state is coloured.</summary>
public static class KnownResourceStateStyles
{
    /// <summary>Something is wrong.</summary>
    public static readonly string Error = "error";

    /// <summary>All is well.</summary>
    public static readonly string Success = "success";

    /// <summary>In between.</summary>
    public static readonly string Info = "info";

    /// <summary>Something is not as it should be.</summary>
    public static readonly string Warn = "warning";
}

/// <summary>The commands every process has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts a stopped resource.</summary>
    public static readonly string StartCommand = "resource-start";

    /// <summary>Stops a running resource.</summary>
    public static readonly string StopCommand = "resource-stop";

    /// <summary>Stops and starts a resource.</summary>
    public static readonly string RestartCommand = "resource-restart";
}
