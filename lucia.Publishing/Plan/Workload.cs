using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Profile;

namespace Lucia.Publishing.Plan;

/// <summary>Something that runs.</summary>
public sealed record Workload
{
    /// <summary>A DNS label: service name, Deployment name, unit name.</summary>
    public required string Name { get; init; }

    /// <summary>The name in the manifest, as expressions have it.</summary>
    public required string ResourceName { get; init; }

    /// <summary>What the manifest says it is.</summary>
    public required WorkloadKind Kind { get; init; }

    /// <summary>Where the manifest declares it.</summary>
    public required SourceLocation At { get; init; }

    /// <summary>One sentence, where the profile has one.</summary>
    public string? Description { get; init; }

    /// <summary>The image it runs.</summary>
    public required WorkloadImage Image { get; init; }

    /// <summary>How a host runs it without a container, where it is an executable.</summary>
    public ExecutableSource? Executable { get; init; }

    /// <summary>Off unless asked for.</summary>
    public bool Optional { get; init; }

    /// <summary>The targets that get it; all when null.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>Replaces the image's entrypoint; null keeps it.</summary>
    public IReadOnlyList<ValueExpression>? Entrypoint { get; init; }

    /// <summary>Arguments; null keeps the image's own. Never secret.</summary>
    public IReadOnlyList<ValueExpression>? Args { get; init; }

    /// <summary>Environment in order.</summary>
    public required IReadOnlyList<EnvironmentVariable> Environment { get; init; }

    /// <summary>Where it reads secrets from files, when it does: every secret variable becomes a file of the variable's name there.</summary>
    public SecretFilesProfile? SecretFiles { get; init; }

    /// <summary>Configuration files.</summary>
    public IReadOnlyList<PlannedFile> Files { get; init; } = [];

    /// <summary>Endpoints in order.</summary>
    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    /// <summary>Volumes.</summary>
    public IReadOnlyList<VolumeMount> Volumes { get; init; } = [];

    /// <summary>Files and folders beside the manifest.</summary>
    public IReadOnlyList<BindMount> BindMounts { get; init; } = [];

    /// <summary>How many run.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Whether more than one may run at a time.</summary>
    public bool Scalable { get; init; }

    /// <summary>Whether it reaches addresses outside, where the profile says so; ask <see cref="DeploymentPlan.ReachesOutside"/>.</summary>
    public bool? Egress { get; init; }

    /// <summary>Checks.</summary>
    public required HealthPlan Health { get; init; }

    /// <summary>The most it may use.</summary>
    public required ResourceAmounts Limits { get; init; }

    /// <summary>What is set aside for it.</summary>
    public required ResourceAmounts Requests { get; init; }

    /// <summary>User, root file system, capabilities.</summary>
    public required SecurityPlan Security { get; init; }

    /// <summary>What it waits for; free of circles.</summary>
    public IReadOnlyList<Dependency> DependsOn { get; init; } = [];

    /// <summary>Time to end in peace.</summary>
    public int StopGraceSeconds { get; init; } = 30;

    /// <summary>How it runs on a bare host, where the profile says so; else Quadlet or the executable itself.</summary>
    public SystemdPlan? Systemd { get; init; }

    /// <summary>How it runs while one works on it, where the profile says so.</summary>
    public DevelopmentProfile? Development { get; init; }

    /// <summary>The endpoints without those that share a port with an earlier one (http and the https that became http).</summary>
    public IEnumerable<Endpoint> Ports => Endpoints.DistinctBy(static e => (e.TargetPort, e.Protocol));

    /// <summary>Whether it keeps data.</summary>
    public bool IsStateful => Volumes.Any(static v => !v.ReadOnly);
}

/// <summary>What the manifest says a workload is.</summary>
public enum WorkloadKind
{
    /// <summary>An image of a registry.</summary>
    Container,

    /// <summary>An image built from a Dockerfile.</summary>
    Dockerfile,

    /// <summary>A .NET project.</summary>
    Project,

    /// <summary>A program of the host.</summary>
    Executable,
}

/// <summary>The image a workload runs.</summary>
/// <param name="Reference">Repository with tag; <c>name:latest</c> when it has to be built and nothing else is known.</param>
/// <param name="Variable">The setting that replaces it (<c>WEB_IMAGE</c>); null for an image of a registry.</param>
public sealed record WorkloadImage(string Reference, string? Variable)
{
    /// <summary>Whether somebody has to build it first.</summary>
    public bool IsBuilt => Variable is not null;

    /// <summary>Reference without tag and digest.</summary>
    public string Repository
    {
        get
        {
            var name = Reference.Split('@')[0];
            var colon = name.LastIndexOf(':');
            return colon > name.LastIndexOf('/') ? name[..colon] : name;
        }
    }

    /// <summary>The tag; <c>latest</c> without one.</summary>
    public string Tag => Reference.Split('@')[0] is var name && name.LastIndexOf(':') is var colon && colon > name.LastIndexOf('/') ? name[(colon + 1)..] : "latest";

    /// <summary>The digest <c>sha256:…</c>, where there is one.</summary>
    public string? Digest => Reference.Contains('@') ? Reference.Split('@')[1] : null;
}

/// <summary>A program of the host; the folder is relative to the manifest.</summary>
public sealed record ExecutableSource(string WorkingDirectory, string Command);

/// <summary>An environment variable.</summary>
/// <param name="Name">As the workload reads it.</param>
/// <param name="ShellName">The same for files that allow only letters, digits and underscores.</param>
/// <param name="Value">Its value.</param>
public sealed record EnvironmentVariable(string Name, string ShellName, ValueExpression Value)
{
    /// <summary>Whether a secret flows into it.</summary>
    public bool IsSecret => Value.IsSecret;
}

/// <summary>A configuration file.</summary>
/// <param name="Path">Absolute path in the container.</param>
/// <param name="Content">Its text.</param>
/// <param name="At">Where the profile declares it.</param>
public sealed record PlannedFile(string Path, ValueExpression Content, SourceLocation At)
{
    /// <summary>Whether a secret flows into it.</summary>
    public bool IsSecret => Content.IsSecret;
}

/// <summary>An endpoint of a workload.</summary>
public sealed record Endpoint
{
    /// <summary>The binding's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where the manifest declares it.</summary>
    public required SourceLocation At { get; init; }

    /// <summary>The scheme it really serves.</summary>
    public required string Scheme { get; init; }

    /// <summary>The scheme the manifest declares.</summary>
    public required string DeclaredScheme { get; init; }

    /// <summary><c>tcp</c> or <c>udp</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary><c>http</c>, <c>http2</c>, <c>http3</c>, <c>tcp</c> or <c>udp</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>The port the workload listens at in its container.</summary>
    public required int TargetPort { get; init; }

    /// <summary>The port of a Kubernetes Service: the profile's, the manifest's <c>port</c>, or the target port.</summary>
    public required int ServicePort { get; init; }

    /// <summary>Meant for users outside.</summary>
    public bool External { get; init; }

    /// <summary>
    /// A port that is free of clashes on one host: what a user types on compose (for <see cref="External"/> endpoints) and where a
    /// process listens on systemd.
    /// </summary>
    public int HostPort { get; init; }

    /// <summary>The setting that changes the host port: of every external endpoint, and where the profile names one.</summary>
    public string? PortVariable { get; init; }

    /// <summary>The setting of the address it is bound to: of every external endpoint, and where the profile names one.</summary>
    public string? BindVariable { get; init; }

    /// <summary>Whether it speaks HTTP.</summary>
    public bool IsHttp => Scheme is "http" or "https" || Transport is "http" or "http2" or "http3";
}

/// <summary>A volume.</summary>
/// <param name="Name">A DNS label, unique in the plan unless two workloads share the volume.</param>
/// <param name="ManifestName">The manifest's name; null for an anonymous one.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="ReadOnly">Whether it may only be read.</param>
/// <param name="Size">Size asked for, such as <c>1Gi</c>.</param>
/// <param name="Description">What lies there, where the profile says so.</param>
/// <param name="At">Where the manifest declares it.</param>
public sealed record VolumeMount(string Name, string? ManifestName, string Target, bool ReadOnly, string Size, string? Description, SourceLocation At);

/// <summary>A file or folder beside the manifest.</summary>
/// <param name="Name">A DNS label, unique in the workload.</param>
/// <param name="Source">Relative to the manifest, or absolute.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="ReadOnly">Whether it may only be read.</param>
/// <param name="At">Where the manifest declares it.</param>
public sealed record BindMount(string Name, string Source, string Target, bool ReadOnly, SourceLocation At)
{
    /// <summary>Whether it is one file, not a folder, where the profile says so; no target looks at the disk.</summary>
    public bool? IsFile { get; init; }

    /// <summary>Whether the path belongs to one machine.</summary>
    public bool IsAbsolute => Source.StartsWith('/') || (Source.Length > 1 && Source[1] == ':');
}

/// <summary>Cpu and memory in Kubernetes' notation, processes as a number; null is unlimited.</summary>
public sealed record ResourceAmounts(string? Cpu, string? Memory, int? Pids);

/// <summary>What a container may do. No new privileges, ever.</summary>
/// <param name="User">Numeric user; null keeps the image's.</param>
/// <param name="Group">Numeric group; null keeps the image's.</param>
/// <param name="ReadOnlyRoot">The root file system is read-only.</param>
/// <param name="Writable">Folders that are writable memory.</param>
/// <param name="DropCapabilities">All capabilities but <paramref name="Capabilities"/> are dropped.</param>
/// <param name="Capabilities">What it keeps, without <c>CAP_</c>.</param>
public sealed record SecurityPlan(
    int? User, int? Group, bool ReadOnlyRoot, IReadOnlyList<string> Writable, bool DropCapabilities, IReadOnlyList<string> Capabilities)
{
    /// <summary>Whether it certainly does not run as root.</summary>
    public bool IsNonRoot => User is > 0;

    /// <summary>Whether Kubernetes' Pod Security level "restricted" admits it.</summary>
    public bool IsRestricted => IsNonRoot && DropCapabilities && Capabilities.All(static c => c == "NET_BIND_SERVICE");
}

/// <summary>What a workload waits for.</summary>
/// <param name="Workload">Resource name.</param>
/// <param name="Healthy">Wait for health; else for the start.</param>
/// <param name="Required">Do not start without it; else only the order counts.</param>
public sealed record Dependency(string Workload, bool Healthy, bool Required);

/// <summary>How a workload runs on a bare host.</summary>
/// <param name="Profile">What the profile says.</param>
/// <param name="Environment">The profile's environment on top, resolved.</param>
/// <param name="Files">The profile's files, resolved.</param>
public sealed record SystemdPlan(SystemdProfile Profile, IReadOnlyList<EnvironmentVariable> Environment, IReadOnlyList<PlannedFile> Files);
