using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Scripts;

/// <summary>What holds for every script of <c>deploy/scripts</c>.</summary>
public sealed class ScriptTests
{
    private static readonly string[] Names = ["health-check.sh", "validate-deployment.sh", "backup.sh", "restore.sh", "verify-deployment.sh"];

    public static TheoryData<string> Scripts => [.. Names];

    [Fact]
    public async Task Shellcheck_has_nothing_to_say()
    {
        if (Programs.Find("shellcheck") is not { } shellcheck) Assert.Skip("shellcheck is not installed.");
        else (await Ran.ToEndAsync(shellcheck, ["-x", "lib.sh", .. Names], folder: ScriptFolder.Repository)).Well().Output.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Its_help_has_examples_and_exit_codes(string script)
    {
        var help = (await Ran.ToEndAsync(Path.Combine(ScriptFolder.Repository, script), ["--help"])).Well();

        help.Output.ShouldStartWith($"Usage: {script}");
        help.Output.ShouldContain("Examples:\n");
        help.Output.ShouldContain("Exit codes: 0 ");
        help.Output.ShouldContain("--target compose|kubernetes|systemd");
        help.Output.Split('\n').ShouldAllBe(static line => line.Length <= 150);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task It_knows_what_it_does_not_know(string script)
    {
        var run = await Ran.ToEndAsync(Path.Combine(ScriptFolder.Repository, script), ["--no-such-thing"]);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("\"--no-such-thing\" is not known; see --help");
    }

    [Fact]
    public async Task Without_an_engine_it_says_how_to_get_one()
    {
        using var folder = new ScriptFolder();
        folder.SetUp("compose", "secrets", "");
        folder.Write("compose/docker-compose.yml", "services: {}\n");
        folder.StandIn("docker", "");

        foreach (var script in new[] { "health-check.sh", "verify-deployment.sh", "backup.sh" })
        {
            var run = await folder.RunAsync($"{script} --dir compose --target compose");
            run.ExitCode.ShouldBe(69, script);
            run.Error.ShouldContain("the container engine does not answer");
        }
    }

    [Fact]
    public async Task What_the_service_finds_wrong_with_itself_is_told_with_its_remedy()
    {
        using var folder = new ScriptFolder();
        folder.SetUp("compose", "secrets", "AGENTHOST_CPUS=1\n");
        folder.Write("compose/docker-compose.yml", "services: {}\n");
        folder.Write("doctor.json", """
            {
              "status": "fail",
              "exitCode": 78,
              "checks": [
                { "name": "settings", "status": "fail", "found": "1 problem.", "remedy": null, "milliseconds": 1.5,
                  "problems": [ { "setting": "Sessions__TtlHours", "source": null, "what": "is \"soon\", no number", "remedy": "Write a number." } ] },
                { "name": "redis", "status": "pass", "found": "Redis 8.2 at redis:6379.", "remedy": null, "milliseconds": 0.4 },
                { "name": "embedding-model", "status": "skip", "found": "Not configured.", "remedy": null }
              ]
            }
            """);
        folder.StandIn("docker", """
            'info --format '*) echo 4 ;;
            info | 'compose config --quiet') ;;
            *' dotnet lucia.AgentHost.dll --help') echo '  doctor  examines everything' ;;
            *' dotnet lucia.AgentHost.dll doctor --json') cat ../doctor.json; exit 78 ;;
            """);

        var run = await folder.RunAsync("validate-deployment.sh --dir compose --target compose");

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldMatch("(?m)^fail  doctor: Sessions__TtlHours +is \"soon\", no number\n +-> Write a number\\.$");
        run.Output.ShouldMatch("(?m)^fail  doctor: settings +1 problem\\.$");
        run.Output.ShouldMatch("(?m)^pass  doctor: redis +Redis 8\\.2 at redis:6379\\.$");
        run.Output.ShouldMatch("(?m)^skip  doctor: embedding-model +Not configured\\.$");
    }

    [Fact]
    public async Task On_a_cluster_what_is_loose_is_named()
    {
        using var folder = new ScriptFolder();
        folder.StandIn("kubectl", """
            *version) ;;
            *' get deployments,statefulsets -l app.kubernetes.io/component=agenthost '*) echo deployment.apps/agenthost ;;
            *' get deployments,statefulsets '*) ;;
            *' get deployments -o name') echo deployment.apps/agenthost ;;
            *readOnlyRootFilesystem*) printf false ;;
            *allowPrivilegeEscalation*) printf false ;;
            *runAsNonRoot*) printf true ;;
            *'.spec.replicas}') printf 2 ;;
            *readyReplicas*) printf 1 ;;
            *networkpolicies*) echo networkpolicy/default-deny ;;
            """);

        var run = await folder.RunAsync("verify-deployment.sh --address 127.0.0.1:9");

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldMatch("(?m)^fail  alive ");
        run.Output.ShouldMatch("(?m)^fail  agenthost-ready +1, expected 2\n +-> kubectl -n lucia describe deployment.apps/agenthost$");
        run.Output.ShouldMatch("(?m)^fail  agenthost-read-only +false, expected true");
        run.Output.ShouldMatch("(?m)^pass  agenthost-non-root +true");
        run.Output.ShouldMatch("(?m)^fail  agenthost-capabilities +nothing, expected ALL");
        run.Output.ShouldMatch("(?m)^pass  network-policy ");
        run.Output.ShouldMatch(@"(?m)^kubernetes: \d+ passed, \d+ failed, ");
    }

    [Theory]
    [InlineData("1.4", "pass")]
    [InlineData("1.6", "fail")]
    public async Task On_systemd_the_exposure_is_held_to_what_was_published(string score, string verdict)
    {
        using var folder = new ScriptFolder();
        folder.SetUp("etc", "credentials", "");
        folder.StandIn("systemctl", "*) ;;");
        folder.StandIn("systemd-analyze", $"'security '*) echo '→ Overall exposure level for lucia.service: {score} OK' ;;");

        (await folder.RunAsync("verify-deployment.sh --target systemd --dir etc --address 127.0.0.1:9")).Output.ShouldMatch($"(?m)^{verdict}  exposure +{score} of 10");
    }

    [Theory]
    [InlineData("systemd")]
    [InlineData("compose")]
    public async Task A_secret_that_is_an_empty_line_is_found_nowhere(string target)
    {
        using var folder = new ScriptFolder();
        folder.SetUp(target, target == "systemd" ? "credentials" : "secrets", "", ("embedding-model", "\n"), ("chat-model-access-key", " \r\n\n"));
        folder.Write("compose/docker-compose.yml", "services: {}\n");
        folder.StandIn("systemctl", "'show '*'.service') echo 'Environment=A=1' ;;\n*) ;;");
        folder.StandIn("docker", "'compose ps '*) echo one ;;\n'inspect '*) echo 'running healthy' ;;\n*) ;;");

        var run = await folder.RunAsync($"verify-deployment.sh --target {target} --dir {target} --address 127.0.0.1:9");

        run.Output.ShouldMatch("(?m)^pass  (lucia|agenthost)-secrets +none in environment or arguments$");
        run.Output.ShouldNotMatch("(?m)^fail  [a-z-]+-secrets ");
    }

    [Fact]
    public async Task On_systemd_what_is_loose_is_named()
    {
        using var folder = new ScriptFolder();
        folder.SetUp("etc", "credentials", "");
        folder.StandIn("systemctl", """
            'cat '*) ;;
            *'ActiveState '*lucia.service) echo failed ;;
            *'ActiveState '*) echo active ;;
            *' NRestarts '*) echo 0 ;;
            *' ProtectSystem '*) echo strict ;;
            *' MemoryMax '*) echo infinity ;;
            'show lucia.service') echo 'Environment=Auth__ApiKey=0123456789abcdefghijABCDEFGHIJ' ;;
            'is-enabled '*) echo enabled ;;
            """);
        folder.StandIn("systemd-analyze", "");

        var run = await folder.RunAsync("verify-deployment.sh --target systemd --dir etc --address 127.0.0.1:9");

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldMatch("(?m)^fail  lucia-active +failed, expected active\n +-> journalctl -u lucia -n 50$");
        run.Output.ShouldMatch("(?m)^pass  lucia-redis-active +active$");
        run.Output.ShouldMatch("(?m)^pass  lucia-read-only +strict$");
        run.Output.ShouldMatch("(?m)^fail  lucia-limit +no MemoryMax$");
        run.Output.ShouldMatch("(?m)^fail  lucia-secrets +in environment or arguments: auth-api-key$");
        run.Output.ShouldMatch("(?m)^pass  lucia-redis-secrets ");
        run.Output.ShouldNotContain("0123456789abcdefghij");
    }
}
