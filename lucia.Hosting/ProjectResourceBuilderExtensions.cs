namespace Aspire.Hosting;

/// <summary>How a project is added.</summary>
public sealed class ProjectResourceOptions
{
    /// <summary>The launch profile; unless given, the AppHost's own when the project has it, else the project's first.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Whether no launch profile is used.</summary>
    public bool ExcludeLaunchProfile { get; set; }
}

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project with its default launch profile.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.AddProject(name, new TProject(), new());

    /// <summary>Adds a project with a launch profile, or with none when the profile's name is null.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject(name, new TProject(), new() { LaunchProfileName = launchProfileName, ExcludeLaunchProfile = launchProfileName is null });

    /// <summary>Adds a project.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        var options = new ProjectResourceOptions();
        configure(options);
        return builder.AddProject(name, new TProject(), options);
    }

    /// <summary>Runs several instances; each has ports of its own, and references lead to the first.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    private static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, ProjectResourceOptions options)
    {
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (builder.ExecutionContext.IsRunMode)
            project.WithTelemetry();
        else
            project.WithForwardedHeaders();

        var profile = options.ExcludeLaunchProfile ? null : ProfileOf(builder, name, metadata, options.LaunchProfileName);
        if (builder.ExecutionContext.IsRunMode)
            project.WithListeningUrls().WithLaunchProfile(profile);
        else
            project.WithListeningPorts(profile);
        return project;
    }

    private static LaunchProfile? ProfileOf(IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, string? wanted)
    {
        var directory = Path.GetDirectoryName(metadata.ProjectPath)!;
        var profiles = LaunchProfile.Of(directory);
        if (wanted is not null)
        {
            return profiles.FirstOrDefault(p => p.Name == wanted) ?? throw new DistributedApplicationException(
                $"'{name}' wants the launch profile '{wanted}', which {directory}/Properties/launchSettings.json does not have.");
        }

        return profiles.FirstOrDefault(p => p.Name == builder.Configuration["DOTNET_LAUNCH_PROFILE"]) ?? profiles.FirstOrDefault();
    }

    /// <summary>Telemetry goes where the AppHost's goes, under the resource's name; without an address nothing is set.</summary>
    private static void WithTelemetry(this IResourceBuilder<ProjectResource> project) => project.WithEnvironment(context =>
    {
        var address = project.ApplicationBuilder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        if (string.IsNullOrEmpty(address))
            return;
        context.EnvironmentVariables["OTEL_EXPORTER_OTLP_ENDPOINT"] = address;
        context.EnvironmentVariables["OTEL_SERVICE_NAME"] = project.Resource.Name;
    });

    private static void WithForwardedHeaders(this IResourceBuilder<ProjectResource> project) => project.WithEnvironment(context =>
    {
        if (project.Resource.EndpointAnnotations().Any())
            context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
    });

    private static IResourceBuilder<ProjectResource> WithListeningUrls(this IResourceBuilder<ProjectResource> project) => project.WithEnvironment(context =>
    {
        var urls = new ReferenceExpressionBuilder();
        foreach (var endpoint in project.Resource.GetEndpoints().Where(e => e.Scheme is "http" or "https" && e.EndpointAnnotation.TargetPortEnvironmentVariable is null))
        {
            var host = endpoint.EndpointAnnotation.TargetHost == "localhost" ? "127.0.0.1" : endpoint.EndpointAnnotation.TargetHost;
            urls.AppendLiteral(urls.IsEmpty ? "" : ";");
            urls.Append($"{endpoint.Property(EndpointProperty.Scheme)}://{host}:{endpoint.Property(EndpointProperty.TargetPort)}");
        }

        if (!urls.IsEmpty)
            context.EnvironmentVariables.TryAdd("ASPNETCORE_URLS", urls.Build());
    });

    private static void WithLaunchProfile(this IResourceBuilder<ProjectResource> project, LaunchProfile? profile)
    {
        if (profile is null)
            return;
        var seen = new Dictionary<string, int>();
        foreach (var address in profile.ApplicationUrls.Select(url => new Uri(url.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal))))
        {
            var count = seen[address.Scheme] = seen.GetValueOrDefault(address.Scheme) + 1;
            project.WithEndpoint(count == 1 ? address.Scheme : address.Scheme + count, endpoint =>
            {
                endpoint.UriScheme = address.Scheme;
                endpoint.Port = address.Port;
                endpoint.TargetHost = address.Host;
                endpoint.FromLaunchProfile = true;
            });
        }

        project.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", profile.Name);
            foreach (var (name, value) in profile.EnvironmentVariables)
                context.EnvironmentVariables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
        });
        if (profile.CommandLineArgs is { Length: > 0 } arguments)
            project.WithArgs(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static void WithListeningPorts(this IResourceBuilder<ProjectResource> project, LaunchProfile? profile)
    {
        EndpointAnnotation? defaultHttps = null;
        project.WithEnvironment(context =>
        {
            foreach (var (variable, scheme) in new[] { ("HTTP_PORTS", "http"), ("HTTPS_PORTS", "https") })
            {
                var ports = new ReferenceExpressionBuilder();
                foreach (var endpoint in project.Resource.GetEndpoints().Where(e => e.Scheme == scheme && e.EndpointAnnotation != defaultHttps))
                {
                    ports.AppendLiteral(ports.IsEmpty ? "" : ";");
                    ports.Append($"{endpoint.Property(EndpointProperty.TargetPort)}");
                }

                if (!ports.IsEmpty)
                    context.EnvironmentVariables.TryAdd(variable, ports.Build());
            }
        });

        // A web project is published with both schemes; the deployment decides which is served.
        if (profile is null or { ApplicationUrls.Count: 0 })
            return;
        project.WithEndpoint("http", endpoint => endpoint.UriScheme = "http");
        project.WithEndpoint("https", endpoint =>
        {
            endpoint.UriScheme = "https";
            defaultHttps = endpoint;
        });
    }
}
