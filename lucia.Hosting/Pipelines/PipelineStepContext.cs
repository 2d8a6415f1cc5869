using System.Collections.ObjectModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>What every step of a pipeline sees.</summary>
public sealed class PipelineContext(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext executionContext,
    IServiceProvider serviceProvider,
    ILogger logger,
    CancellationToken cancellationToken)
{
    /// <summary>The model.</summary>
    public DistributedApplicationModel Model { get; } = model;

    /// <summary>The execution context.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The services.</summary>
    public IServiceProvider Services { get; } = serviceProvider;

    /// <summary>Where a step tells what it does.</summary>
    public ILogger Logger { get; } = logger;

    /// <summary>Ends the pipeline.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>What is told at the end.</summary>
    public PipelineSummary Summary { get; } = new();
}

/// <summary>What one step sees.</summary>
public sealed class PipelineStepContext
{
    /// <summary>What every step sees.</summary>
    public required PipelineContext PipelineContext { get; init; }

    /// <summary>The model.</summary>
    public DistributedApplicationModel Model => PipelineContext.Model;

    /// <summary>The execution context.</summary>
    public DistributedApplicationExecutionContext ExecutionContext => PipelineContext.ExecutionContext;

    /// <summary>The services.</summary>
    public IServiceProvider Services => PipelineContext.Services;

    /// <summary>Where the step tells what it does.</summary>
    public ILogger Logger => PipelineContext.Logger;

    /// <summary>Ends the pipeline.</summary>
    public CancellationToken CancellationToken => PipelineContext.CancellationToken;

    /// <summary>What is told at the end.</summary>
    public PipelineSummary Summary => PipelineContext.Summary;
}

/// <summary>What a pipeline tells at its end, line by line.</summary>
public sealed class PipelineSummary
{
    private readonly List<PipelineSummaryItem> _items = [];

    /// <summary>The lines.</summary>
    public ReadOnlyCollection<PipelineSummaryItem> Items => _items.AsReadOnly();

    /// <summary>Adds a line.</summary>
    public void Add(string key, string value) => _items.Add(new(key, value));
}

/// <summary>A line of a pipeline's summary.</summary>
/// <param name="key">What it is about.</param>
/// <param name="value">What there is to say.</param>
public sealed class PipelineSummaryItem(string key, string value)
{
    /// <summary>What it is about.</summary>
    public string Key { get; } = key;

    /// <summary>What there is to say.</summary>
    public string Value { get; } = value;
}
