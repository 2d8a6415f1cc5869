using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known about one instance of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Project, Container, Executable, Parameter ...</summary>
    public required string ResourceType { get; init; }

    /// <summary>Facts for whoever shows the resource; the names are those of the Aspire dashboard.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>When the resource was added to the model.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When it last started.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When it last stopped.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>One of <see cref="KnownResourceStates"/>, or a text of its own.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>The exit code of the last process.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The results of the health checks.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; init; } = [];

    /// <summary>The worst of the health checks while running; healthy when there are none, null when not running.</summary>
    public HealthStatus? HealthStatus => State?.Text != KnownResourceStates.Running
        ? null
        : HealthReports.Length == 0
            ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
            : HealthReports.Min(report => report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);

    /// <summary>The variables the process was started with, beyond those it inherited.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Where the resource answers.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>What can be done with the resource now.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    /// <summary>The resources it refers to.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>Whether the resource is left out of lists.</summary>
    public bool IsHidden { get; init; }
}

/// <summary>A state and how to colour it.</summary>
/// <param name="Text">The state.</param>
/// <param name="Style">One of <see cref="KnownResourceStateStyles"/>.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state without a colour.</summary>
    public static implicit operator ResourceStateSnapshot?(string? text) => text is null ? null : new(text, null);
}

/// <summary>The result of one health check.</summary>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText)
{
    /// <summary>When the check last ran.</summary>
    public DateTime? LastRunAt { get; init; }
}

/// <summary>A fact about a resource.</summary>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Whether the value must be hidden until asked for.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>An environment variable of a resource. <paramref name="IsFromSpec"/> says that the model set it.</summary>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

/// <summary>An address of a resource.</summary>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal);

/// <summary>A relation to another resource.</summary>
public sealed record RelationshipSnapshot(string ResourceName, string Type);

/// <summary>A command of a resource.</summary>
public sealed record ResourceCommandSnapshot(string Name, ResourceCommandState State, string DisplayName, string? DisplayDescription, string? IconName);

/// <summary>Whether a command can be given.</summary>
public enum ResourceCommandState
{
    /// <summary>It can.</summary>
    Enabled,

    /// <summary>It is shown but cannot.</summary>
    Disabled,

    /// <summary>It is not shown.</summary>
    Hidden
}
