using System.Text;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Helm;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Tests.Parity;
using static Lucia.Publishing.Tests.Planning;

namespace Lucia.Publishing.Tests.Kubernetes;

/// <summary>Workloads may have any name: the publisher's own names make way.</summary>
public sealed class ObjectNamesTests
{
    private const string Long = "a-very-long-resource-name-that-somebody-could-really-choose";

    private static readonly string Taken = Resources("""
        "web": { "type": "container.v0", "image": "acme/app:1", "env": { "S": "{s.value}" },
          "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 80, "external": true } } },
        "web-ingress": { "type": "container.v0", "image": "acme/app:1", "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 80 } } },
        "default-deny": { "type": "container.v0", "image": "acme/app:1" },
        "settings": { "type": "container.v0", "image": "acme/app:1" },
        "secrets": { "type": "container.v0", "image": "acme/app:1", "env": { "S": "{s.value}" } },
        "ingress": { "type": "container.v0", "image": "acme/app:1" },
        "s": { "type": "parameter.v0", "value": "{s.inputs.value}", "inputs": { "value": { "type": "string", "secret": true, "default": { "generate": { "minLength": 20 } } } } },
        "d": { "type": "lucia.deployment.v0", "application": "shop", "workloads": { "ingress": { "optional": true }, "secrets": { "optional": true } } }
        """);

    [Fact]
    public async Task Manifests_of_workloads_with_the_publishers_own_names_build()
    {
        using var published = Published.OnDisk(Taken, new KubernetesTarget());
        var folder = Path.Combine(published.Root, "kubernetes");
        await ClusterTools.RunAsync("sh", ["setup.sh"], folder);
        Directory.CreateDirectory(Path.Combine(folder, "overlays/own"));
        var components = Directory.EnumerateDirectories(Path.Combine(folder, "components")).Select(static c => "../../components/" + Path.GetFileName(c)).ToList();
        components.Count.ShouldBe(3);
        File.WriteAllText(Path.Combine(folder, "overlays/own/kustomization.yaml"), $"kind: Kustomization\nresources: [../../base]\ncomponents: [{string.Join(", ", components)}]\n");

        var (objects, _) = await ClusterTools.RunAsync(ClusterTools.Kubectl, ["kustomize", "overlays/own"], folder);

        await ClusterTools.ValidateAsync(objects);
        YamlReading.Documents(objects).Where(static o => o.Text("kind") == "Deployment").Select(static o => o.Text("metadata", "name")).Order()
            .ShouldBe(["default-deny", "ingress", "secrets", "settings", "web", "web-ingress"]);
        YamlReading.Documents(objects).Where(static o => o.Text("kind") == "NetworkPolicy" && o.At("spec", "podSelector").Entries().Any() is false)
            .Select(static o => o.Text("metadata", "name")).ShouldBe(["default-deny-2"]);
    }

    [Fact]
    public async Task A_chart_of_them_has_every_object_once()
    {
        using var published = Published.OnDisk(Taken, new HelmTarget());

        var (objects, _) = await ClusterTools.RunAsync(
            ClusterTools.Helm, ["template", "rel", Path.Combine(published.Root, "helm/shop"), "--set", "web.ingress.host=a.example.org,ingress.enabled=true,secrets2.enabled=true"]);

        await ClusterTools.ValidateAsync(objects);
        var names = YamlReading.Documents(objects).Select(static o => $"{o.Text("kind")}/{o.Text("metadata", "name")}").ToList();
        names.Distinct().Count().ShouldBe(names.Count);
        names.ShouldContain("Deployment/rel-shop-secrets");
        names.ShouldContain("NetworkPolicy/rel-shop-default-deny-2");
    }

    [Fact]
    public void The_name_of_the_charts_own_test_is_refused() => Publisher.Publish(
            Encoding.UTF8.GetBytes(Resources("\"helm-test\": { \"type\": \"container.v0\", \"image\": \"a:1\" }")), new PublishRequest([new HelmTarget()], null, new PlanOptions()))
        .Diagnostics.ShouldContain(static d => d.Number == DiagnosticCatalogue.NameCollision.Number && d.Message.Contains("'helm-test'"));

    [Fact]
    public async Task A_StatefulSets_name_leaves_room_for_the_label_of_its_pods()
    {
        const string volume = "\"volumes\": [ { \"name\": \"data\", \"target\": \"/d\", \"readOnly\": false } ]";
        var json = Resources($$"""
            "{{Long}}": { "type": "container.v0", "image": "acme/app:1", {{volume}} },
            "{{Long}}-2": { "type": "container.v0", "image": "acme/app:1", {{volume.Replace("data", "other")}} },
            "d": { "type": "lucia.deployment.v0", "workloads": { "{{Long}}": { "scalable": true } } }
            """);
        using var manifests = Published.OnDisk(json, new KubernetesTarget());
        using var chart = Published.OnDisk(json, new HelmTarget());

        var (ha, _) = await ClusterTools.RunAsync(ClusterTools.Kubectl, ["kustomize", "overlays/ha"], Path.Combine(manifests.Root, "kubernetes"));
        var (rendered, _) = await ClusterTools.RunAsync(ClusterTools.Helm, ["template", "a-release-of-a-name-that-is-long-as-well", Path.Combine(chart.Root, "helm/shop")]);

        foreach (var objects in (string[])[ha, rendered])
        {
            await ClusterTools.ValidateAsync(objects);
            var names = YamlReading.Documents(objects).Where(static o => o.Text("kind") == "StatefulSet").Select(static o => o.Text("metadata", "name")!).ToList();
            names.Distinct().Count().ShouldBe(2);
            names.ShouldAllBe(static n => n.Length <= 52);
        }
        ha.ShouldContain("replicas: 2");
    }

    [Fact]
    public void What_runs_several_times_is_rolled_and_not_stopped()
    {
        var files = Published.InMemory(Resources("""
            "a": { "type": "container.v0", "image": "acme/app:1" },
            "d": { "type": "lucia.deployment.v0", "workloads": { "a": { "replicas": 3 } } }
            """), new KubernetesTarget()).Files;

        files.Single(static f => f.Path == "base/a-deployment.yaml").Text.ShouldContain("type: RollingUpdate");
        files.Select(static f => f.Path).ShouldContain("base/a-poddisruptionbudget.yaml");
    }
}
