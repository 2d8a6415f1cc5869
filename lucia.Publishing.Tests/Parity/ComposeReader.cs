using System.Text.RegularExpressions;
using Lucia.Publishing.Plan;
using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Reads <c>docker-compose.yml</c>, the defaults in <c>.env.example</c>, and what <c>setup.sh</c> joins.</summary>
internal sealed partial class ComposeReader(Glossary glossary, IReadOnlyDictionary<string, string> files)
{
    private const string Exec = "CMD | ";

    private readonly TargetFacts _facts = new("compose");
    private readonly IReadOnlyDictionary<string, string> _joined = JoiningScript.Blocks(files["setup.sh"]);
    private readonly IReadOnlyDictionary<string, string> _examples = EnvironmentFile.Read(files[".env.example"], commented: true);

    public TargetFacts Read()
    {
        var root = YamlReading.Documents(files["docker-compose.yml"]).Single();
        foreach (var workload in glossary.Plan.Workloads)
        {
            foreach (var endpoint in workload.Ports)
                glossary.AddAddress(workload.Name, endpoint.TargetPort, workload, endpoint);
        }
        foreach (var (name, service) in root.Entries("services"))
        {
            _facts.Workload(name);
            if (glossary.Plan.Workloads.FirstOrDefault(w => w.Name == name) is { } workload)
                Read(workload, service, root);
        }
        return _facts;
    }

    private void Read(Workload workload, YamlNode service, YamlNode root)
    {
        foreach (var (name, value) in service.Entries("environment"))
        {
            var text = glossary.Value(workload, Interpolated(value.Text()!));
            if (value.Text()!.Contains('$') && IsSecret(value.Text()!))
                _facts.Add(workload.Name, FactKind.Secret, name, $"environment {text}");
            else
                _facts.Add(workload.Name, FactKind.Environment, name, text);
        }
        foreach (var secret in service.Items("secrets"))
        {
            var target = secret.Text("target")!;
            var file = root.Text("secrets", secret.Text("source")!, "file");
            _facts.Add(workload.Name, FactKind.Secret, target[(target.LastIndexOf('/') + 1)..], $"file {Stored(file)} in {target[..target.LastIndexOf('/')]}");
        }
        foreach (var config in service.Items("configs"))
        {
            var file = root.Text("configs", config.Text("source")!, "file") ?? "nothing";
            _facts.Add(workload.Name, FactKind.File, config.Text("target")!, glossary.Value(workload, files.GetValueOrDefault(file.Replace("./", ""), $"unknown file {file}")));
        }
        if (service.Items("networks").Any(static n => n.Text() == "edge"))
            _facts.Add(workload.Name, FactKind.Outside, "addresses outside");
        foreach (var volume in service.Items("volumes").Select(static v => v.Text()).OfType<string>())
        {
            var parts = volume.Split(':');
            var isDeclared = root.Entries("volumes").Any(v => v.Key == parts[0]);
            _facts.Add(workload.Name, FactKind.Storage, parts[1], (isDeclared ? parts[0] : "undeclared " + parts[0]) + (parts.Length > 2 ? " " + parts[2] : ""));
        }
        foreach (var mount in service.Items("volumes").Where(static v => v.Text("type") == "bind"))
        {
            var source = mount.Text("source")!.Replace("${MANIFEST_DIR:-..}/", "");
            _facts.Add(workload.Name, FactKind.Storage, mount.Text("target")!, $"{source} beside the manifest{(mount.Text("read_only") == "true" ? " ro" : "")}");
        }
        foreach (var port in service.Items("expose"))
            _facts.Add(workload.Name, FactKind.Port, Port(workload, port.Text()!));
        foreach (var port in service.Items("ports"))
        {
            var name = Port(workload, port.Text()!.Split(':')[^1]);
            _facts.Add(workload.Name, FactKind.Port, name);
            _facts.Add(workload.Name, FactKind.Port, name, "outside");
        }
        if (service.At("healthcheck") is { } check)
        {
            _facts.Add(workload.Name, FactKind.Health, "check", Command(Interpolated(check.Words("test"))));
            var (interval, timeout, grace) = (Seconds(check, "interval"), Seconds(check, "timeout"), Seconds(check, "start_period"));
            _facts.Add(workload.Name, ManifestFacts.Timing("check", interval, timeout, check.Text("retries")!, grace));
        }
        foreach (var (name, how) in service.Entries("depends_on"))
        {
            _facts.Add(workload.Name, FactKind.Dependency, name);
            _facts.Add(workload.Name, FactKind.Dependency, name, $"{how.Text("condition")}{(how.Text("required") == "false" ? ", or without" : "")}");
        }
        foreach (var (name, value) in service.Entries("deploy", "resources", "limits"))
            _facts.Add(workload.Name, FactKind.Limit, name == "cpus" ? "cpu" : name, Limit(name, value.Text()!));
    }

    private static string Port(Workload workload, string text) => Glossary.Port(workload, text.Split('/')[0], text.EndsWith("/udp", StringComparison.Ordinal) ? "udp" : "tcp");

    private static string Seconds(YamlNode check, string key) => check.Text(key)?.TrimEnd('s') ?? "none";

    private static string Command(string test) => test.StartsWith(Exec, StringComparison.Ordinal) ? test[Exec.Length..] : test;

    private string Limit(string name, string text)
    {
        var variable = Variable().Match(text);
        var value = variable.Success ? variable.Groups["default"].Value : text;
        if (variable.Success && _examples.GetValueOrDefault(variable.Groups["name"].Value) != value)
            return $"{value}, though .env.example says {_examples.GetValueOrDefault(variable.Groups["name"].Value)}";
        return name switch { "cpus" => Amount.Cpu(value), "memory" => Amount.Memory(value, 1024), _ => value };
    }

    private string Stored(string? file)
    {
        var key = file?.StartsWith("./secrets/", StringComparison.Ordinal) == true ? file["./secrets/".Length..] : file ?? "nothing";
        return glossary.Secret(key) is { } secret && !_joined.ContainsKey(key) ? secret
            : _joined.TryGetValue(key, out var commands) ? JoiningScript.Read(commands, glossary) : $"unknown secret {key}";
    }

    private bool IsSecret(string text) => Variable().Matches(text).Any(m => Named(m.Groups["name"].Value).Parameter is { IsSecret: true });

    private string Interpolated(string text) => Variable().Replace(text, match =>
    {
        if (match.Value == "$$")
            return "$";
        var (parameter, uri) = Named(match.Groups["name"].Value);
        if (parameter is null)
            return match.Groups["default"].Success ? match.Groups["default"].Value : match.Value;
        // What cannot stand in ${NAME:-default} is in .env, which begins as a copy of the example.
        var standard = match.Groups["default"].Success ? match.Groups["default"].Value : parameter.IsSecret ? "" : _examples.GetValueOrDefault(parameter.Variable);
        return Glossary.Reference(parameter, standard, uri);
    });

    private (PlanParameter? Parameter, bool Uri) Named(string variable) =>
        glossary.Parameter(variable) is { } parameter ? (parameter, false)
            : variable.EndsWith("_URI", StringComparison.Ordinal) ? (glossary.Parameter(variable[..^"_URI".Length]), true) : (null, false);

    [GeneratedRegex(@"\$\$|\$\{(?<name>\w+)(?::-(?<default>[^}]*)|:?\?[^}]*)?\}")]
    private static partial Regex Variable();
}
