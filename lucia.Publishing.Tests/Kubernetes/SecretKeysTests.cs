using Lucia.Publishing.Helm;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Targets;
using Lucia.Publishing.Tests.Parity;
using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Kubernetes;

/// <summary>Which keys a Secret that somebody else made has to have: a pod does not start without one that its template does not call optional.</summary>
public sealed class SecretKeysTests
{
    private const string Manifest = """
        { "resources": {
          "files": { "type": "container.v0", "image": "acme/files:1", "env": { "MUST": "{must.value}", "MAY": "{may.value}", "MADE": "{made.value}" } },
          "variables": { "type": "container.v0", "image": "acme/variables:1",
            "env": { "MUST": "{must.value}", "MAY": "{may.value}", "URL": "redis://:{joined.value}@cache", "JOINED": "{joined.value}" } },
          "must": { "type": "parameter.v0", "value": "{must.inputs.value}", "inputs": { "value": { "type": "string", "secret": true } } },
          "may": { "type": "parameter.v0", "value": "{may.inputs.value}", "inputs": { "value": { "type": "string", "secret": true } } },
          "joined": { "type": "parameter.v0", "value": "{joined.inputs.value}", "inputs": { "value": { "type": "string", "secret": true } } },
          "made": { "type": "parameter.v0", "value": "{made.inputs.value}",
            "inputs": { "value": { "type": "string", "secret": true, "default": { "generate": { "minLength": 20 } } } } },
          "d": { "type": "lucia.deployment.v0", "application": "shop",
            "workloads": { "files": { "secretFiles": { "directory": "/run/secrets", "variable": "SECRETS" } } },
            "parameters": { "may": { "required": false }, "joined": { "required": false } } } } }
        """;

    public static TheoryData<string> Targets => ["kubernetes", "helm"];

    [Theory, MemberData(nameof(Targets))]
    public async Task Only_the_keys_of_optional_secrets_may_be_missing(string target)
    {
        var objects = await ObjectsAsync(target);

        Keys(objects, "files").ShouldBe([("made", false), ("may", true), ("must", false)]);
        // $(NAME) of a variable that is not there stays as it is.
        Keys(objects, "variables").ShouldBe([("joined", false), ("may", true), ("must", false)]);
    }

    [Fact]
    public void The_chart_says_which_keys_are_needed()
    {
        var files = Published.InMemory(Manifest, new HelmTarget()).Files;

        var readme = files.Single(static f => f.Path == "shop/README.md").Text;
        readme.ShouldContain("| `may` | no |");
        readme.ShouldContain("| `must` | yes |");
        readme.ShouldContain("| `made` | yes |");
        readme.ShouldContain("| `joined` | yes |");
        files.Single(static f => f.Path == "shop/values.yaml").Text.ShouldContain("with the keys `must`, `joined`, `made`, and any of `may`; the values below");
    }

    private static IEnumerable<(string Key, bool Optional)> Keys(IReadOnlyList<YamlNode> objects, string workload) => PodSecrets
        .Of(objects.Where(o => o.Text("metadata", "name")!.EndsWith(workload, StringComparison.Ordinal))).Select(static s => (s.Key, s.Optional)).Order();

    private static async Task<IReadOnlyList<YamlNode>> ObjectsAsync(string target)
    {
        PublishTarget publisher = target == "helm" ? new HelmTarget() : new KubernetesTarget();
        using var published = Published.OnDisk(Manifest, publisher);
        string yaml;
        if (target == "helm")
        {
            (yaml, _) = await ClusterTools.RunAsync(
                ClusterTools.Helm, ["template", "rel", Path.Combine(published.Root, "helm/shop"), "--set", "secrets.existingSecret=mine"]);
        }
        else
        {
            var folder = Path.Combine(published.Root, "kubernetes");
            await ClusterTools.RunAsync("sh", ["setup.sh"], folder, environment: ("MUST", "x"));
            (yaml, _) = await ClusterTools.RunAsync(ClusterTools.Kubectl, ["kustomize", "base"], folder);
            // kustomize follows the name into a projected volume.
            yaml.ShouldNotContain("name: files-secrets\n");
        }
        await ClusterTools.ValidateAsync(yaml);
        return [.. YamlReading.Documents(yaml)];
    }
}
