using System.Text.RegularExpressions;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Reads the unit of a program on the host itself.</summary>
internal sealed partial class HostServiceReader(SystemdReader bundle, Workload workload, TargetFacts facts)
{
    public void Read(UnitFile unit)
    {
        facts.Workload(workload.Name);
        ReadEnvironment(unit);
        ReadSecrets(unit);
        foreach (Match port in Ports().Matches(bundle.Installer).Where(m => m.Groups["unit"].Value == bundle.Host.Unit(workload)))
            facts.Add(workload.Name, FactKind.Port, Glossary.HostPort(workload, port.Groups["port"].Value));
        if (unit.Last("Service", "StateDirectory") is { } state)
            facts.Add(workload.Name, FactKind.Storage, "StateDirectory", state);
        foreach (var other in bundle.Dependencies(unit))
            facts.Add(workload.Name, FactKind.Dependency, other);
        if (!unit.All("Service", "IPAddressDeny").Contains("any"))
            facts.Add(workload.Name, FactKind.Outside, "addresses outside");
        ReadHealth(unit);
        if (unit.Last("Service", "CPUQuota") is { } cpu)
            facts.Add(workload.Name, FactKind.Limit, "cpu", Amount.Cpu(cpu));
        if (unit.Last("Service", "MemoryMax") is { } memory)
            facts.Add(workload.Name, FactKind.Limit, "memory", Amount.Memory(memory, 1024));
        if (unit.Last("Service", "TasksMax") is { } pids)
            facts.Add(workload.Name, FactKind.Limit, "pids", pids);
    }

    private void ReadEnvironment(UnitFile unit)
    {
        var variables = bundle.Variables(unit, "Service");
        // env NAME=${VALUE} … program
        var words = unit.Words("Service", "ExecStart").ToList();
        foreach (var word in words.SkipWhile(static w => w != "/usr/bin/env").Skip(1).TakeWhile(static w => w.IndexOf('=') > 0).Select(static w => w.Split('=', 2)))
            variables[word[0]] = SystemdReader.Expanded(word[1], variables);
        var all = bundle.Glossary.Plan.Settings.Select(p => bundle.Host.Variable(p.Name)).ToHashSet();
        foreach (var (name, value) in variables.Where(v => !all.Contains(v.Key) || workload.Environment.Any(e => e.ShellName == v.Key)))
            facts.Add(workload.Name, FactKind.Environment, ManifestName(name), name == "ASPNETCORE_URLS" ? Listening(value) : bundle.Glossary.Value(workload, value));
    }

    /// <summary>ASP.NET Core's addresses in the manifest's words: the endpoints that it listens at.</summary>
    private string Listening(string urls) => string.Join(';', urls.Split(';').Select(url => Glossary.HostPort(workload, url[(url.LastIndexOf(':') + 1)..])));

    private void ReadSecrets(UnitFile unit)
    {
        foreach (var credential in unit.All("Service", "LoadCredential").Select(static c => c.Split(':', 2)))
        {
            if (bundle.Bundled(credential[1]) is { } text)
                facts.Add(workload.Name, FactKind.File, workload.Files.FirstOrDefault(f => f.Path.EndsWith("/" + credential[0], StringComparison.Ordinal))?.Path ?? credential[0], bundle.Glossary.Value(workload, text));
            else if (workload.Environment.Any(e => e.ShellName == credential[0]))
                facts.Add(workload.Name, FactKind.Secret, ManifestName(credential[0]), $"file {bundle.Stored(credential[1])} in {workload.SecretFiles?.Directory}");
            else
                facts.Add(workload.Name, FactKind.Secret, credential[0], $"credential of {References().Matches(bundle.Stored(credential[1])).Aggregate("", static (all, m) => all + m.Value)}");
        }
        foreach (var file in unit.All("Service", "EnvironmentFile").Where(static f => f.Contains("/composed/")))
        {
            foreach (Match line in Lines().Matches(bundle.Joined.GetValueOrDefault(file.Split('/')[^1], "")))
                facts.Add(workload.Name, FactKind.Secret, line.Groups["name"].Value, $"environment {JoiningScript.Read(line.Groups["commands"].Value, bundle.Glossary)}");
        }
    }

    private void ReadHealth(UnitFile unit)
    {
        if (unit.Last("Service", "Type") == "notify")
            facts.Add(workload.Name, FactKind.Health, "notify", $"watchdog {unit.Last("Service", "WatchdogSec") ?? "off"}");
        foreach (Match check in Checks().Matches(bundle.Installer).Where(m => m.Groups["unit"].Value == bundle.Host.Unit(workload)))
        {
            var endpoint = workload.Ports.FirstOrDefault(e => $"{e.HostPort}" == check.Groups["port"].Value)?.Name ?? $"unknown port {check.Groups["port"].Value}";
            facts.Add(workload.Name, FactKind.Health, "readiness", $"GET {check.Groups["path"].Value} of {endpoint}");
        }
    }

    private string ManifestName(string shellName) => workload.Environment.FirstOrDefault(e => e.ShellName == shellName)?.Name ?? shellName;

    [GeneratedRegex(@"^  ""\$1"" (?<unit>[\w.-]+) (?<port>\d+)(?: \w+)?$", RegexOptions.Multiline)]
    private static partial Regex Ports();

    [GeneratedRegex(@"^  ""\$1"" (?<unit>[\w.-]+) 127\.0\.0\.1 (?<port>\d+) '\w*' '?(?<path>[^'\s]+)'?$", RegexOptions.Multiline)]
    private static partial Regex Checks();

    [GeneratedRegex(@"^\s*env_line (?<name>\w+) ""\$\((?<commands>.*?)\)""$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Lines();

    [GeneratedRegex(@"\{[\w-]+\.value[^}]*\}")]
    private static partial Regex References();
}
