using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Systemd;

/// <summary>Gathers the units of a deployment, and what the installer has to know of them.</summary>
internal sealed class SystemdBundle
{
    private readonly DeploymentHost _host;
    private readonly List<string> _units = [];
    private readonly List<string> _quadlets = [];
    private readonly List<string> _files = [];
    private readonly List<ComposedFile> _composed = [];
    private readonly List<PodmanSecret> _podmanSecrets = [];

    public SystemdBundle(DeploymentHost host, OutputFolder output)
    {
        _host = host;
        foreach (var workload in host.Services)
            AddService(workload, output);
        foreach (var workload in host.Containers)
            AddContainer(workload, output);
        if (_quadlets.Count > 0)
            AddNetwork(output);
        foreach (var (workload, endpoint) in host.Bridged)
            AddBridge(workload, endpoint, output);
        AddTarget(output);
        AddText(output, $"{host.Plan.Name}.env.example", EnvironmentExample.Render(host));
    }

    /// <summary>Unit files.</summary>
    public IReadOnlyList<string> Units => _units;

    /// <summary>Quadlet files.</summary>
    public IReadOnlyList<string> Quadlets => _quadlets;

    /// <summary>Every file the installer needs, by path in the bundle.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Files joined from secrets.</summary>
    public IEnumerable<ComposedFile> Composed => _composed.DistinctBy(static c => c.Name);

    /// <summary>Secrets that Podman keeps.</summary>
    public IEnumerable<PodmanSecret> PodmanSecrets => _podmanSecrets.Distinct();

    /// <summary>A text that is kept beside this code.</summary>
    public static string Resource(string name)
    {
        using var stream = typeof(SystemdBundle).Assembly.GetManifestResourceStream("Lucia.Publishing.Systemd." + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>Whether a container's port is on the host too.</summary>
    public bool Publishes(Workload workload, Endpoint endpoint) => endpoint.External || _host.Plan.References.Any(
        r => r.To == workload.ResourceName && DeploymentHost.RunsOnHost(_host.Plan.Workload(r.From)) && r.Endpoints.Contains(endpoint.Name));

    private void AddService(Workload workload, OutputFolder output)
    {
        var environment = new ServiceEnvironment(_host, workload);
        AddUnit(output, _host.Service(workload), new ServiceUnit(_host, workload).Render());
        _composed.AddRange(environment.Composed);
        if (environment.UsesLauncher && !_files.Contains(ServiceEnvironment.Launcher))
            AddText(output, ServiceEnvironment.Launcher, Resource("with-secrets.sh"), executable: true);
        AddFiles(workload, output);
    }

    private void AddContainer(Workload workload, OutputFolder output)
    {
        var container = new QuadletUnit(_host, workload);
        AddQuadlet(output, $"{_host.Unit(workload)}.container", container.Render());
        _composed.AddRange(container.Composed);
        _podmanSecrets.AddRange(container.Secrets);
        foreach (var volume in workload.Volumes)
        {
            var name = $"{_host.Plan.Name}-{volume.Name}.volume";
            if (!_quadlets.Contains(name))
                AddQuadlet(output, name, new UnitText(_host, volume.Description ?? $"Data of {workload.Name}.").Section("Volume").ToString());
        }
        AddFiles(workload, output);
    }

    private void AddFiles(Workload workload, OutputFolder output)
    {
        foreach (var file in DeploymentHost.Files(workload))
        {
            if (HostValues.Of(_host, workload, file.Content).Text is { } content)
                AddText(output, $"files/{_host.Unit(workload)}/{file.Path.Split('/')[^1]}", content);
        }
    }

    private void AddNetwork(OutputFolder output)
    {
        var network = new UnitText(_host, "The network of the containers.").Section("Network");
        if (_host.Bridged.Count > 0)
            network.Comment("Fixed, because services of the host are offered at the gateway.").Set("Subnet", _host.Subnet).Set("Gateway", _host.Gateway);
        AddQuadlet(output, $"{_host.Plan.Name}.network", network.ToString());
    }

    /// <summary>Services of the host listen at loopback, where no container gets; a socket at the containers' gateway leads there.</summary>
    private void AddBridge(Workload workload, Endpoint endpoint, OutputFolder output)
    {
        var name = $"{_host.Unit(workload)}-for-containers-{DeploymentHost.Number(endpoint.HostPort)}";
        var socket = new UnitText(_host, $"Offers {workload.Name} to the containers.").Section("Unit")
            .Set("Description", $"{_host.Plan.Name}: {workload.Name} for containers").Set("PartOf", _host.Target)
            .Section("Socket").Set("ListenStream", $"{_host.Gateway}:{DeploymentHost.Number(endpoint.HostPort)}")
            .Comment("The containers' network may come later.").Set("FreeBind", "yes")
            .Section("Install").Set("WantedBy", _host.Target);
        AddUnit(output, name + ".socket", socket.ToString());

        var port = DeploymentHost.HostPort(endpoint);
        var service = new UnitText(_host, $"Leads containers to {workload.Name}.").Section("Unit")
            .Set("Description", $"{_host.Plan.Name}: way of containers to {workload.Name}")
            .Set("Requires", name + ".socket").Set("After", $"{name}.socket {_host.Service(workload)}")
            .Section("Service").Set("Type", "notify")
            .SetCommand("ExecStart", ["/usr/lib/systemd/systemd-socket-proxyd", new HostValue([new TextToken("127.0.0.1:"), port]).CommandWord()])
            .Set("DynamicUser", "yes");
        if (port is SettingToken setting)
            service.Set("Environment", $"{setting.Variable}={setting.Default}").Set("EnvironmentFile", _host.EnvironmentFile);
        service.Set("MemoryMax", "64M").Set("TasksMax", 64);
        Hardening.WriteForProxy(service);
        AddUnit(output, name + ".service", service.ToString());
    }

    private void AddTarget(OutputFolder output)
    {
        var target = new UnitText(_host, "All of the application.").Section("Unit")
            .Set("Description", UnitText.OneLine((_host.Plan.Description ?? _host.Plan.Name).TrimEnd('.')));
        if (_host.Plan.Url is { } url)
            target.Set("Documentation", Text.SystemdText.Word(url));
        AddUnit(output, _host.Target, target.Section("Install").Set("WantedBy", "multi-user.target").ToString());
    }

    private void AddUnit(OutputFolder output, string name, string text)
    {
        _units.Add(name);
        AddText(output, $"units/{name}", text);
    }

    private void AddQuadlet(OutputFolder output, string name, string text)
    {
        _quadlets.Add(name);
        AddText(output, $"quadlet/{name}", text);
    }

    private void AddText(OutputFolder output, string path, string text, bool executable = false)
    {
        _files.Add(path);
        output.AddText(path, text, executable);
    }
}
