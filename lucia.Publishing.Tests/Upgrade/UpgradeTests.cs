using System.Runtime.CompilerServices;
using Lucia.Deployment.Tests.Support;
using Lucia.Publishing.Helm;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Tests.Kubernetes;
using Lucia.Publishing.Tests.Parity;

namespace Lucia.Publishing.Tests.Upgrade;

/// <summary>
/// The deployments of this repository against those of the version before, kept beside this file as they were published: whoever runs that one can
/// upgrade in place. When a version is released, its chart and manifests become the next fixture.
/// </summary>
public sealed class UpgradeTests
{
    private const string Previous = "0.1.0";
    private const string Known = "secrets.redisPassword=KnownPassword,secrets.authApiKey=KnownKeyOfCallers";

    private static string Fixtures { get; } = Path.Combine(Folder(), "Fixtures");

    public static TheoryData<string> Values => [.. Directory.EnumerateFiles(Path.Combine(ClusterTools.Root, "deploy/helm/lucia/ci"), "*-values.yaml").Select(static f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Values))]
    public async Task The_chart_changes_nothing_that_cannot_be_changed(string values)
    {
        var before = await ChartAsync(Path.Combine(Fixtures, $"chart-{Previous}"), values);
        var after = await ChartAsync(Path.Combine(ClusterTools.Root, "deploy/helm/lucia"), values);

        Compare(before, after);
    }

    [Fact]
    public async Task The_chart_keeps_the_names_and_keys_of_a_secret_that_somebody_else_made()
    {
        static List<PodSecrets> SecretsOf(string yaml) => [.. PodSecrets.Of(YamlReading.Documents(yaml))];

        var before = SecretsOf(await ChartAsync(Path.Combine(Fixtures, $"chart-{Previous}"), "existing-secret-values.yaml"));
        var after = SecretsOf(await ChartAsync(Path.Combine(ClusterTools.Root, "deploy/helm/lucia"), "existing-secret-values.yaml"));

        before.ShouldAllBe(static s => s.Secret == "brought-along");
        before.Count.ShouldBeGreaterThan(6);
        static IEnumerable<(string, string)> Names(IEnumerable<PodSecrets> secrets) => secrets.Select(static s => (s.Secret, s.Key));
        Names(before).Except(Names(after)).ShouldBeEmpty("an upgrade reads every key that it read before");
        Names(after.Where(static s => !s.Optional)).Except(Names(before.Where(static s => !s.Optional)))
            .ShouldBeEmpty("a new required key breaks every Secret that was made for the version before");
    }

    [Theory]
    [InlineData("base")]
    [InlineData("overlays/ha")]
    public async Task The_manifests_change_nothing_that_cannot_be_changed(string folder)
    {
        var before = await SetUpManifests.RenderAsync(Path.Combine(Fixtures, $"manifests-{Previous}"), folder);
        var after = await SetUpManifests.RenderAsync(Path.Combine(ClusterTools.Root, "deploy/kubernetes"), folder);

        Compare(before, after);
    }

    /// <summary>Who updates the service keeps its sessions at hand: Redis is left running by a version that changes nothing about it.</summary>
    [Theory]
    [InlineData("kubernetes")]
    [InlineData("helm")]
    public async Task A_new_version_restarts_no_pod_that_it_does_not_change(string kind)
    {
        var manifest = await File.ReadAllTextAsync(Path.Combine(ClusterTools.Root, "deploy/aspire-manifest.json"), TestContext.Current.CancellationToken);
        async Task<string> RedisAsync(string version)
        {
            using var published = Published.OnDisk(manifest.Replace($"\"version\": \"{ProductVersion.Current}\"", $"\"version\": \"{version}\""), kind == "helm" ? new HelmTarget() : new KubernetesTarget());
            var yaml = kind == "helm"
                ? (await ClusterTools.RunAsync(ClusterTools.Helm, ["template", "rel", Path.Combine(published.Root, "helm/lucia"), "--set", $"{Known},secrets.connectionStringsChatModel=x"])).Output
                : await SetUpManifests.RenderAsync(Path.Combine(published.Root, "kubernetes"), "base");
            return yaml.Split("\n---\n").Single(static d => d.Contains("\nkind: StatefulSet\n"));
        }

        var (old, now) = (await RedisAsync(ProductVersion.Current), await RedisAsync("9.8.7"));

        now.ShouldContain("9.8.7", Case.Sensitive, "the object itself says which version made it");
        PodOf(old).ShouldBe(PodOf(now));

        static string PodOf(string workload) => workload[workload.IndexOf("\n  template:\n", StringComparison.Ordinal)..workload.IndexOf("\n  volumeClaimTemplates:\n", StringComparison.Ordinal)];
    }

    [Fact]
    public async Task A_changed_field_is_noticed()
    {
        var before = await ChartAsync(Path.Combine(Fixtures, $"chart-{Previous}"), "default-values.yaml");

        foreach (var (old, changed) in (ReadOnlySpan<(string, string)>)
        [
            ("storage: \"1Gi\"", "storage: \"2Gi\""),
            ("serviceName: rel-lucia-redis", "serviceName: redis"),
            ("podManagementPolicy: Parallel", "podManagementPolicy: OrderedReady"),
            ("type: Opaque", "type: kubernetes.io/basic-auth"),
            ("  name: rel-lucia-redis\n", "  name: rel-lucia-cache\n"),
        ])
        {
            var after = before.Replace(old, changed, StringComparison.Ordinal);
            after.ShouldNotBe(before, old);
            Should.Throw<ShouldAssertException>(() => Compare(before, after), changed);
        }
    }

    private static void Compare(string before, string after)
    {
        var (old, now) = (ImmutableFields.Of(before), ImmutableFields.Of(after));

        // ConfigMaps and Secrets that are named after their content come and go.
        old.Where(o => !IsGenerated(o.Key) && !(now.TryGetValue(o.Key, out var value) && value == o.Value))
            .Select(o => $"{o.Key}: {o.Value} became {now.GetValueOrDefault(o.Key, "nothing, as the object is gone")}").ShouldBeEmpty();
        old.Keys.ShouldContain(static k => k.StartsWith("Deployment/", StringComparison.Ordinal));
        ImmutableFields.Mismatched(after).ShouldBeEmpty();
    }

    private static bool IsGenerated(string field) => System.Text.RegularExpressions.Regex.IsMatch(field, "^(ConfigMap|Secret)/[a-z-]+-[a-z0-9]{10} ");

    private static async Task<string> ChartAsync(string chart, string values) => (await ClusterTools.RunAsync(
        ClusterTools.Helm,
        [
            "template", "rel", chart, "--kube-version", "1.28.0", "-f", Path.Combine(ClusterTools.Root, "deploy/helm/lucia/ci", values),
            "--set", Known,
        ])).Output;

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
