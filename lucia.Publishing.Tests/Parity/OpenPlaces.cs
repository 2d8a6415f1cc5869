using System.Text.RegularExpressions;
using Lucia.Publishing.Plan;
using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>The texts of an output that others than the workload itself can read, and the secrets that stand in them.</summary>
internal static partial class OpenPlaces
{
    /// <summary>Where a secret, or an expression that brings one, stands in the open: <c>target: place: secret</c>.</summary>
    public static async Task<IReadOnlyList<string>> LeaksAsync(string target, DeploymentPlan plan, IReadOnlyDictionary<string, string> files)
    {
        var places = target switch
        {
            "compose" => Compose(files),
            "kubernetes" => Kubernetes(files),
            "helm" => Helm(await HelmReader.RenderAsync(new Glossary(plan), files), files[$"{plan.Name}/values.yaml"]),
            _ => Systemd(files),
        };
        // The variables that secrets are in: a parameter's own, those of workloads that a secret flows into, and those Kubernetes joins with.
        var variables = plan.Secrets.SelectMany(static p => new[] { p.Variable, p.Variable + "_URI", "PARAMETER_" + p.Variable, "PARAMETER_" + p.Variable + "_URI" })
            .Concat(plan.Workloads.SelectMany(static w => w.Environment).Where(static e => e.IsSecret).SelectMany(static e => new[] { e.Name, e.ShellName })).ToHashSet();
        return
        [
            .. from place in places
               from brought in plan.Secrets.Select(Glossary.Bare).Where(place.Text.Contains)
                   .Concat((target is "kubernetes" or "helm" ? ClusterExpression() : Expression()).Matches(place.Text).Select(static m => m.Groups["name"].Value).Where(variables.Contains))
                   .Concat(Assignment().Matches(place.Text).Select(static m => m.Groups["name"].Value).Where(variables.Contains))
               select $"{target}: {place.Name}: {brought}",
        ];
    }

    private static IEnumerable<(string Name, string Text)> Compose(IReadOnlyDictionary<string, string> files)
    {
        yield return (".env.example", files[".env.example"]);
        foreach (var (name, service) in YamlReading.Documents(files["docker-compose.yml"]).Single().Entries("services"))
        {
            foreach (var key in (string[])["entrypoint", "command", "labels"])
                yield return ($"{key} of {name}", Inner(service.Words(key)));
            yield return ($"health check of {name}", Inner(service.Words("healthcheck", "test")));
        }

        // A doubled dollar is the container's own shell, which reads its own environment.
        static string Inner(string text) => text.Replace("$$", "");
    }

    private static IEnumerable<(string Name, string Text)> Kubernetes(IReadOnlyDictionary<string, string> files) =>
    [
        // Both become ConfigMaps.
        .. files.Where(static f => f.Key.EndsWith(".env", StringComparison.Ordinal) || f.Key.Contains(".env.", StringComparison.Ordinal) || f.Key.Contains("-files/")).Select(static f => (f.Key, f.Value)),
        .. Objects(files.Where(static f => f.Key.EndsWith(".yaml", StringComparison.Ordinal)).SelectMany(static f => YamlReading.Documents(f.Value))),
    ];

    private static IEnumerable<(string Name, string Text)> Helm(string rendered, string values) =>
    [
        ("values.yaml", string.Join('\n', YamlReading.Documents(values).Single().Entries("secrets").Where(static s => s.Value.Text() != "").Select(static s => s.Key + " is set: {" + s.Value.Text()))),
        .. Objects(YamlReading.Documents(rendered)),
        // Given references in place of secrets, they may turn up in Secrets only. A variable may be joined of others.
        .. YamlReading.Documents(rendered).Where(static o => o.Text("kind") != "Secret").SelectMany(static o => Scalars(o).Select(text => ($"{o.Text("kind")} {o.Text("metadata", "name")}", ClusterExpression().Replace(text, "")))),
    ];

    private static IEnumerable<(string Name, string Text)> Objects(IEnumerable<YamlNode> objects)
    {
        foreach (var item in objects)
        {
            var name = $"{item.Text("kind")} {item.Text("metadata", "name")}";
            foreach (var (key, value) in item.Text("kind") == "ConfigMap" ? item.Entries("data") : [])
                yield return ($"ConfigMap {name}", $"{key}={value.Text()}");
            foreach (var container in item.Items("spec", "template", "spec", "containers"))
            {
                foreach (var key in (string[])["command", "args"])
                    yield return ($"{key} of {name}", container.Words(key).Replace("$$", ""));
                foreach (var probe in (string[])["startupProbe", "readinessProbe", "livenessProbe"])
                    yield return ($"{probe} of {name}", container.Words(probe, "exec", "command").Replace("$$", ""));
            }
        }
    }

    private static IEnumerable<(string Name, string Text)> Systemd(IReadOnlyDictionary<string, string> files)
    {
        foreach (var (path, text) in files)
        {
            if (path.EndsWith(".env.example", StringComparison.Ordinal))
                yield return (path, text);
            if (!path.StartsWith("units/", StringComparison.Ordinal) && !path.StartsWith("quadlet/", StringComparison.Ordinal))
                continue;
            var unit = new UnitFile(text);
            foreach (var section in (string[])["Service", "Container"])
            {
                foreach (var word in unit.Words(section, "Environment"))
                    yield return ($"Environment= of {path}", word);
                foreach (var key in (string[])["ExecStart", "Exec", "PodmanArgs"])
                    yield return ($"{key}= of {path}", string.Join(' ', unit.All(section, key)).Replace("$$", ""));
            }
        }
    }

    private static IEnumerable<string> Scalars(YamlNode node) => node.AllNodes.OfType<YamlScalarNode>().Select(static s => s.Value ?? "");

    // systemd's and compose's; a plain $NAME in a cluster is left to the container's shell.
    [GeneratedRegex(@"\$\{?(?<name>\w+)")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\$\((?<name>[\w.-]+)\)")]
    private static partial Regex ClusterExpression();

    // A line or word that gives the variable a value.
    [GeneratedRegex(@"^#?\s?(?<name>[\w-]+)=\S", RegexOptions.Multiline)]
    private static partial Regex Assignment();
}
