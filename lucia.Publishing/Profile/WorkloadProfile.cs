namespace Lucia.Publishing.Profile;

/// <summary>What the manifest cannot say of one workload. Whatever is null is left to the defaults.</summary>
public sealed record WorkloadProfile
{
    /// <summary>One sentence for comments, charts and units.</summary>
    public string? Description { get; init; }

    /// <summary>The image to run, in place of the manifest's or of <c>name:latest</c> for a project.</summary>
    public string? Image { get; init; }

    /// <summary>How the image is built, in place of the project's own publishing.</summary>
    public BuildProfile? Build { get; init; }

    /// <summary>Off unless asked for (compose profile, chart value); nothing waits for it.</summary>
    public bool Optional { get; init; }

    /// <summary>The targets that get it, when not all: compose, kubernetes, helm, systemd.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>Entrypoint in place of the manifest's.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Arguments in place of the manifest's.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Environment on top of the manifest's; replaces a variable of the same name.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Names for shells and environment files in place of those with a hyphen: <c>ConnectionStrings__chat-model</c> to <c>ConnectionStrings__chat_model</c>.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>Optional settings the workload reads that no parameter covers, by variable name.</summary>
    public IReadOnlyDictionary<string, SettingProfile> Settings { get; init; } = new Dictionary<string, SettingProfile>();

    /// <summary>Checks.</summary>
    public HealthProfile? Health { get; init; }

    /// <summary>Waits on top of those the references imply, by resource name.</summary>
    public IReadOnlyDictionary<string, DependencyProfile> DependsOn { get; init; } = new Dictionary<string, DependencyProfile>();

    /// <summary>The most it may use.</summary>
    public ResourceProfile? Limits { get; init; }

    /// <summary>What is set aside for it.</summary>
    public ResourceProfile? Requests { get; init; }

    /// <summary>How many run; 1 when null.</summary>
    public int? Replicas { get; init; }

    /// <summary>Whether more than one may run at a time, as it does where <see cref="Replicas"/> says so; a single one is replaced, not rolled.</summary>
    public bool? Scalable { get; init; }

    /// <summary>
    /// Whether it may call addresses outside the deployment. When null, own code may, and so may an image that gets a setting or a secret of a
    /// person's, which may be such an address.
    /// </summary>
    public bool? Egress { get; init; }

    /// <summary>User, root file system, capabilities.</summary>
    public SecurityProfile? Security { get; init; }

    /// <summary>The workload reads its secrets from files.</summary>
    public SecretFilesProfile? SecretFiles { get; init; }

    /// <summary>Configuration files.</summary>
    public IReadOnlyList<FileProfile> Files { get; init; } = [];

    /// <summary>By binding name.</summary>
    public IReadOnlyDictionary<string, EndpointProfile> Endpoints { get; init; } = new Dictionary<string, EndpointProfile>();

    /// <summary>By volume name as the manifest has it.</summary>
    public IReadOnlyDictionary<string, VolumeProfile> Volumes { get; init; } = new Dictionary<string, VolumeProfile>();

    /// <summary>By the path in the container.</summary>
    public IReadOnlyDictionary<string, BindMountProfile> BindMounts { get; init; } = new Dictionary<string, BindMountProfile>();

    /// <summary>Time to end in peace, in seconds.</summary>
    public int? StopGraceSeconds { get; init; }

    /// <summary>How it runs on a bare host.</summary>
    public SystemdProfile? Systemd { get; init; }

    /// <summary>How it runs while one works on it.</summary>
    public DevelopmentProfile? Development { get; init; }
}

/// <summary>How an image is built; paths are relative to the manifest.</summary>
public sealed record BuildProfile(string Context, string Dockerfile, string? Stage = null);

/// <summary>Checks of a workload.</summary>
public sealed record HealthProfile
{
    /// <summary>A command inside the container that exits 0 when the workload can serve; compose's health check.</summary>
    public ProbeProfile? Check { get; init; }

    /// <summary>Whether it has started; the others wait for it.</summary>
    public ProbeProfile? Startup { get; init; }

    /// <summary>Whether it can serve.</summary>
    public ProbeProfile? Readiness { get; init; }

    /// <summary>Whether it must be restarted.</summary>
    public ProbeProfile? Liveness { get; init; }
}

/// <summary>One check: an HTTP path, a command, or (with neither) that the endpoint's port is open.</summary>
public sealed record ProbeProfile
{
    /// <summary>HTTP path; 200 to 399 is healthy.</summary>
    public string? Path { get; init; }

    /// <summary>The binding asked; the first one when null.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Program and arguments; exit 0 is healthy.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Seconds between checks.</summary>
    public int? IntervalSeconds { get; init; }

    /// <summary>Seconds a check may take.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>Failures in a row that count.</summary>
    public int? Failures { get; init; }

    /// <summary>Seconds after the start in which a failure does not count.</summary>
    public int? GraceSeconds { get; init; }
}

/// <summary>What a workload waits for.</summary>
/// <param name="Healthy">Wait for health, not for the start alone.</param>
/// <param name="Required">Do not start without it; otherwise only the order counts.</param>
public sealed record DependencyProfile(bool Healthy = true, bool Required = true);

/// <summary>Compute resources in Kubernetes' notation: cpu <c>500m</c> or <c>2</c>, memory <c>256Mi</c> or <c>1Gi</c>.</summary>
public sealed record ResourceProfile(string? Cpu = null, string? Memory = null, int? Pids = null);

/// <summary>What a container may do.</summary>
public sealed record SecurityProfile
{
    /// <summary>Numeric user.</summary>
    public int? User { get; init; }

    /// <summary>Numeric group; the user's number when null.</summary>
    public int? Group { get; init; }

    /// <summary>The root file system is read-only.</summary>
    public bool? ReadOnlyRoot { get; init; }

    /// <summary>Folders that are writable memory (tmpfs, emptyDir).</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Capabilities it keeps, without <c>CAP_</c>; all others are dropped.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];
}

/// <summary>Where a workload that reads secrets from files looks for them; a file is named like its variable.</summary>
/// <param name="Directory">Folder in a container, such as <c>/run/secrets</c>.</param>
/// <param name="Variable">
/// The variable that tells the workload the folder, on every target: <paramref name="Directory"/> in a container, the credentials' folder under
/// systemd. Null when the workload knows the folder by itself; then it has to run in a container, or read <c>$CREDENTIALS_DIRECTORY</c>.
/// </param>
public sealed record SecretFilesProfile(string Directory, string? Variable = null);

/// <summary>A configuration file.</summary>
/// <param name="Path">Absolute path in the container.</param>
/// <param name="Content">Text with expressions; a secret in it makes the whole file a secret.</param>
public sealed record FileProfile(string Path, string Content);

/// <summary>How an endpoint is offered.</summary>
public sealed record EndpointProfile
{
    /// <summary>Overrides the manifest's <c>external</c>.</summary>
    public bool? External { get; init; }

    /// <summary>What a user types on compose and systemd.</summary>
    public int? ExternalPort { get; init; }

    /// <summary>The setting that changes it, such as <c>LUCIA_PORT</c>.</summary>
    public string? PortVariable { get; init; }

    /// <summary>The setting of the address it is bound to, such as <c>LUCIA_BIND</c>.</summary>
    public string? BindVariable { get; init; }

    /// <summary>The Kubernetes Service's port.</summary>
    public int? ServicePort { get; init; }
}

/// <summary>Storage.</summary>
/// <param name="Size">In Kubernetes' notation, such as <c>1Gi</c>.</param>
/// <param name="Description">What lies there.</param>
public sealed record VolumeProfile(string? Size = null, string? Description = null);

/// <summary>A file or folder beside the manifest.</summary>
/// <param name="File">Whether it is one file, not a folder; told by its name when null.</param>
public sealed record BindMountProfile(bool? File = null);

/// <summary>How a workload runs on a bare host.</summary>
public sealed record SystemdProfile
{
    /// <summary>Unit name without <c>.service</c>; <c>application-workload</c> when null.</summary>
    public string? Unit { get; init; }

    /// <summary>Program and arguments on the host in place of a container; <c>%</c> specifiers are kept, <c>{bundle}</c> is where the bundle is installed.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Debian and RHEL packages that bring the program; any of the names.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>The port it listens at on the host, by binding name.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; init; } = new Dictionary<string, int>();

    /// <summary>It says itself when it is ready (<c>Type=notify</c>).</summary>
    public bool Notify { get; init; }

    /// <summary>Watchdog interval; none when null.</summary>
    public int? WatchdogSeconds { get; init; }

    /// <summary>Time to start.</summary>
    public int? StartSeconds { get; init; }

    /// <summary>Time to stop.</summary>
    public int? StopSeconds { get; init; }

    /// <summary>
    /// Foreign units it is ordered after, such as <c>redis.service</c>. Of a program that runs in place of a container: the distribution's own
    /// units of it, which others are ordered after when they are used instead (<c>install.sh --external-NAME</c>).
    /// </summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>
    /// Arguments that make the program examine itself and end (0 when all is well): <c>install.sh doctor</c> runs it with them, under the settings,
    /// credentials and restrictions of its unit. None when empty.
    /// </summary>
    public IReadOnlyList<string> Doctor { get; init; } = [];

    /// <summary>Generates code at run time: no MemoryDenyWriteExecute.</summary>
    public bool Jit { get; init; }

    /// <summary>Environment on the host on top of the workload's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Files the unit reads in place of those of the container; each is <c>${CREDENTIALS_DIRECTORY}/NAME</c>, by the last part of its path.</summary>
    public IReadOnlyList<FileProfile> Files { get; init; } = [];
}

/// <summary>How a workload runs while one works on it.</summary>
public sealed record DevelopmentProfile
{
    /// <summary>
    /// The development image's Dockerfile and context, relative to the manifest. Compose looks for the Dockerfile from the context on, so its path
    /// has to say the folders between: <c>../deploy/Dockerfile.dev</c> where the context is <c>..</c> and the manifest lies in <c>deploy</c>.
    /// </summary>
    public BuildProfile? Build { get; init; }

    /// <summary>Where the sources are mounted in the container.</summary>
    public string? SourceTarget { get; init; }

    /// <summary>Environment on top.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
