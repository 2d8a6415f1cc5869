using Aspire.Hosting.Building;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>Runs the step the command line names, after the steps it needs.</summary>
internal sealed class PipelineRun(DistributedApplicationBuilder builder, IServiceProvider services)
{
    private DistributedApplicationPipeline Pipeline => (DistributedApplicationPipeline)builder.Pipeline;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        if (IsOn(CommandLine.ListStepsKey))
        {
            foreach (var name in Pipeline.Names.Order(StringComparer.Ordinal))
                await Console.Out.WriteLineAsync(name);
            return;
        }

        var steps = Pipeline.OrderFor(builder.Configuration[CommandLine.StepKey] ?? WellKnownPipelineSteps.Publish);
        var logger = new StepLogger(Enum.TryParse<LogLevel>(builder.Configuration[CommandLine.LogLevelKey], ignoreCase: true, out var level) ? level : LogLevel.Information);
        var context = new PipelineContext(new(builder.Resources), builder.ExecutionContext, services, logger, cancellationToken);
        foreach (var step in steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await step.Action(new PipelineStepContext { PipelineContext = context });
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                var details = IsOn(CommandLine.ExceptionDetailsKey) ? Environment.NewLine + error : "";
                throw new DistributedApplicationException($"The step '{step.Name}' failed: {error.Message}{details}", error);
            }
        }

        foreach (var item in context.Summary.Items)
            await Console.Out.WriteLineAsync($"{item.Key}: {item.Value}");
    }

    private bool IsOn(string key) => bool.TryParse(builder.Configuration[key], out var on) && on;

    /// <summary>Says what steps say on standard output; standard error is for what stops the pipeline, since callers take any text there for a failure.</summary>
    private sealed class StepLogger(LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Console.Out.WriteLine((logLevel >= LogLevel.Warning ? $"{logLevel}: " : "") + formatter(state, exception));
        }
    }
}
