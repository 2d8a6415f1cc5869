using System.Text;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Helm;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Tests.Parity;
using YamlDotNet.RepresentationModel;
using static Lucia.Publishing.Tests.Planning;

namespace Lucia.Publishing.Tests.Kubernetes;

/// <summary>How users outside reach what is meant for them.</summary>
public sealed class ExternalEndpointsTests
{
    private static readonly string Broker = Resources("""
        "mqtt": { "type": "container.v0", "image": "eclipse-mosquitto:2.0", "bindings": {
          "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 1883, "external": true },
          "udp": { "scheme": "udp", "protocol": "udp", "transport": "tcp", "targetPort": 1884, "external": true },
          "admin": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 9001 } } }
        """);

    [Fact]
    public async Task A_component_opens_TCP_and_UDP_and_nothing_else()
    {
        using var published = Published.OnDisk(Broker, new KubernetesTarget());
        var folder = Path.Combine(published.Root, "kubernetes");
        Directory.CreateDirectory(Path.Combine(folder, "overlays/own"));
        File.WriteAllText(Path.Combine(folder, "overlays/own/kustomization.yaml"), "kind: Kustomization\nresources: [../../base]\ncomponents: [../../components/loadbalancer]\n");

        var (closed, _) = await ClusterTools.RunAsync(ClusterTools.Kubectl, ["kustomize", "base"], folder);
        var (open, _) = await ClusterTools.RunAsync(ClusterTools.Kubectl, ["kustomize", "overlays/own"], folder);

        closed.ShouldNotContain("LoadBalancer");
        await ClusterTools.ValidateAsync(open);
        var objects = YamlReading.Documents(open).ToList();
        var service = objects.Single(static o => o.Text("kind") == "Service" && o.Text("spec", "type") == "LoadBalancer");
        Ports(service.Items("spec", "ports")).ShouldBe(["TCP 1883", "UDP 1884"]);
        var policy = objects.Single(static o => o.Text("kind") == "NetworkPolicy" && o.Text("metadata", "name") == "mqtt-outside");
        var rule = policy.Items("spec", "ingress").ShouldHaveSingleItem();
        rule.At("from").ShouldBeNull();
        Ports(rule.Items("ports")).ShouldBe(["TCP 1883", "UDP 1884"]);
        File.ReadAllText(Path.Combine(folder, "README.md")).ShouldContain("| `mqtt-outside` | tcp 1883/tcp, udp 1884/udp |");
    }

    [Fact]
    public async Task The_chart_opens_them_with_the_type_of_the_Service_and_says_so()
    {
        using var published = Published.OnDisk(Broker, new HelmTarget());
        var chart = Path.Combine(published.Root, "helm/shop");
        async Task<List<YamlNode>> Rules(params string[] arguments) =>
        [
            .. YamlReading.Documents((await ClusterTools.RunAsync(ClusterTools.Helm, ["template", "rel", chart, .. arguments])).Output)
                .Single(static o => o.Text("kind") == "NetworkPolicy" && o.Text("metadata", "name") == "rel-shop-mqtt").Items("spec", "ingress"),
        ];

        (await Rules()).ShouldBeEmpty();
        var rule = (await Rules("--set", "mqtt.service.type=LoadBalancer")).ShouldHaveSingleItem();
        Ports(rule.Items("ports")).ShouldBe(["TCP 1883", "UDP 1884"]);
        File.ReadAllText(Path.Combine(chart, "templates/NOTES.txt")).ShouldContain("Set mqtt.service.type to LoadBalancer or NodePort");
        File.ReadAllText(Path.Combine(chart, "README.md")).ShouldContain("## mqtt for users outside");
    }

    [Fact]
    public void An_Ingress_leads_to_http_where_there_is_both()
    {
        const string https = """ "https": { "scheme": "https", "protocol": "tcp", "transport": "http", "targetPort": 8443, "external": true } """;
        const string http = """ "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 8080, "external": true } """;

        foreach (var target in (Targets.PublishTarget[])[new KubernetesTarget(), new HelmTarget()])
        {
            var both = Publish($"{https}, {http}", target);
            both.Diagnostics.ShouldNotContain(static d => d.Number == DiagnosticCatalogue.IngressToHttps.Number);
            both.Folders.Single().Files.Single(static f => f.Path.EndsWith("ingress.yaml", StringComparison.Ordinal)).Text.ShouldMatch(@"port:\s+name: http\n");
            Publish(https, target).Diagnostics.ShouldContain(static d => d.Number == DiagnosticCatalogue.IngressToHttps.Number);
        }
    }

    private static PublishResult Publish(string bindings, Targets.PublishTarget target) => Publisher.Publish(
        Encoding.UTF8.GetBytes(Resources($$""" "web": { "type": "container.v0", "image": "acme/web:1", "bindings": { {{bindings}} } } """)),
        new PublishRequest([target], null, new PlanOptions()));

    private static string[] Ports(IEnumerable<YamlNode> ports) => [.. ports.Select(static p => $"{p.Text("protocol")} {p.Text("port")}")];
}
