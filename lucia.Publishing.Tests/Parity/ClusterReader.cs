using System.Text.RegularExpressions;
using Lucia.Publishing.Plan;
using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Where a cluster's objects get their texts from, which kustomize and a chart make each in their own way.</summary>
internal interface IClusterSources
{
    /// <summary>The texts of a ConfigMap.</summary>
    IReadOnlyDictionary<string, string> ConfigMap(string name);

    /// <summary>The references that a key of a Secret stands for.</summary>
    string Secret(string name, string key);
}

/// <summary>Reads Kubernetes' objects, whoever rendered them.</summary>
internal sealed partial class ClusterReader(string target, Glossary glossary, IReadOnlyList<YamlNode> objects, IClusterSources sources)
{
    private const string Component = "app.kubernetes.io/component";

    private readonly TargetFacts _facts = new(target);

    public TargetFacts Read()
    {
        var services = Kind("Service").ToList();
        foreach (var service in services)
            ReadAddresses(service);
        foreach (var runner in Kind("Deployment").Concat(Kind("StatefulSet")))
        {
            var name = Owner(runner);
            _facts.Workload(name);
            if (glossary.Plan.Workloads.FirstOrDefault(w => w.Name == name) is { } workload)
                Read(workload, runner, services.Where(s => Owner(s) == name));
        }
        foreach (var policy in Kind("NetworkPolicy"))
        {
            if (policy.Text("spec", "podSelector", "matchLabels", Component) is { } from && _facts.Workloads.ContainsKey(from))
            {
                foreach (var to in policy.Items("spec", "egress").SelectMany(static e => e.Items("to")).Select(static t => t.Text("podSelector", "matchLabels", Component)).OfType<string>())
                    _facts.Add(from, FactKind.Dependency, to);
                var blocks = policy.Items("spec", "egress").SelectMany(static e => e.Items("to")).Select(static t => t.Text("ipBlock", "cidr")).OfType<string>().Order(StringComparer.Ordinal);
                if (blocks.SequenceEqual(["0.0.0.0/0", "::/0"]))
                    _facts.Add(from, FactKind.Outside, "addresses outside");
            }
        }
        foreach (var backend in Kind("Ingress").SelectMany(static i => i.Items("spec", "rules")).SelectMany(static r => r.Items("http", "paths")).Select(static p => p.At("backend", "service")))
        {
            var service = services.Single(s => s.Text("metadata", "name") == backend.Text("name"));
            var port = service.Items("spec", "ports").Single(p => p.Text("name") == backend.Text("port", "name"));
            var workload = glossary.Plan.Workloads.Single(w => w.Name == Owner(service));
            _facts.Add(workload.Name, FactKind.Port, Glossary.Port(workload, ContainerPort(workload, port.Text("targetPort")!)), "outside");
        }
        return _facts;
    }

    private IEnumerable<YamlNode> Kind(string kind) => objects.Where(o => o.Text("kind") == kind);

    private static string Owner(YamlNode item) => item.Text("metadata", "labels", Component) ?? "nobody";

    /// <summary>Services are how workloads call each other.</summary>
    private void ReadAddresses(YamlNode service)
    {
        var workload = glossary.Plan.Workloads.FirstOrDefault(w => w.Name == service.Text("spec", "selector", Component));
        foreach (var port in workload is null ? [] : service.Items("spec", "ports"))
        {
            if (workload!.Ports.FirstOrDefault(e => $"{e.TargetPort}" == ContainerPort(workload, port.Text("targetPort")!)) is { } endpoint)
                glossary.AddAddress(service.Text("metadata", "name")!, int.Parse(port.Text("port")!), workload, endpoint);
        }
    }

    private string ContainerPort(Workload workload, string name) => Kind("Deployment").Concat(Kind("StatefulSet")).Where(r => Owner(r) == workload.Name)
        .SelectMany(static r => r.Items("spec", "template", "spec", "containers")).SelectMany(static c => c.Items("ports"))
        .FirstOrDefault(p => p.Text("name") == name).Text("containerPort") ?? $"'{name}', which no container has";

    private void Read(Workload workload, YamlNode runner, IEnumerable<YamlNode> services)
    {
        var pod = runner.At("spec", "template", "spec");
        var container = pod.Items("containers").Single();
        ReadEnvironment(workload, container);
        var offered = services.SelectMany(static s => s.Items("spec", "ports")).Select(static p => p.Text("targetPort")).ToHashSet();
        foreach (var port in container.Items("ports"))
        {
            var name = Glossary.Port(workload, port.Text("containerPort")!, port.Text("protocol")!.ToLowerInvariant());
            _facts.Add(workload.Name, FactKind.Port, offered.Contains(port.Text("name")) ? name : name + " without a Service");
        }
        ReadMounts(workload, runner, pod!, container);
        foreach (var probe in (string[])["startup", "readiness", "liveness"])
        {
            if (container.At(probe + "Probe") is { } how)
            {
                _facts.Add(workload.Name, FactKind.Health, probe, Probe(workload, how));
                var (interval, timeout, failures) = (how.Text("periodSeconds")!, how.Text("timeoutSeconds")!, how.Text("failureThreshold")!);
                _facts.Add(workload.Name, ManifestFacts.Timing(probe, interval, timeout, failures, how.Text("initialDelaySeconds") ?? "0"));
            }
        }
        foreach (var (name, value) in container.Entries("resources", "limits"))
            _facts.Add(workload.Name, FactKind.Limit, name, name == "cpu" ? Amount.Cpu(value.Text()!) : Amount.Memory(value.Text()!, 1000));
    }

    private void ReadEnvironment(Workload workload, YamlNode container)
    {
        var known = new Dictionary<string, string>();
        var secret = new HashSet<string>();
        foreach (var (name, value) in container.Items("envFrom").Select(static f => f.Text("configMapRef", "name")).OfType<string>().SelectMany(sources.ConfigMap))
            known[name] = glossary.Value(workload, value);
        foreach (var variable in container.Items("env"))
        {
            var name = variable.Text("name")!;
            if (variable.At("valueFrom", "secretKeyRef") is { } reference)
            {
                known[name] = sources.Secret(reference.Text("name")!, reference.Text("key")!);
                secret.Add(name);
            }
            else if (variable.At("valueFrom", "configMapKeyRef") is { } setting)
            {
                known[name] = Setting(setting);
            }
            else
            {
                var text = variable.Text("value") ?? "";
                if (Expansion().Matches(text).Any(m => secret.Contains(m.Groups["name"].Value)))
                    secret.Add(name);
                known[name] = glossary.Value(workload, Expanded(text, known));
            }
        }
        foreach (var (name, value) in known)
            _facts.Add(workload.Name, secret.Contains(name) ? FactKind.Secret : FactKind.Environment, name, secret.Contains(name) ? $"environment {value}" : value);
    }

    private string Setting(YamlNode reference)
    {
        var (map, key) = (sources.ConfigMap(reference.Text("name")!), reference.Text("key")!);
        if (glossary.Parameter(key) is not { } parameter)
            return $"unknown setting {key}";
        if (!map.ContainsKey(key) && reference.Text("optional") != "true")
            return $"{key}, which is missing";
        var value = map.GetValueOrDefault(key, "");
        return value == Glossary.Reference(parameter) ? value : Glossary.Reference(parameter, value);
    }

    private void ReadMounts(Workload workload, YamlNode runner, YamlNode pod, YamlNode container)
    {
        foreach (var mount in container.Items("volumeMounts"))
        {
            var (name, path) = (mount.Text("name")!, mount.Text("mountPath")!);
            var volume = pod.Items("volumes").FirstOrDefault(v => v.Text("name") == name);
            var isClaim = runner.Items("spec", "volumeClaimTemplates").Any(c => c.Text("metadata", "name") == name) || volume.At("persistentVolumeClaim") is not null;
            if (isClaim)
                _facts.Add(workload.Name, FactKind.Storage, path, name + (mount.Text("readOnly") == "true" ? " ro" : ""));
            if (workload.BindMounts.FirstOrDefault(m => volume.Text("secret", "secretName") == $"{workload.Name}-mount-{m.Name}") is { } bind)
                _facts.Add(workload.Name, FactKind.Storage, path, $"{bind.Source} beside the manifest{(mount.Text("readOnly") == "true" ? " ro" : "")}");
            // A single file is mounted by its subPath, a folder with all items.
            var only = mount.Text("subPath");
            if (volume.Text("configMap", "name") is { } map && only is not null)
                _facts.Add(workload.Name, FactKind.File, path, glossary.Value(workload, sources.ConfigMap(map).GetValueOrDefault(only, $"unknown key {map}/{only}")));
            var items = volume.Items("secret", "items").Select(i => (Secret: volume.Text("secret", "secretName")!, Item: i))
                .Concat(volume.Items("projected", "sources").SelectMany(static s => s.Items("secret", "items").Select(i => (Secret: s.Text("secret", "name")!, Item: i))));
            foreach (var (secret, item) in items.Where(i => only is null || i.Item.Text("path") == only))
            {
                var file = only is null ? $"{path}/{item.Text("path")}" : path;
                var value = sources.Secret(secret, item.Text("key")!);
                _facts.Add(workload.Name, FactKind.Secret, file[(file.LastIndexOf('/') + 1)..], $"file {value} in {file[..file.LastIndexOf('/')]}");
            }
        }
    }

    private static string Probe(Workload workload, YamlNode probe)
    {
        // A dollar is doubled where $(NAME) would expand.
        if (probe.At("exec") is { } exec)
            return Expansion().Replace(exec.Words("command"), static m => m.Value == "$$" ? "$" : m.Value);
        var port = probe.Text("httpGet", "port") ?? probe.Text("tcpSocket", "port");
        var name = workload.Ports.Any(e => e.Name == port) ? port : $"unknown port {port}";
        return probe.Text("httpGet", "path") is { } path ? $"GET {path} of {name}" : $"connect to {name}";
    }

    private static string Expanded(string text, Dictionary<string, string> known) => Expansion().Replace(
        text, match => match.Value == "$$" ? "$" : known.GetValueOrDefault(match.Groups["name"].Value, match.Value));

    [GeneratedRegex(@"\$\$|\$\((?<name>[\w.-]+)\)")]
    private static partial Regex Expansion();
}
