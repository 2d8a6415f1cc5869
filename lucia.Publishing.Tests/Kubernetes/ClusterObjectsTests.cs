using System.Text;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Helm;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;
using Lucia.Publishing.Tests.Text;
using static Lucia.Publishing.Tests.Planning;

namespace Lucia.Publishing.Tests.Kubernetes;

public sealed class ClusterObjectsTests
{
    [Fact]
    public void Any_text_expands_to_itself_whatever_follows()
    {
        foreach (var text in RandomTexts.All("$(){}a", 2000))
            Expand(Expansion.Escape(text) + "$(NAME)").ShouldBe(text + "value", text);
    }

    [Theory]
    [InlineData("128Mi", "64Mi", "64Mi")]
    [InlineData("50m", "1", "50m")]
    [InlineData("0.5", "250m", "250m")]
    [InlineData("1Gi", "1024Mi", "1Gi")]
    [InlineData("1G", "1Gi", "1G")]
    public void A_request_is_never_above_its_limit(string request, string limit, string expected) =>
        Quantity.Smaller(request, limit).ShouldBe(expected);

    [Fact]
    public void Ports_of_a_service_have_names_and_numbers_of_their_own()
    {
        var plan = Planned(Resources("""
            "a": { "type": "container.v0", "image": "a:1", "bindings": {
              "a-very-long-name-one": { "scheme": "http", "protocol": "tcp", "transport": "http", "port": 80, "targetPort": 8080 },
              "a-very-long-name-two": { "scheme": "http", "protocol": "tcp", "transport": "http", "port": 80, "targetPort": 8081 },
              "dns": { "scheme": "udp", "protocol": "udp", "transport": "udp", "port": 80, "targetPort": 53 } } }
            """));

        var ports = ServicePorts.Of(plan.Workload("a"));

        ports.Select(static p => (p.Name, p.Port, p.Endpoint.TargetPort)).ShouldBe([("a-very-long", 80, 8080), ("a-very-long-2", 8081, 8081), ("dns", 80, 53)]);
        ports.ShouldAllBe(static p => p.Name.Length <= 15);
    }

    [Fact]
    public void A_variable_that_is_a_parameter_serves_the_joined_values()
    {
        var plan = Planned(Resources($$"""
            {{Tests.Samples.Parameter("p", secret: true)}},
            "a": { "type": "container.v0", "image": "a:1", "env": { "JOINED": "x{p.value}y", "PLAIN": "{p.value}", "FIXED": "$(PLAIN)" } }
            """));

        var configuration = new ContainerConfiguration(plan, plan.Workload("a"));

        configuration.Variables.Select(static v => v.Name).ShouldBe(["PLAIN", "JOINED"], "a reference must stand before what joins it");
        new KustomizeDialect(plan).Expanded(configuration.Variables.Last().Joined!, configuration.Names).ShouldBe("x$(PLAIN)y");
        configuration.Fixed.ShouldHaveSingleItem().Name.ShouldBe("FIXED");
    }

    [Theory]
    [InlineData("\"bindMounts\": [ { \"source\": \"/var/run/docker.sock\", \"target\": \"/var/run/docker.sock\", \"readOnly\": true } ]", "LUCIA1603")]
    [InlineData("\"bindMounts\": [ { \"source\": \"data\", \"target\": \"/data\", \"readOnly\": false } ]", "LUCIA1721")]
    [InlineData("\"env\": {}", "LUCIA1720")]
    public void What_a_cluster_does_otherwise_is_told(string members, string number)
    {
        var diagnostics = Diagnose($"\"a\": {{ \"type\": \"container.v0\", \"image\": \"a:1\", {members} }}", new KubernetesTarget());

        diagnostics.Select(static d => d.Number).ShouldContain(number);
    }

    [Fact]
    public void A_shared_volume_is_one_claim_and_told()
    {
        const string volume = "\"volumes\": [ { \"name\": \"shared\", \"target\": \"/data\", \"readOnly\": false } ]";
        var json = $"\"a\": {{ \"type\": \"container.v0\", \"image\": \"a:1\", {volume} }}, \"b\": {{ \"type\": \"container.v0\", \"image\": \"b:1\", {volume} }}";

        Diagnose(json, new KubernetesTarget()).Select(static d => d.Number).ShouldContain("LUCIA1722");
        var files = Published.InMemory(Resources(json), new KubernetesTarget()).Files;
        files.Select(static f => f.Path).ShouldContain("base/shared-claim.yaml");
        files.Single(static f => f.Path == "base/b-deployment.yaml").Text.ShouldContain("claimName: shared");
    }

    [Fact]
    public async Task A_volume_mounted_twice_and_one_with_a_name_of_our_own_are_fine()
    {
        using var published = Published.OnDisk(Resources("""
            "a": { "type": "container.v0", "image": "a:1", "volumes": [
              { "name": "files", "target": "/a", "readOnly": false }, { "name": "files", "target": "/b", "readOnly": false } ] },
            "d": { "type": "lucia.deployment.v0", "workloads": { "a": { "files": [ { "path": "/etc/a.conf", "content": "x" } ] } } }
            """), new KubernetesTarget());

        var (objects, _) = await ClusterTools.RunAsync(ClusterTools.Kubectl, ["kustomize", "kubernetes/base"], published.Root);

        await ClusterTools.ValidateAsync(objects);
        objects.ShouldContain("name: files-2");
        objects.Split("storage: ").Length.ShouldBe(2, "one claim");
    }

    [Fact]
    public void A_chart_without_a_check_says_so() =>
        Diagnose("\"a\": { \"type\": \"container.v0\", \"image\": \"a:1\" }", new HelmTarget()).Select(static d => d.Number).ShouldContain("LUCIA1730");

    [Fact]
    public void A_namespace_is_restricted_unless_an_image_cannot_bear_it()
    {
        string Level(string json) => Published.InMemory(json, new KubernetesTarget()).Files.Single(static f => f.Path == "base/namespace.yaml").Text
            .Split('\n').Single(static l => l.Contains("pod-security.kubernetes.io/enforce:")).Split(": ")[1];

        Level(HouseSample.Json).ShouldBe("restricted");
        Level(Tests.Samples.Everything).ShouldBe("baseline");
    }

    [Fact]
    public void A_fixed_value_of_several_lines_stands_in_the_container()
    {
        var files = Published.InMemory(
            Resources("\"a\": { \"type\": \"container.v0\", \"image\": \"a:1\", \"env\": { \"LINES\": \"a\\n$(b)\", \"ONE\": \"x\" } }"), new KubernetesTarget()).Files;

        files.Single(static f => f.Path == "base/a.env").Text.ShouldBe("ONE=x\n");
        files.Single(static f => f.Path == "base/a-deployment.yaml").Text.ShouldContain("value: |-\n                a\n                $$(b)\n");
    }

    private static IReadOnlyList<Diagnostic> Diagnose(string members, PublishTarget target) =>
        Publisher.Publish(Encoding.UTF8.GetBytes(Resources(members)), new PublishRequest([target], null, new PlanOptions())).Diagnostics;

    /// <summary>As k8s.io/kubernetes/third_party/forked/golang/expansion does it.</summary>
    private static string Expand(string text)
    {
        var expanded = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                expanded.Append(text[i]);
            }
            else if (text[i + 1] == '$')
            {
                expanded.Append('$');
                i++;
            }
            else if (text[i + 1] == '(' && text.IndexOf(')', i) is var close and > 0)
            {
                var name = text[(i + 2)..close];
                expanded.Append(name == "NAME" ? "value" : $"$({name})");
                i = close;
            }
            else
            {
                expanded.Append('$');
            }
        }
        return expanded.ToString();
    }
}
