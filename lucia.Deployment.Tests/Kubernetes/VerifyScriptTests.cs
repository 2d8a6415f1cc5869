using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Kubernetes;

/// <summary><c>deploy/scripts/verify-kubernetes.sh</c>: what it says, does and leaves behind when things go wrong.</summary>
public sealed class VerifyScriptTests
{
    private static readonly string[] Simulated = ["--simulator-image", "lucia-simulator:test"];

    [Fact]
    public async Task Shellcheck_finds_nothing()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/shellcheck"), "'shellcheck' is not installed.");
        var scripts = Directory.GetFiles(Path.Combine(Programs.Repository, "deploy/scripts/verify-kubernetes"), "*.sh");
        scripts.Length.ShouldBeGreaterThan(3);

        (await Ran.ToEndAsync("shellcheck", [Path.Combine(Programs.Repository, "deploy/scripts/verify-kubernetes.sh"), .. scripts])).Well();
    }

    [Fact]
    public async Task The_help_names_every_option_and_exit_code()
    {
        using var cluster = new StubCluster();

        var help = (await cluster.VerifyAsync("--help")).Well().Output;

        foreach (var word in (string[])["--image", "--chart", "--namespace", "--storage-class", "--existing-volume", "--replicas", "--with", "--context", "--keep", "--dry-run",
            "--simulator-image", "--chat-model", "--ingress-host", "--ingress-class", "--report", "Examples:", "69", "130"])
        {
            help.ShouldContain(word);
        }

        cluster.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nothing to chat with")]
    [InlineData("\"--colour\" is not known", "--colour")]
    [InlineData("--image takes a value", "--image")]
    [InlineData("--with takes helm or kustomize", "--dry-run", "--with", "ansible")]
    [InlineData("--chart is for --with helm", "--dry-run", "--with", "kustomize", "--chart", "lucia-1.2.3.tgz")]
    [InlineData("there is no chart \"nowhere.tgz\"", "--dry-run", "--with", "helm", "--chart", "nowhere.tgz")]
    [InlineData("--replicas takes a number", "--dry-run", "--replicas", "many")]
    [InlineData("--namespace takes small letters", "--dry-run", "--namespace", "Lucia Home")]
    [InlineData("exclude each other", "--dry-run", "--storage-class", "fast", "--existing-volume", "pv-1")]
    [InlineData("ChatModel__AccessKey in the environment", "--chat-model", "Endpoint=http://a;AccessKey=geheim")]
    [InlineData("need --ingress-host", "--dry-run", "--ingress-class", "nginx")]
    [InlineData("is no name of an image", "--dry-run", "--image", "a\n  b: c")]
    public async Task Wrong_usage_is_told_before_anything_is_done(string message, params string[] arguments)
    {
        using var cluster = new StubCluster();

        var ran = await cluster.VerifyAsync(arguments);

        ran.ExitCode.ShouldBe(2, ran.Output + ran.Error);
        ran.Error.ShouldContain(message);
        ran.Error.ShouldNotContain("geheim");
        cluster.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("kustomize", "kubectl")]
    [InlineData("helm", "helm")]
    public async Task A_missing_program_is_named(string with, string program)
    {
        using var cluster = new StubCluster().Without(program);

        var ran = await cluster.VerifyAsync("--dry-run", "--with", with);

        ran.ExitCode.ShouldBe(69);
        ran.Error.ShouldContain($"missing: {program}");
    }

    [Theory]
    [InlineData("unreachable", "", "The connection to the server was refused", "--context names one")]
    [InlineData("version", "{\"gitVersion\": \"v1.27.9\"}", "it is v1.27.9", "1.28 or later")]
    [InlineData("forbidden", "", "you may not create a namespace", "rights of a cluster administrator")]
    [InlineData("no-class", "", "no default StorageClass", "--storage-class")]
    [InlineData("namespace", "somebody-elses", "is not of this script's making", "--namespace")]
    public async Task A_cluster_that_will_not_do_is_told_with_the_remedy(string what, string how, string problem, string remedy)
    {
        using var cluster = new StubCluster().With(what, how);

        var ran = await cluster.VerifyAsync(Simulated);

        ran.ExitCode.ShouldBe(69, ran.Output + ran.Error);
        ran.Output.ShouldContain(problem);
        ran.Output.ShouldContain(remedy);
        cluster.Calls.ShouldNotContain("delete namespace");
        cluster.Calls.ShouldNotContain("apply");
    }

    [Theory]
    [InlineData("", "Available", "there is no PersistentVolume pv-1")]
    [InlineData("volume", "Bound", "is not free but Bound")]
    public async Task A_volume_that_is_not_free_is_refused(string what, string how, string problem)
    {
        using var cluster = new StubCluster();
        if (what.Length > 0) cluster.With(what, how);

        var ran = await cluster.VerifyAsync([.. Simulated, "--existing-volume", "pv-1"]);

        ran.ExitCode.ShouldBe(69, ran.Output + ran.Error);
        ran.Output.ShouldContain(problem);
    }

    [Theory]
    [InlineData("kustomize")]
    [InlineData("helm")]
    [Trait("Speed", "Slow")]
    public async Task A_healthy_cluster_passes_and_nothing_is_left(string with)
    {
        using var cluster = new StubCluster();
        var report = cluster.At("report.md");

        var ran = await cluster.VerifyAsync([.. Simulated, "--with", with, "--report", report, "--timeout", "20"]);

        ran.ExitCode.ShouldBe(0, ran.Output + ran.Error);
        ran.Output.ShouldContain(" 0 failed");
        ran.Output.ShouldContain("a pod is killed: 50 requests, none lost");
        cluster.HasNamespace.ShouldBeFalse();
        File.ReadAllText(report).ShouldContain("| ok |");
        Directory.GetDirectories(Path.GetDirectoryName(report)!, "tmp.*").ShouldBeEmpty("the working folder with the keys is removed");
        foreach (var secret in (string[])["the-key-of-the-callers", "the-key-of-the-model"])
        {
            cluster.Calls.ShouldNotContain(secret);
            (ran.Output + ran.Error + File.ReadAllText(report)).ShouldNotContain(secret);
        }
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_chart_that_is_named_is_the_one_that_is_installed()
    {
        using var cluster = new StubCluster();
        var chart = cluster.At("lucia-1.2.3.tgz");
        await File.WriteAllTextAsync(chart, "", TestContext.Current.CancellationToken);

        (await cluster.VerifyAsync([.. Simulated, "--with", "helm", "--chart", chart, "--timeout", "20"])).Well().Output.ShouldContain("installed with helm from lucia-1.2.3.tgz");
        (await cluster.VerifyAsync(["--dry-run", "--with", "helm", "--chart", chart])).Output.ShouldContain("the installation as asked for");

        // The upgrade that changes a setting takes it too, and no rendering takes another.
        var charts = cluster.Calls.Split('\n').Where(static call => call.Contains("helm upgrade ") || call.Contains("helm template ")).ToList();
        charts.Count(static call => call.Contains("helm upgrade ")).ShouldBe(2);
        charts.Count(static call => call.Contains("helm template ")).ShouldBeGreaterThan(3);
        charts.ShouldAllBe(call => call.Contains($" lucia {chart} "));
    }

    [Theory]
    [InlineData("apply-fails", "error: no matches for kind Deployment", "no matches for kind Deployment")]
    [InlineData("never-ready", "statefulset/redis", "statefulset/redis did not become ready")]
    [InlineData("never-ready", "deployment/verify-simulator", "Can the cluster have the image lucia-simulator:test?")]
    public async Task An_installation_that_fails_is_told_with_events_and_logs_and_removed(string what, string how, string problem)
    {
        using var cluster = new StubCluster().With(what, how);

        var ran = await cluster.VerifyAsync([.. Simulated, "--timeout", "5"]);

        ran.ExitCode.ShouldBe(1, ran.Output + ran.Error);
        ran.Output.ShouldContain("FAIL");
        ran.Output.ShouldContain(problem);
        ran.Error.ShouldContain("Failed to pull image");
        ran.Error.ShouldContain("what the pod wrote");
        cluster.HasNamespace.ShouldBeFalse();
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Every_check_is_made_although_some_fail()
    {
        using var cluster = new StubCluster().With("lost", "3").With("no-key-needed").With("left-over", "service/agenthost").With("open-network");

        var ran = await cluster.VerifyAsync([.. Simulated, "--timeout", "20"]);

        ran.ExitCode.ShouldBe(1, ran.Output + ran.Error);
        ran.Output.ShouldContain("3 of 50 requests were lost while the pod was killed");
        ran.Output.ShouldContain("3 of 50 requests were lost while the setting was rolled out");
        ran.Output.ShouldContain("a call without a key was answered 200");
        ran.Output.ShouldContain("this is still there: service/agenthost");
        ran.Output.ShouldContain("skip");
        ran.Output.ShouldContain(" 4 failed, 1 skipped");
        cluster.HasNamespace.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_to_be_kept_is_kept_and_made_anew_the_next_time()
    {
        using var cluster = new StubCluster().With("apply-fails", "error");

        var first = await cluster.VerifyAsync([.. Simulated, "--keep"]);
        cluster.HasNamespace.ShouldBeTrue();
        var second = await cluster.VerifyAsync(Simulated);

        first.Output.ShouldContain("kept: the namespace lucia-verify");
        second.Output.ShouldContain("in place of the kept one");
        cluster.HasNamespace.ShouldBeFalse();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Interrupted_it_removes_what_it_made(string signal)
    {
        using var cluster = new StubCluster().With("hangs");
        using var script = cluster.Start(Simulated);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            while (!cluster.Calls.Contains("rollout status", StringComparison.Ordinal)) await Task.Delay(50, limit.Token);
            cluster.HasNamespace.ShouldBeTrue();

            // To the whole group, as a terminal does; the stub is a child of the script.
            (await Ran.ToEndAsync("sh", ["-c", $"for child in $(cat /proc/{script.Id}/task/*/children); do kill -{signal} $child; done; kill -{signal} {script.Id}"])).Well();
            await script.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!script.HasExited) script.Kill(entireProcessTree: true);
        }

        script.ExitCode.ShouldBe(130);
        cluster.HasNamespace.ShouldBeFalse();
    }
}
