using System.Globalization;

namespace Lucia.Deployment.Tests.Kubernetes;

/// <summary>The scripts of <c>deploy/scripts</c> for a Lucia that runs in a cluster, installed by Helm or by kustomize.</summary>
public sealed class DeploymentScriptTests
{
    private const string Values = """
        agenthost:
          replicas: 2
        secrets:
          # the key of everybody
          connectionStringsChatModel: |
            Endpoint=http://192.168.1.30:11434;Model=qwen3;Provider=ollama
          existingSecret: lucia-keys
        settings:
          sessionsTtlHours: 48

        """;

    [Fact]
    public async Task A_healthy_service_is_asked_through_the_cluster_with_the_key_of_its_Secret()
    {
        await using var service = await StandInService.StartAsync();
        using var cluster = Cluster(helm: true, service);

        var run = (await cluster.RunAsync("health-check.sh --doctor")).Well();

        foreach (var part in new[] { "alive", "ready", "key", "redis", "doctor: settings" }) run.Output.ShouldMatch($"(?m)^pass  {part} ");
        (run.Output + run.Error + cluster.Calls).ShouldNotContain(StandInService.Key);
    }

    [Fact]
    public async Task A_lost_Redis_and_a_key_that_may_not_be_read_are_told()
    {
        await using var service = await StandInService.StartAsync("Degraded");
        using var cluster = Cluster(helm: false, service);

        var lost = await cluster.RunAsync("health-check.sh --target kubernetes");
        lost.ExitCode.ShouldBe(1);
        lost.Output.ShouldMatch("(?m)^fail  redis ");
        (await cluster.RunAsync("health-check.sh --target kubernetes --allow-degraded")).Well().Output.ShouldMatch("(?m)^warn  redis ");

        var closed = await cluster.With("forbidden").RunAsync("health-check.sh --target kubernetes");
        closed.ExitCode.ShouldBe(1);
        closed.Output.ShouldMatch("(?m)^fail  key .*\n +-> .*--api-key-file");
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_told()
    {
        using var cluster = new ScriptCluster(helm: true).With("unreachable");

        foreach (var script in new[] { "health-check.sh", "verify-deployment.sh", "backup.sh" })
        {
            var run = await cluster.RunAsync($"{script} --target kubernetes");
            run.ExitCode.ShouldBe(69, script);
            run.Error.ShouldContain("the cluster does not answer");
        }
    }

    [Fact]
    public async Task What_Helm_installed_passes_although_it_labels_no_namespace()
    {
        await using var service = await StandInService.StartAsync();
        using var cluster = Cluster(helm: true, service);

        var run = (await cluster.RunAsync("verify-deployment.sh")).Well();

        run.Output.ShouldMatch("(?m)^skip  pod-security .*kubectl label namespace lucia pod-security.kubernetes.io/enforce=restricted");
        foreach (var check in new[] { "agenthost-non-root", "agenthost-host", "redis-read-only", "redis-append-only", "redis-password", "network-policy", "strangers-kept-out", "volume" })
            run.Output.ShouldMatch($"(?m)^pass  {check} ");
        run.Output.Split('\n').Count(static line => line.StartsWith("pass  ", StringComparison.Ordinal)).ShouldBeGreaterThan(35);
    }

    [Theory]
    [InlineData("non-root", "false", "fail  agenthost-non-root +false, expected true")]
    [InlineData("host-network", "true", "fail  agenthost-host ")]
    [InlineData("no-policy", "", "fail  network-policy ")]
    [InlineData("redis-down", "", "fail  redis +does not answer")]
    [InlineData("no-service", "", "fail  agenthost +not in the namespace")]
    public async Task What_is_loose_fails(string what, string how, string line)
    {
        using var cluster = new ScriptCluster(helm: true).With(what, how);

        var run = await cluster.RunAsync("verify-deployment.sh --target kubernetes --address 127.0.0.1:9");

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldMatch($"(?m)^{line}");
    }

    [Theory]
    [InlineData("restricted", "pass")]
    [InlineData("baseline", "warn")]
    public async Task A_label_that_is_there_is_judged(string label, string verdict)
    {
        using var cluster = new ScriptCluster(helm: true).With("pod-security", label);

        (await cluster.RunAsync("verify-deployment.sh --target kubernetes --address 127.0.0.1:9")).Output.ShouldMatch($"(?m)^{verdict}  pod-security +{label}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("--target kubernetes")]
    public async Task What_Helm_installed_is_validated_by_what_runs(string arguments)
    {
        using var cluster = new ScriptCluster(helm: true);

        var run = (await cluster.RunAsync($"validate-deployment.sh {arguments}")).Well();

        run.Output.ShouldMatch("(?m)^pass  settings +the ConfigMap settings-abc$");
        foreach (var check in new[] { "Sessions__TtlHours", "chat-model", "auth-api-key", "home-assistant-access-token", "StorageClass", "doctor: settings" }) run.Output.ShouldMatch($"(?m)^pass  {check} ");
        run.Output.ShouldNotContain("setup.sh");
        (run.Output + run.Error + cluster.Calls).ShouldNotContain(ScriptCluster.Token);
    }

    [Theory]
    [InlineData("helm", "lucia-settings")]
    [InlineData("kustomize", "settings")]
    public async Task What_is_rendered_is_read_as_kubectl_reads_it(string with, string settings)
    {
        await using var service = await StandInService.StartAsync();
        using var cluster = Cluster(helm: with == "helm", service);
        await cluster.RenderedAsync(with);
        // The settings that are to be applied are no longer here.
        if (with == "kustomize") Directory.Delete(cluster.Folder.At("kubernetes/base"), recursive: true);

        var verified = (await cluster.RunAsync("verify-deployment.sh --target kubernetes")).Well();
        var valid = (await cluster.RunAsync("validate-deployment.sh --target kubernetes")).Well();

        foreach (var check in new[] { "agenthost-non-root", "agenthost-seccomp", "agenthost-host", "agenthost-token", "agenthost-limit", "agenthost-probe", "redis-non-root", "redis-probe", "key-accepted" })
            verified.Output.ShouldMatch($"(?m)^pass  {check} ");
        valid.Output.ShouldMatch($"(?m)^pass  settings +the ConfigMap {settings}$");
        valid.Output.ShouldMatch("(?m)^pass  auth-api-key ");
    }

    [Fact]
    public async Task What_is_wrong_with_what_runs_is_named_with_the_chart_s_own_names()
    {
        using var cluster = new ScriptCluster(helm: true).With("settings", "Sessions__TtlHours=0\nHomeAssistant__BaseUrl=http://homeassistant.local:8123\n").With("class", "gone").With("doctor", "fail")
            .With("secrets", $"chat-model=\nauth-api-key={Convert.ToBase64String("short"u8)}\n");

        var run = await cluster.RunAsync("validate-deployment.sh");

        run.ExitCode.ShouldBe(78);
        run.Output.ShouldMatch("(?m)^fail  Sessions__TtlHours +is 0\n +-> From 1 to 8760, in the ConfigMap settings-abc");
        run.Output.ShouldMatch("(?m)^fail  HomeAssistant__BaseUrl .*mDNS");
        run.Output.ShouldMatch("(?m)^fail  chat-model +is not set\n +-> .*helm upgrade lucia .*--set-file secrets.connectionStringsChatModel=FILE");
        run.Output.ShouldMatch("(?m)^fail  auth-api-key +has 5 characters");
        run.Output.ShouldMatch("(?m)^fail  StorageClass .*gone");
        run.Output.ShouldMatch("(?m)^fail  doctor: settings ");
    }

    [Fact]
    public async Task Without_the_right_to_read_the_Secret_the_service_itself_is_asked()
    {
        using var cluster = new ScriptCluster(helm: true).With("forbidden");

        var run = (await cluster.RunAsync("validate-deployment.sh")).Well();

        run.Output.ShouldMatch("(?m)^skip  secrets +you may not read");
        run.Output.ShouldMatch("(?m)^pass  doctor: settings ");
    }

    [Fact]
    public async Task Files_that_are_to_be_applied_are_validated_in_place_of_what_runs()
    {
        using var cluster = new ScriptCluster(helm: false).With("settings", "Sessions__TtlHours=0\n");

        var run = await cluster.RunAsync("validate-deployment.sh --target kubernetes");

        run.Output.ShouldMatch("(?m)^pass  Sessions__TtlHours +48$");
    }

    [Fact]
    public async Task Nothing_in_the_cluster_and_nothing_set_up_is_no_deployment()
    {
        using var cluster = new ScriptCluster(helm: true).With("no-service");

        (await cluster.RunAsync("validate-deployment.sh")).ExitCode.ShouldBe(69);
        var run = await cluster.RunAsync("validate-deployment.sh --target kubernetes");
        run.ExitCode.ShouldBe(78);
        run.Output.ShouldMatch("(?m)^fail  settings .*\n +-> .*setup.sh");
    }

    [Fact]
    public async Task A_backup_of_what_Helm_installed_has_its_values_without_secrets_and_goes_back_to_its_place()
    {
        await using var service = await StandInService.StartAsync();
        using var cluster = Cluster(helm: true, service);
        cluster.With("values", Values);
        cluster.Folder.Write("helm/lucia/values.local.yaml", "settings:\n  sessionsTtlHours: 48\n");

        (await cluster.RunAsync("backup.sh --output saved.tar.gz")).Well().Output.ShouldContain("the Secret agenthost-secrets-abc");

        var live = (await cluster.Folder.ShellAsync("tar -xzOf saved.tar.gz lucia-backup/configuration/helm/values.yaml")).Well().Output;
        live.ShouldBe("agenthost:\n  replicas: 2\nsecrets:\n  existingSecret: lucia-keys\nsettings:\n  sessionsTtlHours: 48\n");
        var packed = (await cluster.Folder.ShellAsync("tar -xzOf saved.tar.gz")).Well().Output;
        foreach (var secret in new[] { ScriptCluster.ChatModel, ScriptCluster.Token, StandInService.Key }) packed.ShouldNotContain(secret);

        File.Delete(cluster.Folder.At("helm/lucia/values.local.yaml"));
        cluster.With("data", "REDIS0011 lost");
        var restored = (await cluster.RunAsync("restore.sh saved.tar.gz --target kubernetes --settings --yes")).Well();

        cluster.Folder.Read("state/data").ShouldBe("REDIS0011 before");
        cluster.Folder.Read("helm/lucia/values.local.yaml").ShouldBe("settings:\n  sessionsTtlHours: 48\n");
        restored.Output.ShouldMatch("(?m)^Left for you to do.*\n(  .*\n)*  helm upgrade lucia .*helm/lucia --namespace lucia --reset-then-reuse-values -f .*values.local.yaml$");
        restored.Output.ShouldMatch("(?m)^pass  redis ");
    }

    [Theory]
    [InlineData("helm", "extraEnv:\n  MINE: \"" + ScriptCluster.Token + "\"\n", "the secret home-assistant-access-token is in it")]
    [InlineData("helm-fails", "Error: release: not found", "not saved, only the settings in use and a values.local.yaml: Error: release: not found")]
    public async Task What_a_backup_cannot_take_along_is_told(string what, string how, string message)
    {
        using var cluster = new ScriptCluster(helm: true);
        if (what == "helm") cluster.With("values", how);
        else cluster.With(what, how);

        var run = (await cluster.RunAsync("backup.sh --target kubernetes --output saved.tar.gz")).Well();

        run.Error.ShouldContain(message);
        (await cluster.Folder.ShellAsync("tar -xzOf saved.tar.gz")).Well().Output.ShouldNotContain(ScriptCluster.Token);
    }

    [Fact]
    public async Task What_kustomize_applied_is_saved_as_the_settings_it_was_made_of()
    {
        await using var service = await StandInService.StartAsync();
        using var cluster = Cluster(helm: false, service);
        (await cluster.RunAsync("backup.sh --target kubernetes --output saved.tar.gz")).Well();
        cluster.Folder.Write("kubernetes/base/.env", "Sessions__TtlHours=1\n");

        var restored = (await cluster.RunAsync("restore.sh saved.tar.gz --target kubernetes --settings --yes")).Well();

        cluster.Folder.Read("kubernetes/base/.env").ShouldBe("Sessions__TtlHours=48\n");
        cluster.Folder.Read("kubernetes/base/.env.before-restore").ShouldBe("Sessions__TtlHours=1\n");
        restored.Output.ShouldContain("kubectl apply -k ");
    }

    [Fact]
    public async Task A_backup_without_Redis_leaves_no_archive()
    {
        using var cluster = new ScriptCluster(helm: true).With("redis-down");

        var run = await cluster.RunAsync("backup.sh --target kubernetes --output saved.tar.gz");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("Redis does not answer");
        File.Exists(cluster.Folder.At("saved.tar.gz")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("apply-fails", "pods is forbidden: exceeded quota")]
    [InlineData("exec-fails", "the data arrived cut off")]
    public async Task A_restore_that_fails_scales_Redis_to_what_it_was(string what, string why)
    {
        using var cluster = new ScriptCluster(helm: true);
        await SaveAsync(cluster);
        cluster.With(what, why);

        var run = await cluster.RunAsync("restore.sh saved.tar.gz --target kubernetes --yes");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain($"that failed: {why}");
        run.Error.ShouldContain("statefulset.apps/redis started again; Redis has what it had before");
        cluster.Calls.ShouldContain("scale statefulset.apps/redis --replicas=0");
        cluster.Calls.ShouldContain("delete pod redis-restore");
        cluster.Folder.Read("state/replicas").ShouldBe("1");
        cluster.Folder.Read("state/data").ShouldBe("REDIS0011 before");
    }

    [Fact]
    public async Task A_Redis_that_cannot_be_scaled_up_is_told_with_the_command_that_does_it()
    {
        using var cluster = new ScriptCluster(helm: true);
        await SaveAsync(cluster);
        cluster.With("scale-fails");

        var run = await cluster.RunAsync("restore.sh saved.tar.gz --target kubernetes --yes");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("did not start: the server is away. Redis has the data of the archive.");
        run.Error.ShouldContain("kubectl -n lucia scale statefulset.apps/redis --replicas=1");
    }

    [Fact]
    public async Task Interrupted_it_scales_Redis_to_what_it_was()
    {
        using var cluster = new ScriptCluster(helm: true);
        await SaveAsync(cluster);
        cluster.With("hangs");

        var run = await cluster.Folder.ShellAsync("""
            env --default-signal=INT,TERM scripts/restore.sh saved.tar.gz --target kubernetes --yes &
            for i in $(seq 600); do [ ! -f state/hanging ] || break; sleep 0.05; done
            kill -TERM $!
            touch state/go-on
            wait $!
            """);

        run.ExitCode.ShouldBe(130, run.Output + run.Error);
        run.Error.ShouldContain("statefulset.apps/redis started again");
        cluster.Folder.Read("state/replicas").ShouldBe("1");
    }

    [Fact]
    public async Task A_Redis_elsewhere_is_refused_before_anything_is_changed()
    {
        using var cluster = new ScriptCluster(helm: true);
        await SaveAsync(cluster);
        cluster.With("no-redis");

        var run = await cluster.RunAsync("restore.sh saved.tar.gz --target kubernetes --yes");

        run.ExitCode.ShouldBe(69);
        run.Error.ShouldContain("runs elsewhere");
        cluster.Calls.ShouldNotContain(" scale ");
    }

    private static async Task SaveAsync(ScriptCluster cluster) => (await cluster.RunAsync("backup.sh --target kubernetes --output saved.tar.gz")).Well();

    private static ScriptCluster Cluster(bool helm, StandInService service) =>
        new ScriptCluster(helm).With("port", service.Port.ToString(CultureInfo.InvariantCulture));
}
