using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Output;

namespace Lucia.Publishing.Tests.Kubernetes;

public sealed class KubernetesTargetTests
{
    public static TheoryData<string> Samples => Published.Samples;

    public static TheoryData<string> PublicManifests => Published.PublicManifests;

    [Theory, MemberData(nameof(Samples))]
    public void It_makes_the_files_that_are_checked_in(string sample) =>
        Golden.Check(Published.InMemory(Published.Sample(sample), new KubernetesTarget()), sample);

    [Theory, MemberData(nameof(Samples))]
    public void Twice_gives_the_same_bytes(string sample)
    {
        OutputFolder Publish() => Published.InMemory(Published.Sample(sample), new KubernetesTarget());

        Publish().Files.Select(static f => (f.Path, f.Text, f.Mode)).ShouldBe(Publish().Files.Select(static f => (f.Path, f.Text, f.Mode)));
    }

    [Theory, MemberData(nameof(Samples))]
    public async Task Set_up_and_kubectl_make_valid_objects_of_base_overlays_and_components(string sample)
    {
        using var published = Published.OnDisk(Published.Sample(sample), new KubernetesTarget());
        await CheckAsync(published);
    }

    [Theory, MemberData(nameof(PublicManifests))]
    public async Task A_public_manifest_makes_valid_objects(string number)
    {
        using var published = Published.OnDisk(Published.PublicManifest(number), new KubernetesTarget());
        await CheckAsync(published);
    }

    [Fact]
    public async Task Set_up_keeps_what_is_there_and_tells_what_is_missing()
    {
        using var published = Published.OnDisk(HouseSample.Json, new KubernetesTarget());
        var folder = Path.Combine(published.Root, "kubernetes");
        var setup = Path.Combine(folder, "setup.sh");

        var (_, complaint) = await ClusterTools.RunAsync(ClusterTools.OnPath("dash"), [setup], folder, expected: 1);
        var password = File.ReadAllText(Path.Combine(folder, "base/secrets/redis-password"));
        File.WriteAllText(Path.Combine(folder, "base/secrets/embedding-model"), "edited\n");
        File.AppendAllText(Path.Combine(folder, "base/.env"), "HOME_ASSISTANT_BASE_URL=http://home:8123");
        await ClusterTools.RunAsync(ClusterTools.OnPath("dash"), [setup], folder, environment: ("CHAT_MODEL", "Endpoint=http://a/v1;Model='$(x)'"));

        complaint.ShouldContain("CHAT_MODEL: The chat model as a connection string.");
        password.Length.ShouldBe(32);
        File.ReadAllText(Path.Combine(folder, "base/secrets/redis-password")).ShouldBe(password);
        File.ReadAllText(Path.Combine(folder, "base/secrets/chat-model")).ShouldBe("Endpoint=http://a/v1;Model='$(x)'");
        File.ReadAllText(Path.Combine(folder, "base/secrets/embedding-model")).ShouldBe("edited");
        File.ReadAllText(Path.Combine(folder, "base/secrets/home-assistant-access-token")).ShouldBeEmpty();
        File.ReadAllText(Path.Combine(folder, "base/.env")).ShouldContain("\nHOME_ASSISTANT_BASE_URL=http://home:8123\n");
        File.ReadAllText(Path.Combine(folder, "base/secrets/redis.usr-local-etc-redis-redis.conf"))
            .ShouldBe($"appendonly yes\nmaxmemory 256mb\nmaxmemory-policy noeviction\nrequirepass \"{password}\"\n");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(folder, "base/secrets/chat-model")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_changed_setting_or_secret_renames_what_holds_it()
    {
        using var published = Published.OnDisk(HouseSample.Json, new KubernetesTarget());
        var folder = Path.Combine(published.Root, "kubernetes");
        await SetUpAsync(folder);
        var before = await BuildAsync(folder, "base");
        File.WriteAllText(Path.Combine(folder, "base/secrets/chat-model"), "another");
        var after = await BuildAsync(folder, "base");

        string Name(string yaml, string prefix) => yaml.Split(['\n', ' ']).First(w => w.StartsWith(prefix, StringComparison.Ordinal));
        Name(after, "agenthost-secrets-").ShouldNotBe(Name(before, "agenthost-secrets-"));
        Name(after, "redis-secrets-").ShouldBe(Name(before, "redis-secrets-"), "another's secret does not restart it");
    }

    [Fact]
    public async Task The_readmes_overlay_builds()
    {
        using var published = Published.OnDisk(HouseSample.Json, new KubernetesTarget());
        var folder = Path.Combine(published.Root, "kubernetes");
        await SetUpAsync(folder);
        var readme = File.ReadAllText(Path.Combine(folder, "README.md"));
        var example = readme[readme.IndexOf("apiVersion: kustomize", StringComparison.Ordinal)..];
        Directory.CreateDirectory(Path.Combine(folder, "overlays/home"));
        File.WriteAllText(Path.Combine(folder, "overlays/home/kustomization.yaml"), example[..example.IndexOf("```", StringComparison.Ordinal)]);

        var objects = await BuildAsync(folder, "overlays/home");

        objects.ShouldContain("host: lucia.home.arpa");
        objects.ShouldContain("ingressClassName: nginx");
        await ClusterTools.ValidateAsync(objects);
    }

    [Fact]
    public async Task No_secret_is_in_a_config_map_or_an_argument()
    {
        using var published = Published.OnDisk(HouseSample.Json, new KubernetesTarget());
        var folder = Path.Combine(published.Root, "kubernetes");
        await SetUpAsync(folder);

        var documents = (await BuildAsync(folder, "base")).Split("\n---\n");
        string[] values = [.. Directory.EnumerateFiles(Path.Combine(folder, "base/secrets")).Select(File.ReadAllText).Where(static v => v.Length > 0)];

        values.Length.ShouldBe(4);
        documents.Where(static d => !d.Contains("kind: Secret")).ShouldAllBe(d => !values.Any(v => d.Contains(v)));
    }

    [Fact]
    public async Task The_ha_overlay_runs_two_with_a_budget_and_dev_has_its_own_namespace()
    {
        using var published = Published.OnDisk(HouseSample.Json, new KubernetesTarget());
        var folder = Path.Combine(published.Root, "kubernetes");
        await SetUpAsync(folder);

        var ha = await BuildAsync(folder, "overlays/ha");
        ha.ShouldContain("replicas: 2");
        ha.ShouldContain("kind: PodDisruptionBudget");
        ha.ShouldContain("topologyKey: kubernetes.io/hostname");
        var dev = await BuildAsync(folder, "overlays/dev");
        dev.ShouldContain("namespace: lucia-dev");
        dev.ShouldNotContain("namespace: lucia\n");
        dev.ShouldContain("Logging__LogLevel__Default: Debug");
    }

    private static async Task CheckAsync(Published published)
    {
        var folder = Path.Combine(published.Root, "kubernetes");
        await ClusterTools.RunAsync(ClusterTools.OnPath("shellcheck"), ["setup.sh"], folder);
        await SetUpAsync(folder);
        foreach (var overlay in (string[])["base", "overlays/dev", "overlays/ha"])
            await ClusterTools.ValidateAsync(await BuildAsync(folder, overlay));
        var components = Path.Combine(folder, "components");
        foreach (var component in Directory.Exists(components) ? Directory.EnumerateDirectories(components) : [])
        {
            Directory.CreateDirectory(Path.Combine(folder, "overlays/own"));
            File.WriteAllText(
                Path.Combine(folder, "overlays/own/kustomization.yaml"),
                $"kind: Kustomization\nnamespace: own\nresources: [../../base]\ncomponents: [../../components/{Path.GetFileName(component)}]\n");
            await ClusterTools.ValidateAsync(await BuildAsync(folder, "overlays/own"));
        }
    }

    private static async Task<string> BuildAsync(string folder, string overlay) =>
        (await ClusterTools.RunAsync(ClusterTools.Kubectl, ["kustomize", overlay], folder)).Output;

    /// <summary>Answers whatever set-up asks for, twice, and brings the files that are mounted.</summary>
    private static async Task SetUpAsync(string folder)
    {
        var script = await File.ReadAllTextAsync(Path.Combine(folder, "setup.sh"), TestContext.Current.CancellationToken);
        var answers = script.Split('\n')
            .Where(static l => l.StartsWith("require_setting ", StringComparison.Ordinal) || (l.StartsWith("secret ", StringComparison.Ordinal) && l.EndsWith(" required", StringComparison.Ordinal)))
            .Select(static l => l.Split(' '))
            .Select(static w => (w[0] == "secret" ? w[2] : w[1], $"an answer to {w[1]} with $(this), 'that' & {{more}}"))
            .ToArray();
        var sources = Directory.CreateDirectory(Path.Combine(folder, "../sources/a/b/c")).FullName;
        foreach (var mount in script.Split('\n').Where(static l => l.StartsWith("gather ", StringComparison.Ordinal)).Select(static l => l.Split(' ')))
        {
            var source = Path.GetFullPath(Path.Combine(sources, mount[2].Trim('\'')));
            var isFolder = mount[3] == "folder";
            Directory.CreateDirectory(isFolder ? source : Path.GetDirectoryName(source)!);
            File.WriteAllText(isFolder ? Path.Combine(source, "a file.json") : source, "content");
        }
        string[] arguments = script.Contains("--sources DIR") ? ["setup.sh", "--sources", sources] : ["setup.sh"];
        for (var time = 0; time < 2; time++)
            await ClusterTools.RunAsync(ClusterTools.OnPath("dash"), arguments, folder, environment: answers);
    }
}
