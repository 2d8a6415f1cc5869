using System.Reflection;
using Aspire.Hosting.Building;
using Aspire.Hosting.Pipelines;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Running;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <inheritdoc cref="IDistributedApplicationBuilder"/>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly DistributedApplicationOptions _options;
    private readonly EntryPointCapture? _capture = EntryPointCapture.Current;
    private readonly Lazy<StateDirectory> _state;

    /// <summary>Starts the description of an application.</summary>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        _options = options;
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        _capture?.Constructing(options, settings);

        CommandLine = CommandLine.Parse(options.Args ?? []);
        AppHostAssembly = options.Assembly;
        AppHostDirectory = AppHostMetadata.DirectoryOf(options);
        (Configuration, Environment) = AppHostConfiguration.Load(CommandLine, settings, AppHostAssembly, AppHostDirectory);
        ExecutionContext = new(CommandLine.OperationIn(Configuration));
        _state = new(() => StateDirectory.For(Configuration, Environment.ApplicationName, AppHostDirectory));

        Services.AddSingleton<IConfiguration>(Configuration);
        Services.AddSingleton(Environment);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(new ResourceNotificationService());
        Services.AddSingleton(new ResourceLoggerService());
        Services.AddSingleton<IPipelineOutputService>(new PipelineOutputService(Configuration, AppHostDirectory));
        Pipeline.AddStep(ManifestStep.Name, ManifestStep.RunAsync);
        _capture?.Constructed(this);
    }

    /// <inheritdoc/>
    public ConfigurationManager Configuration { get; }

    /// <inheritdoc/>
    public string AppHostDirectory { get; }

    /// <inheritdoc/>
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc/>
    public IHostEnvironment Environment { get; }

    /// <inheritdoc/>
    public IServiceCollection Services { get; } = new ServiceCollection();

    /// <inheritdoc/>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc/>
    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <inheritdoc/>
    public IDistributedApplicationPipeline Pipeline { get; } = new DistributedApplicationPipeline();

    internal CommandLine CommandLine { get; }

    /// <summary>Where this project's generated values and data live from run to run.</summary>
    internal StateDirectory State => _state.Value;

    /// <summary>The command line and configuration have the last word; a test that says nothing has none.</summary>
    internal bool WantsDashboard => bool.TryParse(Configuration[CommandLine.NoDashboardKey], out var without) ? !without : !_options.DisableDashboard;

    internal bool LogsToConsole => !IsCaptured || _options.EnableResourceLogging;

    internal bool IsCaptured => _capture is not null;

    /// <inheritdoc/>
    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (!ResourceName.IsValid(resource.Name))
        {
            throw new DistributedApplicationException(
                $"'{resource.Name}' is no resource name: use ASCII letters, digits and single hyphens, a letter first, at most 64 characters.");
        }

        if (Resources.FirstOrDefault(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)) is { } taken)
        {
            throw new DistributedApplicationException(
                $"Two resources are named '{taken.Name}' ({taken.GetType().Name} and {resource.GetType().Name}); names are unique regardless of case.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc/>
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    /// <inheritdoc/>
    public DistributedApplication Build()
    {
        _capture?.Building(this);
        var application = new DistributedApplication(this, Services.BuildServiceProvider());
        _capture?.Built(application);
        return application;
    }
}

internal static class ResourceName
{
    internal static bool IsValid(string name) =>
        name.Length is > 0 and <= 64
        && char.IsAsciiLetter(name[0])
        && name[^1] != '-'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        && !name.Contains("--", StringComparison.Ordinal);
}
