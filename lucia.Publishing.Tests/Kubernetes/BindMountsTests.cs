using System.Text;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Helm;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;
using Lucia.Publishing.Tests.Parity;
using YamlDotNet.RepresentationModel;
using static Lucia.Publishing.Tests.Planning;

namespace Lucia.Publishing.Tests.Kubernetes;

/// <summary>Whether something beside the manifest is a file or a folder, which the manifest does not tell.</summary>
public sealed class BindMountsTests
{
    [Theory]
    [InlineData("prometheus.yml", "/etc/prometheus/prometheus.yml", true)]
    [InlineData("Caddyfile", "/etc/caddy/Caddyfile", true)]
    [InlineData("hosts", "/etc/hosts", true)]
    [InlineData(".env", "/app/.env", true)]
    [InlineData("../conf.d", "/etc/nginx/conf.d", false)]
    [InlineData("init", "/docker-entrypoint-initdb.d", false)]
    [InlineData(".config", "/home/app/.config", false)]
    [InlineData("data/v1.2", "/data/v1.2", false)]
    [InlineData("site.files/", "/srv/site.files", false)]
    public void Its_name_tells_where_the_profile_does_not(string source, string target, bool isFile)
    {
        var mount = Planned(Resources($$"""
            "a": { "type": "container.v0", "image": "a:1", "bindMounts": [ { "source": "{{source}}", "target": "{{target}}", "readOnly": true } ] }
            """)).Workload("a").BindMounts.ShouldHaveSingleItem();

        BindMounts.IsFile(mount).ShouldBe(isFile);
        BindMounts.IsFile(mount with { IsFile = !isFile }).ShouldBe(!isFile);
    }

    [Fact]
    public void A_guess_is_told_with_the_way_to_say_it()
    {
        Guesses(new HelmTarget(), profile: "").ShouldHaveSingleItem().ShouldContain("'things' of 'a' is taken for a folder");
        Guesses(new HelmTarget(), profile: """, "bindMounts": { "/etc/things": { "file": true } }""").ShouldBeEmpty();
        Guesses(new KubernetesTarget(), profile: "").ShouldBeEmpty("setup.sh looks");
        Guesses(new KubernetesTarget(), profile: """, "optional": true""").ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("Deployment", false)]
    [InlineData("StatefulSet", true)]
    [InlineData("Deployment", true)]
    public async Task Set_up_mounts_what_it_finds(string kind, bool swapped)
    {
        var volumes = kind == "StatefulSet" ? """, "volumes": [ { "name": "data", "target": "/data", "readOnly": false } ]""" : "";
        using var published = Published.OnDisk(Resources($$"""
            "a": { "type": "container.v0", "image": "a:1", "bindMounts": [
              { "source": "things", "target": "/etc/things", "readOnly": true }, { "source": "one.conf", "target": "/etc/one.conf", "readOnly": true } ]{{volumes}} }
            """), new KubernetesTarget());
        var folder = Path.Combine(published.Root, "kubernetes");
        var (file, directory) = swapped ? ("things", "one.conf") : ("one.conf", "things");
        File.WriteAllText(Path.Combine(published.Root, file), "content");
        Directory.CreateDirectory(Path.Combine(published.Root, directory));
        File.WriteAllText(Path.Combine(published.Root, directory, "inner.txt"), "content");

        await ClusterTools.RunAsync(ClusterTools.OnPath("dash"), ["setup.sh"], folder);
        var (objects, _) = await ClusterTools.RunAsync(ClusterTools.Kubectl, ["kustomize", "base"], folder);

        await ClusterTools.ValidateAsync(objects);
        var runner = YamlReading.Documents(objects).Single(o => o.Text("kind") == kind);
        var mounts = runner.At("spec", "template", "spec").Items("containers").Single().Items("volumeMounts").ToDictionary(static m => m.Text("mountPath")!);
        mounts[$"/etc/{file}"].Text("subPath").ShouldBe(file);
        mounts[$"/etc/{directory}"].Text("subPath").ShouldBeNull();
        Files(objects, runner, mounts[$"/etc/{file}"]).ShouldBe([file]);
        Files(objects, runner, mounts[$"/etc/{directory}"]).ShouldBe(["inner.txt"]);
    }

    private static string[] Files(string objects, YamlNode runner, YamlNode mount)
    {
        var secret = runner.At("spec", "template", "spec").Items("volumes").Single(v => v.Text("name") == mount.Text("name")).Text("secret", "secretName");
        return [.. YamlReading.Documents(objects).Single(o => o.Text("kind") == "Secret" && o.Text("metadata", "name") == secret).Entries("data").Select(static e => e.Key)];
    }

    private static string[] Guesses(PublishTarget target, string profile)
    {
        var json = Resources($$"""
            "a": { "type": "container.v0", "image": "a:1", "bindMounts": [ { "source": "things", "target": "/etc/things", "readOnly": true } ] },
            "d": { "type": "lucia.deployment.v0", "workloads": { "a": { "replicas": 1{{profile}} } } }
            """);
        return
        [
            .. Publisher.Publish(Encoding.UTF8.GetBytes(json), new PublishRequest([target], null, new PlanOptions())).Diagnostics
                .Where(static d => d.Number == DiagnosticCatalogue.MountGuessed.Number).Select(static d => $"{d}"),
        ];
    }
}
