using System.Text.RegularExpressions;
using Lucia.Publishing.Systemd;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Reads a systemd bundle: units, Quadlet files, the environment example, and what <c>install.sh</c> joins and checks.</summary>
internal sealed class SystemdReader
{
    private readonly IReadOnlyDictionary<string, string> _files;
    private readonly TargetFacts _facts = new("systemd");

    public SystemdReader(Glossary glossary, IReadOnlyDictionary<string, string> files)
    {
        (Glossary, _files) = (glossary, files);
        Host = new DeploymentHost(glossary.Plan);
        Installer = files["install.sh"];
        Examples = EnvironmentFile.Read(files[$"{glossary.Plan.Name}.env.example"], commented: true);
        Joined = JoiningScript.Blocks(Installer);
        foreach (var (parameter, variable) in Host.Variables)
            glossary.AddVariable(variable, parameter);
        foreach (var workload in glossary.Plan.Workloads)
        {
            foreach (var endpoint in workload.Ports)
            {
                var onHost = DeploymentHost.RunsOnHost(workload);
                glossary.AddAddress("127.0.0.1", endpoint.HostPort, workload, endpoint, DeploymentHost.RunsOnHost, onHost ? endpoint.HostPort : null);
                if (onHost)
                    glossary.AddAddress(Host.Gateway, endpoint.HostPort, workload, endpoint, static w => !DeploymentHost.RunsOnHost(w), endpoint.HostPort);
                else
                    glossary.AddAddress(Host.Unit(workload), endpoint.TargetPort, workload, endpoint, static w => !DeploymentHost.RunsOnHost(w));
            }
        }
    }

    public Glossary Glossary { get; }

    public DeploymentHost Host { get; }

    public string Installer { get; }

    /// <summary>The environment file as it is first installed, with the defaults it has in comments.</summary>
    public IReadOnlyDictionary<string, string> Examples { get; }

    public IReadOnlyDictionary<string, string> Joined { get; }

    public TargetFacts Read()
    {
        foreach (var workload in Glossary.Plan.Workloads)
        {
            if (_files.TryGetValue($"units/{Host.Unit(workload)}.service", out var unit))
                new HostServiceReader(this, workload, _facts).Read(new UnitFile(unit));
            else if (_files.FirstOrDefault(f => f.Key.EndsWith($"/{Host.Unit(workload)}.container", StringComparison.Ordinal)).Value is { } container)
                new QuadletReader(this, workload, _facts).Read(new UnitFile(container));
        }
        return _facts;
    }

    /// <summary>The workloads that a unit comes after and wants.</summary>
    public IEnumerable<string> Dependencies(UnitFile unit)
    {
        var wanted = unit.Words("Unit", "Wants").ToHashSet();
        return unit.Words("Unit", "After").Where(wanted.Contains)
            .Select(u => Glossary.Plan.Workloads.FirstOrDefault(w => Host.Service(w) == u)?.Name ?? u)
            .Where(static u => u != "network-online.target");
    }

    /// <summary>The variables that a unit reads, those of the environment file over its own.</summary>
    /// <returns>For a setting the reference with the default that counts; else the text.</returns>
    public Dictionary<string, string> Variables(UnitFile unit, string section)
    {
        var values = unit.Words(section, "Environment").Select(static w => w.Split('=', 2)).ToDictionary(static p => p[0], static p => p[1]);
        if (!unit.All(section, "EnvironmentFile").Contains(Host.EnvironmentFile))
            return values;
        foreach (var (name, example) in Examples)
        {
            var setting = Host.Variables.FirstOrDefault(v => v.Value == name).Key;
            if (setting is null)
                continue;
            var standard = values.GetValueOrDefault(name, "");
            values[name] = Glossary.Reference(Glossary.Plan.Parameter(setting), standard == example ? standard : $"{standard} (the example says '{example}')");
        }
        return values;
    }

    /// <summary>A text in which systemd expands variables.</summary>
    public static string Expanded(string text, IReadOnlyDictionary<string, string> variables) => Regex.Replace(
        text, @"\$\$|\$\{(\w+)\}", m => m.Value == "$$" ? "$" : variables.GetValueOrDefault(m.Groups[1].Value, m.Value));

    /// <summary>The text of a file that the bundle brings, by its path after installation; null when it is no such file.</summary>
    public string? Bundled(string path) =>
        path.StartsWith($"{Host.Current}/files/", StringComparison.Ordinal) ? _files.GetValueOrDefault(path[(Host.Current.Length + 1)..], $"unknown file {path}") : null;

    /// <summary>What a file below the configuration folder holds: <c>credentials/KEY</c> or <c>composed/NAME</c>.</summary>
    public string Stored(string path) => path.Split('/') switch
    {
        [.., "credentials", var key] => Glossary.Secret(key) ?? $"unknown secret {key}",
        [.., "composed", var name] => Joined.TryGetValue(name, out var commands) ? JoiningScript.Read(commands, Glossary) : $"unknown file {name}",
        _ => $"unknown file {path}",
    };
}
