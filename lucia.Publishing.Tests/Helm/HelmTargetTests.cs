using System.Text;
using Lucia.Publishing.Helm;
using Lucia.Publishing.Output;
using Lucia.Publishing.Tests.Kubernetes;

namespace Lucia.Publishing.Tests.Helm;

public sealed class HelmTargetTests
{
    private const string Known = "secrets.chatModel=Known1,secrets.redisPassword=Known2,secrets.authApiKey=Known3,secrets.homeAssistantAccessToken=Known4";

    public static TheoryData<string> Samples => Published.Samples;

    public static TheoryData<string> PublicManifests => Published.PublicManifests;

    [Theory, MemberData(nameof(Samples))]
    public void It_makes_the_files_that_are_checked_in(string sample) =>
        Golden.Check(Published.InMemory(Published.Sample(sample), new HelmTarget()), sample);

    [Theory, MemberData(nameof(Samples))]
    public void Twice_gives_the_same_bytes(string sample)
    {
        OutputFolder Publish() => Published.InMemory(Published.Sample(sample), new HelmTarget());

        Publish().Files.Select(static f => (f.Path, f.Text, f.Mode)).ShouldBe(Publish().Files.Select(static f => (f.Path, f.Text, f.Mode)));
    }

    [Theory, MemberData(nameof(Samples))]
    public async Task It_passes_lint_and_every_values_file_makes_valid_objects(string sample)
    {
        using var published = Published.OnDisk(Published.Sample(sample), new HelmTarget());
        await CheckAsync(Chart(published));
    }

    [Theory, MemberData(nameof(PublicManifests))]
    public async Task A_public_manifest_makes_a_valid_chart(string number)
    {
        using var published = Published.OnDisk(Published.PublicManifest(number), new HelmTarget());
        await CheckAsync(Chart(published));
    }

    [Theory, MemberData(nameof(Samples))]
    public async Task The_schema_is_draft_07_fits_the_values_and_refuses_any_other_key(string sample)
    {
        using var published = Published.OnDisk(Published.Sample(sample), new HelmTarget());

        var output = await ClusterTools.NodeAsync("../Helm/validate-values.mjs", ["ajv", "@kubernetes/client-node"], "", Chart(published));

        output.ShouldContain("0 problems");
    }

    [Fact]
    public async Task A_misspelt_value_is_refused_by_its_name()
    {
        using var published = Published.OnDisk(HouseSample.Json, new HelmTarget());

        var (_, error) = await ClusterTools.RunAsync(
            ClusterTools.Helm, ["template", "rel", Chart(published), "--set", "secrets.chatModel=x,redis.enabeld=false"], expected: 1);

        error.ShouldContain("enabeld");
    }

    [Fact]
    public async Task A_missing_required_secret_is_told_with_its_meaning()
    {
        using var published = Published.OnDisk(HouseSample.Json, new HelmTarget());

        var (_, error) = await ClusterTools.RunAsync(ClusterTools.Helm, ["template", "rel", Chart(published)], expected: 1);

        error.ShouldContain("secrets.chatModel: The chat model as a connection string.");
    }

    [Fact]
    public async Task Secrets_are_in_the_secret_alone()
    {
        using var published = Published.OnDisk(HouseSample.Json, new HelmTarget());

        var documents = (await TemplateAsync(Chart(published), "--set", Known)).Split("\n---\n");
        var secret = documents.Single(static d => d.Contains("kind: Secret"));

        foreach (var value in (string[])["Known1", "Known2", "Known3", "Known4"])
        {
            secret.ShouldContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)));
            documents.Where(static d => !d.Contains("kind: Secret")).ShouldAllBe(d => !d.Contains(value));
        }
        secret.ShouldContain($"redis.usr-local-etc-redis-redis.conf: \"{Convert.ToBase64String(Encoding.UTF8.GetBytes("appendonly yes\nmaxmemory 256mb\nmaxmemory-policy noeviction\nrequirepass \"Known2\"\n"))}\"");
    }

    [Fact]
    public async Task Values_of_any_characters_arrive_as_they_are()
    {
        const string value = "a: 'b' \"c\" {{ .Values }} $(x) `d` \\ # € %";
        using var published = Published.OnDisk(Tests.Samples.Everything, new HelmTarget());
        var values = Path.Combine(published.Root, "own.yaml");
        var quoted = value.Replace("'", "''");
        File.WriteAllText(values, $"secrets: {{cachePassword: '{quoted}'}}\nsettings: {{outsideTcpHost: h, level: '{quoted}'}}\n");

        var rendered = await TemplateAsync(Chart(published), "-f", Path.Combine(Chart(published), "ci/default-values.yaml"), "-f", values);

        rendered.ShouldContain($"cache-password: \"{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}\"");
        rendered.ShouldContain($"cache-password.uri: \"{Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.EscapeDataString(value)))}\"");
        rendered.ShouldContain("LEVEL: \"a: 'b' \\\"c\\\" {{ .Values }} $(x) `d` \\\\ # € %\"");
    }

    [Fact]
    public async Task The_new_line_at_the_end_of_a_file_is_no_part_of_a_secret()
    {
        using var published = Published.OnDisk(HouseSample.Json, new HelmTarget());
        var file = Path.Combine(published.Root, "chat-model.txt");
        File.WriteAllText(file, "Endpoint=http://a/v1\n");

        var rendered = await TemplateAsync(Chart(published), "--set-file", $"secrets.chatModel={file}");

        Decoded(rendered, "chat-model").ShouldBe("Endpoint=http://a/v1");
    }

    [Fact]
    public async Task A_generated_password_is_one_in_all_templates()
    {
        using var published = Published.OnDisk(HouseSample.Json, new HelmTarget());

        var rendered = await TemplateAsync(Chart(published), "--set", "secrets.chatModel=x");

        var password = Decoded(rendered, "redis-password");
        password.Length.ShouldBe(32);
        Decoded(rendered, "redis.usr-local-etc-redis-redis.conf").ShouldContain($"requirepass \"{password}\"");
    }

    [Fact]
    public async Task A_password_that_the_cluster_has_stays_over_upgrades_and_a_new_installation()
    {
        using var published = Published.OnDisk(HouseSample.Json, new HelmTarget());
        await using var cluster = FakeCluster.Start("rel", "rel-lucia-secrets", ("redis-password", "from-the-cluster"), ("chat-model", "stored"));

        var (rendered, _) = await ClusterTools.RunAsync(
            ClusterTools.Helm, ["template", "rel", Chart(published), "--dry-run=server", "--disable-openapi-validation", "--kube-apiserver", cluster.Address, "--namespace", "default"],
            environment: ("KUBECONFIG", "/dev/null"));

        Decoded(rendered, "redis-password").ShouldBe("from-the-cluster");
        Decoded(rendered, "chat-model").ShouldBe("stored");
        Decoded(rendered, "redis.usr-local-etc-redis-redis.conf").ShouldContain("requirepass \"from-the-cluster\"");
        Decoded(rendered, "auth-api-key").Length.ShouldBe(40, "what the cluster lacks is generated");
    }

    [Fact]
    public async Task Another_secret_changes_the_pods_that_read_it_and_no_other()
    {
        using var published = Published.OnDisk(HouseSample.Json, new HelmTarget());
        async Task<string[]> Checksums(string chatModel) =>
        [
            .. (await TemplateAsync(Chart(published), "--set", Known, "--set", $"secrets.chatModel={chatModel}")).Split("\n---\n")
                .Where(static d => d.Contains("kind: StatefulSet") || d.Contains("kind: Deployment"))
                .OrderBy(static d => d.Contains("kind: StatefulSet"))
                .Select(static d => d.Split('\n').Single(static l => l.Contains("checksum/secrets"))),
        ];

        var (first, second) = (await Checksums("one"), await Checksums("two"));

        second[0].ShouldNotBe(first[0]);
        second[1].ShouldBe(first[1]);
    }

    [Fact]
    public async Task An_existing_secret_takes_the_place_of_the_charts_own()
    {
        using var published = Published.OnDisk(HouseSample.Json, new HelmTarget());

        var rendered = await TemplateAsync(Chart(published), "--set", "secrets.existingSecret=mine");

        rendered.ShouldNotContain("kind: Secret\n");
        rendered.ShouldContain("secretName: mine");
        rendered.ShouldNotContain("rel-lucia-secrets");
    }

    [Fact]
    public async Task An_external_redis_is_not_run()
    {
        using var published = Published.OnDisk(HouseSample.Json, new HelmTarget());

        var rendered = await TemplateAsync(
            Chart(published), "--set", "secrets.chatModel=x,redis.enabled=false,redis.external.host=cache.example.org,redis.external.ports.tcp=6380");

        rendered.ShouldNotContain("kind: StatefulSet");
        rendered.ShouldContain("ConnectionStrings__redis: \"cache.example.org:6380\"");
        rendered.ShouldContain("port: 6380");
        Decoded(rendered, "redis-password").ShouldBeEmpty("somebody else's password is not generated");
    }

    [Fact]
    public async Task Two_releases_share_no_name_and_select_no_pod_of_each_other()
    {
        using var published = Published.OnDisk(HouseSample.Json, new HelmTarget());
        async Task<HashSet<string>> Names(string release)
        {
            var (output, _) = await ClusterTools.RunAsync(ClusterTools.Helm, ["template", release, Chart(published), "--set", Known]);
            output.Split('\n').Where(static l => l.Contains("app.kubernetes.io/instance:")).ShouldAllBe(l => l.EndsWith($" {release}"));
            return [.. output.Split("\n---\n").Select(static d => d.Split('\n').FirstOrDefault(static l => l.StartsWith("  name: ", StringComparison.Ordinal))).OfType<string>()];
        }

        var (first, second) = (await Names("one"), await Names("two"));

        first.Count.ShouldBeGreaterThan(7);
        first.Intersect(second).ShouldBeEmpty();
    }

    [Fact]
    public async Task Helm_packages_it()
    {
        using var published = Published.OnDisk(HouseSample.Json, new HelmTarget());

        await ClusterTools.RunAsync(ClusterTools.Helm, ["package", Chart(published), "--destination", published.Root]);

        File.Exists(Path.Combine(published.Root, "lucia-0.1.0.tgz")).ShouldBeTrue();
    }

    [Fact]
    public void The_values_hold_no_secret_and_the_test_asks_by_the_services_own_check()
    {
        var folder = Published.InMemory(HouseSample.Json, new HelmTarget());

        var values = folder.Files.Single(static f => f.Path == "lucia/values.yaml").Text;
        values.ShouldContain("  chatModel: \"\"\n");
        values.ShouldContain("  redisPassword: \"\"\n");
        folder.Files.Single(static f => f.Path == "lucia/templates/agenthost/test.yaml").Text
            .ShouldContain("http://{{ include `lucia.component` (list $ `agenthost`) }}:80/health/ready");
    }

    private static string Chart(Published published) => Directory.EnumerateDirectories(Path.Combine(published.Root, "helm")).Single();

    private static async Task<string> TemplateAsync(string chart, params string[] arguments) =>
        (await ClusterTools.RunAsync(ClusterTools.Helm, ["template", "rel", chart, .. arguments])).Output;

    private static string Decoded(string rendered, string key)
    {
        var line = rendered.Split('\n').Single(l => l.StartsWith($"  {key}: ", StringComparison.Ordinal));
        return Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(": ")[1].Trim('"')));
    }

    private static async Task CheckAsync(string chart)
    {
        var (output, _) = await ClusterTools.RunAsync(ClusterTools.Helm, ["lint", "--strict", chart]);
        output.ShouldContain("0 chart(s) failed");
        var files = Directory.EnumerateFiles(Path.Combine(chart, "ci")).Order().ToList();
        files.Count.ShouldBeGreaterThan(1);
        foreach (var values in files)
        {
            var rendered = await TemplateAsync(chart, "-f", values, "-f", Path.Combine(chart, "values.dev.yaml"));
            await ClusterTools.ValidateAsync(rendered);
            await ClusterTools.RunAsync(ClusterTools.Helm, ["lint", "--strict", chart, "-f", values]);
        }
    }
}
