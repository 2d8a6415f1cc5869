using System.Reflection;
using Aspire.Hosting.Building;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>The builder of an AppHost whose entry point runs in the test's process.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Lets the entry point go on and returns the application it built, not started.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// Runs an AppHost's entry point in the test's process up to the point where it builds. Ports are free ones, and what a run keeps goes to a
/// directory of its own that is deleted with the builder, unless the command line names one. Several can run at once.
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the entry point of the assembly a type is in.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), [], (_, _) => { }, cancellationToken);

    /// <summary>Runs the entry point of the assembly a type is in, with arguments.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, (_, _) => { }, cancellationToken);

    /// <summary>Runs the entry point of the assembly a type is in, with arguments and settings.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default) => CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <summary>Runs the entry point of the assembly a type is in, with arguments and settings.</summary>
    /// <param name="entryPoint">A type of the AppHost's assembly, such as <c>Projects.my_AppHost</c>.</param>
    /// <param name="args">The command line.</param>
    /// <param name="configureBuilder">Changes options and settings before the builder is made.</param>
    /// <param name="cancellationToken">Stops waiting for the builder.</param>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default)
    {
        var capture = new Capture(entryPoint.Assembly, args, configureBuilder);
        try
        {
            return new TestingBuilder(capture, await capture.RunAsync().WaitAsync(cancellationToken));
        }
        catch
        {
            capture.Dispose();
            throw;
        }
    }

    private sealed class Capture(Assembly assembly, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
        : EntryPointCapture, IDisposable
    {
        private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _mayBuild = new();
        private DirectoryInfo? _state;

        internal Task<DistributedApplicationBuilder> RunAsync()
        {
            var main = assembly.EntryPoint ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no entry point.");
            var thread = new Thread(() => Run(main)) { IsBackground = true, Name = $"{assembly.GetName().Name} entry point" };
            thread.Start();
            return _builder.Task;
        }

        internal Task<DistributedApplication> BuildAsync()
        {
            _mayBuild.TrySetResult();
            return _application.Task;
        }

        internal DistributedApplication? Application => _application.Task.IsCompletedSuccessfully ? _application.Task.Result : null;

        internal override void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
        {
            options.Args = settings.Args = [.. options.Args ?? [], .. args];
            options.AssemblyName = settings.ApplicationName = assembly.GetName().Name;
            options.DisableDashboard = true;
            options.EnableResourceLogging = true;
            configure(options, settings);

            _state = Directory.CreateTempSubdirectory("apphost-");
            Dictionary<string, string?> defaults = new()
            {
                ["DcpPublisher:RandomizePorts"] = "true",
                [CommandLine.StateDirectoryKey] = _state.FullName,
                [CommandLine.DiscardStateKey] = args.Contains("--state-directory") ? "false" : "true"
            };
            AddLaunchProfile(defaults, AppHostMetadata.DirectoryOf(options));
            var configuration = new ConfigurationManager();
            configuration.AddInMemoryCollection(defaults);
            if (settings.Configuration is not null)
                configuration.AddConfiguration(settings.Configuration);
            settings.Configuration = configuration;
        }

        internal override void Constructed(DistributedApplicationBuilder builder)
        {
        }

        internal override void Building(DistributedApplicationBuilder builder)
        {
            _builder.TrySetResult(builder);
            _mayBuild.Task.GetAwaiter().GetResult();
        }

        internal override void Built(DistributedApplication application)
        {
            application.Disposed += Dispose;
            _application.TrySetResult(application);
        }

        public void Dispose()
        {
            _mayBuild.TrySetException(new ObjectDisposedException("The test let go of the AppHost before it was built."));
            if (_state is not null && Directory.Exists(_state.FullName))
                _state.Delete(recursive: true);
        }

        /// <summary>What `dotnet run` would set from the AppHost's first profile.</summary>
        private static void AddLaunchProfile(Dictionary<string, string?> defaults, string directory)
        {
            if (LaunchProfile.Of(directory) is not [var profile, ..])
                return;
            defaults["DOTNET_LAUNCH_PROFILE"] = profile.Name;
            foreach (var (name, value) in profile.EnvironmentVariables)
            {
                defaults[name.Replace("__", ":", StringComparison.Ordinal)] = value;
                if (name.StartsWith("DOTNET_", StringComparison.Ordinal))
                    defaults[name["DOTNET_".Length..]] = value;
            }
        }

        private void Run(MethodInfo main)
        {
            Current = this;
            Exception? reason = null;
            try
            {
                var result = main.Invoke(null, main.GetParameters().Length == 0 ? null : [args]);
                (result as Task)?.GetAwaiter().GetResult();
            }
            catch (Exception error)
            {
                reason = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            }

            reason ??= new InvalidOperationException($"The entry point of {assembly.GetName().Name} ended without building an application.");
            _builder.TrySetException(reason);
            _application.TrySetException(reason);
            // Nobody may be waiting for either; the reason is not lost when someone is.
            _ = _builder.Task.Exception;
            _ = _application.Task.Exception;
        }
    }

    private sealed class TestingBuilder(Capture capture, DistributedApplicationBuilder inner) : IDistributedApplicationTestingBuilder
    {
        public ConfigurationManager Configuration => inner.Configuration;

        public string AppHostDirectory => inner.AppHostDirectory;

        public Assembly? AppHostAssembly => inner.AppHostAssembly;

        public IHostEnvironment Environment => inner.Environment;

        public IServiceCollection Services => inner.Services;

        public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;

        public IResourceCollection Resources => inner.Resources;

        public IDistributedApplicationPipeline Pipeline => inner.Pipeline;

        public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => inner.AddResource(resource);

        public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => inner.CreateResourceBuilder(resource);

        public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

        public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) => capture.BuildAsync().WaitAsync(cancellationToken);

        public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

        public async ValueTask DisposeAsync()
        {
            if (capture.Application is { } application)
                await application.DisposeAsync();
            capture.Dispose();
        }
    }
}
