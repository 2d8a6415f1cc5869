using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Scripts;

/// <summary><c>./lucia bench targets</c>: what was measured once is not lost by what goes wrong, or is left out, later.</summary>
public sealed class BenchTargetsTests : IDisposable
{
    private const string Rows = """
        # Compared

        <!-- measured -->
        | | compose | Kubernetes | systemd |
        | --- | --- | --- | --- |
        | the guide's first command to healthy | 99.0 s | 88.0 s | 6.9 s |
        | resident memory of Redis, idle | 99 MiB | not measured | 12 MiB |
        <!-- /measured -->

        What follows stays.

        """;

    private readonly ScriptFolder _folder = new();

    public BenchTargetsTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It measures on Linux.");
        _folder.Write("document.md", Rows);
        _folder.StandIn("curl", "*) ;;");
        _folder.StandIn("docker", """
            'compose version --short') echo 2.30.0 ;;
            top*) printf 'PID RSS\n1 20480\n' ;;
            'compose ps -q '*) echo container ;;
            *inspect*Size*) echo 160000000 ;;
            history*) echo '9000000 COPY /app /app' ;;
            *) ;;
            """);
        Cluster("");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_target_that_is_not_asked_for_keeps_its_column()
    {
        (await RunAsync("--target compose --image one:test")).Well();

        var document = _folder.Read("document.md");
        document.ShouldMatch(@"(?m)^\| the guide's first command to healthy \| [0-9.]+ s \| 88.0 s \| 6.9 s \|$");
        document.ShouldNotContain("99.0 s");
        document.ShouldContain("| resident memory of Redis, idle | 20 MiB | not measured | 12 MiB |");
        document.ShouldContain("| disk | 320 MB with the image of Redis | not measured | not measured |");
        document.ShouldContain("(compose; what else there is, earlier)");
        document.ShouldEndWith("\nWhat follows stays.\n");
    }

    [Fact]
    public async Task A_target_that_fails_takes_no_other_with_it()
    {
        Cluster("*' rollout status deployment/agenthost '*) echo 'timed out' >&2; exit 1 ;;");

        var run = await RunAsync("--target kubernetes,compose --image one:test");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("kubernetes: failed, not measured");
        _folder.Read("document.md").ShouldMatch(@"(?m)^\| the guide's first command to healthy \| [0-9.]+ s \| not measured \| 6.9 s \|$");
        _folder.Calls.ShouldContain("kubectl delete namespace lucia-bench-");
        _folder.Calls.ShouldContain("docker compose down --volumes");
    }

    [Fact]
    public async Task When_all_fail_the_document_stays_as_it_is()
    {
        Cluster("*' rollout status '*) exit 1 ;;");

        (await RunAsync("--target kubernetes")).ExitCode.ShouldBe(1);

        _folder.Read("document.md").ShouldBe(Rows);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(" --image registry.lan:5000/lucia", "newName: \"registry.lan:5000/lucia\", newTag: \"latest\"")]
    [InlineData(" --image registry.lan/lucia:9", "newName: \"registry.lan/lucia\", newTag: \"9\"")]
    public async Task A_cluster_is_given_an_image_only_when_one_is_named(string option, string image)
    {
        // compose, which is measured before it, has one made here, which no cluster has.
        (await RunAsync($"--target compose,kubernetes{option}")).Well();

        var applied = _folder.Read("applied");
        applied.ShouldContain("kind: Kustomization");
        if (image.Length > 0) applied.ShouldContain(image);
        else applied.ShouldNotContain("images:");
        _folder.Calls.ShouldContain(option.Length > 0 ? "docker compose up" : "docker image rm lucia-bench:");
    }

    private void Cluster(string cases) => _folder.StandIn("kubectl", $"""
        {cases}
        'apply -k '*) cat "$3/kustomization.yaml" >"$(dirname "$0")/../applied" ;;
        *' get pods '*) echo pod/one ;;
        *' top '*) echo 'one 5m 80Mi' ;;
        *) ;;
        """);

    private Task<Ran> RunAsync(string options) => _folder.ShellAsync($"'{Path.Combine(Programs.Repository, "bench/targets.sh")}' --document document.md {options}");
}
