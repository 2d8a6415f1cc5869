using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Systemd;

/// <summary>How each variable of a service on the host reaches it.</summary>
internal sealed class ServiceEnvironment
{
    private static readonly string[] KestrelPorts = ["HTTP_PORTS", "HTTPS_PORTS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS"];

    private readonly SortedDictionary<string, string> _plain = new(StringComparer.Ordinal);
    private readonly List<string> _wrapped = [];
    private readonly List<(string Name, string Path)> _credentials = [];
    private readonly List<ComposedFile> _composed = [];
    private readonly List<(string Name, HostValue Value)> _secret = [];
    private readonly DeploymentHost _host;
    private readonly Workload _workload;

    public ServiceEnvironment(DeploymentHost host, Workload workload)
    {
        (_host, _workload) = (host, workload);
        // The environment file comes after these, so it wins.
        _plain["HOME"] = $"/var/lib/{host.Unit(workload)}";
        // systemd chooses the folder of the credentials when the service starts.
        var directory = workload.SecretFiles?.Variable;
        foreach (var variable in WithoutKestrelPorts(host.Environment(workload)).Where(v => v.Name != directory))
            Add(variable.Name, variable.ShellName, HostValues.Of(host, workload, variable.Value));
        AddAddresses();
        AddSecrets();
        AddFiles();
        if (directory is not null)
            _wrapped.Add($"{directory}=${{CREDENTIALS_DIRECTORY}}");
    }

    /// <summary>Values known when the unit is written.</summary>
    public IReadOnlyDictionary<string, string> Plain => _plain;

    /// <summary>Whether it gets the application's environment file: all but the servers that have files of their own.</summary>
    public bool ReadsSettings { get; private set; }

    /// <summary>The file with the secrets of a program that reads them from its environment.</summary>
    public string? SecretFile { get; private set; }

    /// <summary>Credentials by name, with the file each comes from.</summary>
    public IReadOnlyList<(string Name, string Path)> Credentials => _credentials;

    /// <summary>Files that the installer joins from secrets.</summary>
    public IReadOnlyList<ComposedFile> Composed => _composed;

    /// <summary>Whether <see cref="Launcher"/> starts it.</summary>
    public bool UsesLauncher => _credentials.Exists(static c => c.Name == LauncherFile);

    /// <summary>The command, with what only its environment at the start can say before it.</summary>
    public IEnumerable<string> Wrap(IReadOnlyList<string> command)
    {
        var words = command.AsEnumerable();
        if (_wrapped.Count > 0)
            words = words.Prepend(string.Join(" \\\n    ", _wrapped)).Prepend("/usr/bin/env");
        // First, since the launcher's shell drops the names that it cannot export.
        return UsesLauncher ? words.Prepend($"${{CREDENTIALS_DIRECTORY}}/{LauncherFile}").Prepend($"{_host.Current}/{Launcher}") : words;
    }

    /// <summary>The program that sets variables whose names no shell can, from <see cref="LauncherFile"/>.</summary>
    public const string Launcher = "libexec/with-secrets";

    private const string LauncherFile = "environment";

    private void Add(string name, string shellName, HostValue value)
    {
        ReadsSettings |= value.Settings.Any();
        if (value.NeedsInstaller)
        {
            _secret.Add((_workload.SecretFiles is null ? name : shellName, value));
            return;
        }
        // Every variable of a command has a value, or systemd complains; elsewhere empty is better not set.
        foreach (var setting in value.Settings.Where(s => s.Default.Length > 0 || value.SoleVariable != name))
            _plain.TryAdd(setting.Variable, setting.Default);
        if (value.SoleVariable == name)
            return;
        // The environment file wins over the unit.
        if (value.Text is { } text && Naming.IsShellName(name) && !_host.IsInFile(name))
            _plain[name] = text;
        else
            _wrapped.Add(value.CommandWord(name + "="));
    }

    private IEnumerable<EnvironmentVariable> WithoutKestrelPorts(IReadOnlyList<EnvironmentVariable> variables) =>
        Listens(variables) ? variables.Where(static v => !KestrelPorts.Contains(v.Name)) : variables;

    /// <summary>Whether the host says where ASP.NET Core listens: at one address, where a container listens at all.</summary>
    private bool Listens(IReadOnlyList<EnvironmentVariable> variables) => _workload.Kind == WorkloadKind.Project
        && _workload.Ports.Any(static e => e is { IsHttp: true, Protocol: "tcp" })
        && !variables.Any(static v => v.Name is "ASPNETCORE_URLS" or "URLS" || v.Name.StartsWith("Kestrel__Endpoints__", StringComparison.OrdinalIgnoreCase));

    private void AddAddresses()
    {
        var environment = _host.Environment(_workload);
        if (_workload.Kind is WorkloadKind.Project or WorkloadKind.Executable)
            ReadsSettings = true;
        if (!Listens(environment))
            return;
        var urls = new List<HostToken>();
        foreach (var endpoint in _workload.Ports.Where(static e => e is { IsHttp: true, Protocol: "tcp" }))
        {
            urls.Add(new TextToken(urls.Count == 0 ? "http://" : ";http://"));
            urls.Add(endpoint.BindVariable is { } bind ? new SettingToken(bind, "127.0.0.1") : new TextToken("127.0.0.1"));
            urls.Add(new TextToken(":"));
            urls.Add(DeploymentHost.HostPort(endpoint));
        }
        Add("ASPNETCORE_URLS", "ASPNETCORE_URLS", new HostValue(urls));
    }

    private void AddSecrets()
    {
        var unit = _host.Unit(_workload);
        // Files where the program reads files. A server of the host's packages gets its secrets in its configuration, and has files too.
        if (_workload.SecretFiles is not null || DeploymentHost.IsReplaceable(_workload))
        {
            foreach (var (name, value) in _secret)
            {
                var file = Naming.IsShellName(name) ? name : Naming.ShellSafe(name);
                _credentials.Add((file, value.SoleSecret is { } key ? CredentialPath(key) : Compose($"{unit}.{file}", value.Shell())));
            }
            return;
        }
        var lines = _secret.Where(static s => Naming.IsShellName(s.Name))
            .Select(static s => $"env_line {s.Name} \"$({s.Value.Shell()})\"").ToList();
        if (lines.Count > 0)
            SecretFile = Compose($"{unit}.env", string.Join("\n", lines));
        var others = _secret.Where(static s => !Naming.IsShellName(s.Name))
            .Select(static s => $"printf '%s=%s\\0' {Text.ShellText.Quote(s.Name)} \"$({s.Value.Shell()})\"").ToList();
        if (others.Count > 0)
            _credentials.Add((LauncherFile, Compose($"{unit}.environment", string.Join("\n", others))));
    }

    private void AddFiles()
    {
        foreach (var file in DeploymentHost.Files(_workload))
        {
            var name = file.Path.Split('/')[^1];
            var value = HostValues.Of(_host, _workload, file.Content);
            _credentials.Add((name, value.Text is null
                ? Compose($"{_host.Unit(_workload)}.{name}", value.Shell())
                : $"{_host.Current}/files/{_host.Unit(_workload)}/{name}"));
        }
    }

    private string CredentialPath(string key) => $"{_host.Configuration}/credentials/{key}";

    private string Compose(string name, string commands)
    {
        _composed.Add(new ComposedFile(name, commands));
        return $"{_host.Configuration}/composed/{name}";
    }
}

/// <summary>A file that the installer makes of secrets.</summary>
/// <param name="Name">Its name in the folder of composed files.</param>
/// <param name="Commands">Shell commands that write it to standard output.</param>
internal sealed record ComposedFile(string Name, string Commands);
