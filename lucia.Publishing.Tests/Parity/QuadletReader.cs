using System.Text.Json;
using System.Text.RegularExpressions;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Reads a container's Quadlet unit and the Podman secrets that the installer makes for it.</summary>
internal sealed partial class QuadletReader(SystemdReader bundle, Workload workload, TargetFacts facts)
{
    public void Read(UnitFile unit)
    {
        facts.Workload(workload.Name);
        var variables = bundle.Variables(unit, "Service");
        foreach (var variable in unit.Words("Container", "Environment").Select(static w => w.Split('=', 2)))
            facts.Add(workload.Name, FactKind.Environment, variable[0], bundle.Glossary.Value(workload, SystemdReader.Expanded(variable[1], variables)));
        foreach (var port in unit.All("Container", "PublishPort"))
        {
            var target = port.Split(':')[^1].Split('/');
            facts.Add(workload.Name, FactKind.Port, Glossary.Port(workload, target[0], target.Length > 1 ? target[1] : "tcp"));
        }
        foreach (var mount in unit.Words("Container", "Volume").Select(static v => v.Split(':')).Where(static v => v[0].EndsWith(".volume", StringComparison.Ordinal)))
        {
            var name = mount[0][..^".volume".Length];
            var prefix = bundle.Glossary.Plan.Name + "-";
            facts.Add(workload.Name, FactKind.Storage, mount[1], (name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name) + (mount.Length > 2 ? " " + mount[2] : ""));
        }
        foreach (var mount in unit.Words("Container", "Volume").Select(static v => v.Split(':')))
        {
            if (workload.BindMounts.FirstOrDefault(m => mount[0] == $"{bundle.Host.Current}/mounts/{workload.Name}/{m.Name}") is { } bind)
                facts.Add(workload.Name, FactKind.Storage, mount[1], $"{bind.Source} beside the manifest{(mount[^1].StartsWith("ro", StringComparison.Ordinal) ? " ro" : "")}");
            else if (bundle.Bundled(mount[0]) is { } text)
                facts.Add(workload.Name, FactKind.File, mount[1], bundle.Glossary.Value(workload, text));
        }
        foreach (var other in bundle.Dependencies(unit))
            facts.Add(workload.Name, FactKind.Dependency, other);
        ReadArguments([.. unit.Words("Container", "PodmanArgs")]);
    }

    private void ReadArguments(IReadOnlyList<string> arguments)
    {
        var health = new Dictionary<string, string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var key, var text] ? (key, text) : (arguments[i], "");
            if (name == "--secret")
                ReadSecret(arguments[++i]);
            else if (name == "--memory")
                facts.Add(workload.Name, FactKind.Limit, "memory", Amount.Memory(value, 1024));
            else if (name == "--cpus")
                facts.Add(workload.Name, FactKind.Limit, "cpu", Amount.Cpu(value));
            else if (name == "--pids-limit")
                facts.Add(workload.Name, FactKind.Limit, "pids", value);
            else if (name == "--health-cmd")
                facts.Add(workload.Name, FactKind.Health, "check", string.Join(" | ", JsonSerializer.Deserialize<string[]>(value.Replace("$$", "$"))!.Skip(1)));
            else if (name.StartsWith("--health-", StringComparison.Ordinal))
                health[name["--health-".Length..]] = value.TrimEnd('s');
        }
        if (health.Count > 0)
            facts.Add(workload.Name, ManifestFacts.Timing("check", health["interval"], health["timeout"], health["retries"], health["start-period"]));
    }

    private void ReadSecret(string text)
    {
        var options = text.Split(',');
        var file = Secrets().Matches(bundle.Installer).FirstOrDefault(m => m.Groups["name"].Value == options[0])?.Groups["file"].Value ?? "nothing";
        var target = options.Single(static o => o.StartsWith("target=", StringComparison.Ordinal))["target=".Length..];
        if (options.Contains("type=env"))
        {
            facts.Add(workload.Name, FactKind.Secret, target, $"environment {bundle.Stored(file)}");
            return;
        }
        var name = target[(target.LastIndexOf('/') + 1)..];
        var variable = workload.Environment.FirstOrDefault(e => e.ShellName == name)?.Name ?? name;
        facts.Add(workload.Name, FactKind.Secret, variable, $"file {bundle.Stored(file)} in {target[..target.LastIndexOf('/')]}");
    }

    [GeneratedRegex(@"^  podman_secret (?<name>[\w.-]+) (?<file>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Secrets();
}
