using System.Text.Json;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Systemd;

/// <summary>
/// A container as a Quadlet unit (podman-systemd.unit(5)). Only keys of Podman 4.4 are used, since an unknown one makes the generator refuse
/// the unit; whatever came later is said to <c>podman run</c> by <c>PodmanArgs=</c>.
/// </summary>
internal sealed class QuadletUnit
{
    private readonly DeploymentHost _host;
    private readonly Workload _workload;
    private readonly List<PodmanSecret> _secrets = [];
    private readonly List<ComposedFile> _composed = [];
    private readonly SortedDictionary<string, string> _settings = new(StringComparer.Ordinal);
    private readonly List<string> _environment = [];
    private readonly List<string> _arguments = [];
    private readonly List<string> _mounts = [];

    public QuadletUnit(DeploymentHost host, Workload workload)
    {
        (_host, _workload) = (host, workload);
        foreach (var variable in host.Environment(workload))
            AddVariable(variable);
        AddFiles();
        AddStorage();
        AddArguments();
    }

    /// <summary>Podman's secrets, with the file below the configuration folder that each is made of.</summary>
    public IReadOnlyList<PodmanSecret> Secrets => _secrets;

    /// <summary>Files that the installer joins from secrets.</summary>
    public IReadOnlyList<ComposedFile> Composed => _composed;

    public string Render()
    {
        var name = _host.Unit(_workload);
        var published = Published().ToList();
        var unit = new UnitText(_host, _workload.Description ?? $"The container {_workload.Name}.").Section("Unit");
        unit.Set("Description", UnitText.OneLine((_workload.Description ?? $"{_host.Plan.Name}: {_workload.Name}").TrimEnd('.')));
        var before = _workload.DependsOn.Select(d => _host.Service(_host.Plan.Workload(d.Workload))).ToList();
        unit.SetWords("Wants", before.Prepend("network-online.target"));
        unit.SetWords("After", before.Prepend("network-online.target"));
        unit.Set("PartOf", _host.Target);

        unit.Section("Container").Set("Image", SystemdText.Word(_host.Image(_workload))).Set("ContainerName", name)
            .Set("Network", $"{_host.Plan.Name}.network");
        foreach (var port in published)
            unit.Set("PublishPort", port);
        foreach (var variable in _environment)
            unit.Set("Environment", variable);
        foreach (var mount in _mounts)
            unit.Set("Volume", mount);
        WriteSecurity(unit);
        foreach (var argument in _arguments)
            unit.Set("PodmanArgs", argument);
        if (_workload.Health.Check is not null)
            unit.Comment("Others wait until it is healthy (Podman 5; an older one says so when it has started).").Set("Notify", "healthy");
        var command = (_workload.Entrypoint ?? []).Skip(1).Concat(_workload.Args ?? []).Select(a => HostValues.Of(_host, _workload, a).CommandWord());
        unit.SetWords("Exec", command);

        unit.Section("Service").Set("Restart", "on-failure").Set("RestartSec", 10)
            .Comment("The first start pulls the image.").Set("TimeoutStartSec", 900).Set("TimeoutStopSec", _workload.StopGraceSeconds + 15);
        foreach (var (variable, value) in _settings)
            unit.Set("Environment", SystemdText.Assignment(variable, value));
        if (_settings.Count > 0)
            unit.Set("EnvironmentFile", _host.EnvironmentFile);
        if (!_workload.Optional)
            unit.Section("Install").Set("WantedBy", _host.Target);
        return unit.ToString();
    }

    private void AddVariable(EnvironmentVariable variable)
    {
        var value = HostValues.Of(_host, _workload, variable.Value);
        Remember(value);
        if (!value.NeedsInstaller)
            _environment.Add(value.CommandWord(variable.Name + "="));
        else if (_workload.SecretFiles is { } files)
            AddSecret(value, variable.ShellName, $"type=mount,target={files.Directory}/{variable.ShellName}{Owner()}");
        else
            AddSecret(value, variable.Name, $"type=env,target={variable.Name}");
    }

    private void AddSecret(HostValue value, string name, string how)
    {
        var secret = value.SoleSecret is { } key
            ? new PodmanSecret($"{_host.Plan.Name}-{key}", $"credentials/{key}")
            : new PodmanSecret($"{_host.Unit(_workload)}.{name}", $"composed/{_host.Unit(_workload)}.{name}");
        if (value.SoleSecret is null)
            _composed.Add(new ComposedFile($"{_host.Unit(_workload)}.{name}", value.Shell()));
        _secrets.Add(secret);
        _arguments.Add($"--secret {secret.Name},{how}");
    }

    private string Owner() => _workload.Security.User is { } user
        ? $",uid={DeploymentHost.Number(user)},gid={DeploymentHost.Number(_workload.Security.Group ?? user)},mode=0400"
        : ",mode=0444";

    private void AddFiles()
    {
        foreach (var file in DeploymentHost.Files(_workload))
        {
            var value = HostValues.Of(_host, _workload, file.Content);
            Remember(value);
            if (value.Text is null)
                AddSecret(value, file.Path.Split('/')[^1], $"type=mount,target={file.Path}{Owner()}");
            else
                _mounts.Add($"{_host.Current}/files/{_host.Unit(_workload)}/{file.Path.Split('/')[^1]}:{file.Path}:ro,z");
        }
    }

    private void AddStorage()
    {
        foreach (var volume in _workload.Volumes)
            _mounts.Add($"{_host.Plan.Name}-{volume.Name}.volume:{volume.Target}{(volume.ReadOnly ? ":ro" : "")}");
        foreach (var mount in _workload.BindMounts)
        {
            var source = mount.IsAbsolute ? mount.Source.Replace('\\', '/') : $"{_host.Current}/{BundleMount(_workload, mount)}";
            _mounts.Add(SystemdText.Word($"{source}:{mount.Target}{(mount.ReadOnly ? ":ro,z" : ":z")}"));
        }
    }

    /// <summary>Where the bundle keeps a file or folder that stands beside the manifest.</summary>
    public static string BundleMount(Workload workload, BindMount mount) => $"mounts/{workload.Name}/{mount.Name}";

    private void WriteSecurity(UnitText unit)
    {
        var security = _workload.Security;
        unit.Set("NoNewPrivileges", "true");
        if (security.DropCapabilities)
        {
            unit.Set("DropCapability", "all");
            unit.SetWords("AddCapability", security.Capabilities.Select(static c => "CAP_" + c));
        }
        if (security.User is { } user)
            unit.Set("User", user).Set("Group", security.Group ?? user);
        if (security.ReadOnlyRoot)
            unit.Set("ReadOnly", "true");
        unit.Set("RunInit", "true");
    }

    private void AddArguments()
    {
        var limits = _workload.Limits;
        if (HostAmounts.Memory(limits.Memory) is { } memory)
            _arguments.Add($"--memory={memory.ToLowerInvariant()}");
        if (HostAmounts.CpuNumber(limits.Cpu) is { } cpu)
            _arguments.Add($"--cpus={cpu}");
        if (limits.Pids is { } pids)
            _arguments.Add($"--pids-limit={DeploymentHost.Number(pids)}");
        foreach (var folder in _workload.Security.Writable)
            _arguments.Add(SystemdText.Word($"--tmpfs={folder}:rw,nosuid,nodev,mode=1777,size=64m"));
        _arguments.Add($"--stop-timeout={DeploymentHost.Number(_workload.StopGraceSeconds)}");
        if (_workload.Entrypoint is [var program, ..])
            _arguments.Add(SystemdText.Argument("--entrypoint=" + Array(HostValues.Of(_host, _workload, program).Text ?? program.ToString())));
        if (_workload.Health.Check is { } check)
        {
            _arguments.Add(SystemdText.Argument("--health-cmd=" + Array(["CMD", .. check.Command])));
            _arguments.Add($"--health-interval={DeploymentHost.Number(check.IntervalSeconds)}s --health-timeout={DeploymentHost.Number(check.TimeoutSeconds)}s "
                + $"--health-retries={DeploymentHost.Number(check.Failures)} --health-start-period={DeploymentHost.Number(check.GraceSeconds)}s");
        }
    }

    private void Remember(HostValue value)
    {
        foreach (var setting in value.Settings)
            _settings[setting.Variable] = setting.Default;
    }

    /// <summary>What the host reaches: external endpoints, and those the host's services use. Never on all addresses by itself.</summary>
    private IEnumerable<string> Published()
    {
        var used = _host.Plan.References.Where(r => r.To == _workload.ResourceName && DeploymentHost.RunsOnHost(_host.Plan.Workload(r.From)))
            .SelectMany(static r => r.Endpoints).ToHashSet();
        foreach (var group in _workload.Endpoints.GroupBy(static e => (e.TargetPort, e.Protocol)))
        {
            if (!group.Any(e => e.External || used.Contains(e.Name)))
                continue;
            var endpoint = group.FirstOrDefault(static e => e.External) ?? group.First();
            var bind = endpoint.BindVariable is { } variable ? new SettingToken(variable, "127.0.0.1") : (HostToken)new TextToken("127.0.0.1");
            var protocol = endpoint.Protocol == "udp" ? "/udp" : "";
            var target = new TextToken($":{DeploymentHost.Number(endpoint.TargetPort)}{protocol}");
            var value = new HostValue([bind, new TextToken(":"), DeploymentHost.HostPort(endpoint), target]);
            Remember(value);
            // Quadlet takes the text as it is and systemd puts the variables in.
            yield return string.Concat(value.Tokens.Select(static t => t is TextToken text ? text.Text : $"${{{((SettingToken)t).Variable}}}"));
        }
    }

    private static string Array(params IReadOnlyList<string> words) => "[" + string.Join(',', words.Select(Quoted)) + "]";

    private static string Quoted(string word) =>
        $"\"{JsonEncodedText.Encode(word, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}

/// <summary>A secret that Podman keeps.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="File">What it is made of, relative to the configuration folder.</param>
internal sealed record PodmanSecret(string Name, string File);
