using System.Diagnostics;

namespace Aspire.Hosting.Running;

/// <summary>Docker or Podman, whichever answers.</summary>
internal sealed class ContainerEngine
{
    private const string DashboardImage = "mcr.microsoft.com/dotnet/aspire-dashboard:13.5";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    internal ContainerEngine(string program) => Program = program;

    internal string Program { get; }

    /// <summary>The programs of engines on this machine, whether or not an engine answers them.</summary>
    internal static IEnumerable<string> Installed => new[] { "docker", "podman" }.Select(name => Programs.Find(name)).OfType<string>();

    /// <summary>The engine that answers in time; null when none does.</summary>
    internal static async Task<ContainerEngine?> FindAsync(CancellationToken cancellationToken)
    {
        foreach (var program in Installed)
        {
            if (await RunAsync(program, ["version", "--format", "{{.Server.Version}}"], cancellationToken))
                return new ContainerEngine(program);
        }

        return null;
    }

    /// <summary>Removes a container that an interrupted run left behind.</summary>
    internal Task RemoveAsync(ContainerResource container, string scope, CancellationToken cancellationToken) =>
        RunAsync(Program, ["rm", "--force", NameOf(container, scope)], cancellationToken);

    /// <summary>Whether an image is on this machine.</summary>
    internal Task<bool> HasImageAsync(string image, CancellationToken cancellationToken) => RunAsync(Program, ["image", "inspect", image], cancellationToken);

    /// <summary>Removes the volumes of a container, and what is in them.</summary>
    internal Task RemoveVolumesAsync(ContainerResource container, string scope, CancellationToken cancellationToken)
    {
        var volumes = NamedVolumes(container).Select(mount => VolumeName(mount, scope)).ToArray();
        return volumes.Length == 0 ? Task.CompletedTask : RunAsync(Program, ["volume", "rm", "--force", .. volumes], cancellationToken);
    }

    /// <summary>
    /// How a container is run in the foreground. Values reach it through the client's environment, so that no secret is in an argument.
    /// </summary>
    internal LaunchPlan Plan(
        ContainerResource container,
        string scope,
        string workingDirectory,
        IReadOnlyDictionary<string, string?> variables,
        IReadOnlyList<string> arguments,
        string? standardInput)
    {
        var image = container.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()?.Reference
            ?? throw new DistributedApplicationException($"The container '{container.Name}' has no image.");
        List<string> words = ["run", "--rm", "--interactive", "--name", NameOf(container, scope)];
        foreach (var endpoint in container.EndpointAnnotations())
            words.AddRange(["--publish", $"127.0.0.1:{endpoint.AllocatedEndpoint!.Port}:{endpoint.TargetPort ?? endpoint.Port}/{endpoint.Protocol.ToString().ToLowerInvariant()}"]);
        foreach (var mount in container.Annotations.OfType<ContainerMountAnnotation>())
        {
            var source = mount is { Type: ContainerMountType.Volume, Source: not null } ? VolumeName(mount, scope) : mount.Source;
            words.AddRange(["--volume", (source is null ? "" : source + ":") + mount.Target + (mount.IsReadOnly ? ":ro" : "")]);
        }

        foreach (var variable in variables.Keys)
            words.AddRange(["--env", variable]);
        if (container.Entrypoint is not null)
            words.AddRange(["--entrypoint", container.Entrypoint]);
        return new LaunchPlan(Program, [.. words, image, .. arguments], workingDirectory, variables) { StandardInput = standardInput };
    }

    /// <summary>How the dashboard's image is run, on this machine's network unless ports are given.</summary>
    internal LaunchPlan PlanDashboard(string scope, IEnumerable<int> ports, string workingDirectory, IReadOnlyDictionary<string, string?> variables)
    {
        string[] network = [.. ports.SelectMany(port => new[] { "--publish", $"127.0.0.1:{port}:{port}" })];
        return new LaunchPlan(
            Program,
            ["run", "--rm", "--name", DashboardOf(scope), .. network.Length == 0 ? ["--network", "host"] : network, .. variables.Keys.SelectMany(name => new[] { "--env", name }), DashboardImage],
            workingDirectory,
            variables);
    }

    /// <summary>Removes the dashboard of a run: a client that is ended by force leaves its container behind.</summary>
    internal Task RemoveDashboardAsync(string scope, CancellationToken cancellationToken) => RunAsync(Program, RemovalOfDashboard(scope), cancellationToken);

    /// <summary>Starts to remove the dashboard of a run, in a session of its own that outlives this process.</summary>
    internal void RemoveDashboardNow(string scope)
    {
        var (fileName, arguments) = ProcessGroup.Lead(Program, RemovalOfDashboard(scope));
        Process.Start(new ProcessStartInfo(fileName, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })?.Dispose();
    }

    private static string[] RemovalOfDashboard(string scope) => ["rm", "--force", DashboardOf(scope)];

    /// <summary>No resource's container is called so: a resource's name has no two hyphens in a row.</summary>
    private static string DashboardOf(string scope) => $"dashboard--{scope}".ToLowerInvariant();

    /// <summary>Containers and volumes are the engine's, not a project's: their names say whose they are.</summary>
    private static string NameOf(ContainerResource container, string scope) => $"{container.Name}-{scope}".ToLowerInvariant();

    private static string VolumeName(ContainerMountAnnotation mount, string scope) => $"{mount.Source}-{scope}".ToLowerInvariant();

    private static IEnumerable<ContainerMountAnnotation> NamedVolumes(ContainerResource container) =>
        container.Annotations.OfType<ContainerMountAnnotation>().Where(mount => mount is { Type: ContainerMountType.Volume, Source: not null });

    private static async Task<bool> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        try
        {
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(bounded.Token), process.StandardError.ReadToEndAsync(bounded.Token));
            await process.WaitForExitAsync(bounded.Token);
            return process.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }
}
