namespace Lucia.Deployment.Tests.Workflows;

/// <summary>What is published, when, and after which proofs.</summary>
public sealed class PublishingRulesTests
{
    private static readonly Workflow Ci = Workflow.Named("ci.yml");
    private static readonly Workflow Image = Workflow.Named("docker-build-push.yml");
    private static readonly Workflow Release = Workflow.Named("release.yml");

    [Fact]
    public void A_pull_request_is_tested_and_publishes_nothing()
    {
        Ci.Triggers.Has("pull_request").ShouldBeTrue();
        Image.Triggers.Has("pull_request").ShouldBeFalse();
        Release.Triggers.Has("pull_request").ShouldBeFalse();
        foreach (var workflow in Workflow.All) workflow.Triggers.Has("pull_request_target").ShouldBeFalse(workflow.Name);
        // Whoever opens a pull request can change the sources: what runs then sees no secret, and pushes nothing.
        foreach (var job in Workflow.All.Where(workflow => workflow.Triggers.Has("pull_request")).SelectMany(workflow => workflow.Jobs))
        {
            job.Mentions("secrets.").ShouldBeFalse($"{job}");
            job.Mentions("--push").ShouldBeFalse($"{job}");
        }
    }

    [Fact]
    public void Main_and_every_version_are_tested_before_their_image_is_pushed()
    {
        Image.Triggers.Map("push").Texts("branches").ShouldBe(["main"]);
        Image.Triggers.Map("push").Texts("tags").ShouldBe(["v*.*.*"]);
        Image.Triggers.Has("workflow_dispatch").ShouldBeTrue();
        Ci.Triggers.Has("workflow_call").ShouldBeTrue();
        Image.Job("ci").Uses.ShouldBe("./.github/workflows/ci.yml");
    }

    [Fact]
    public void Whatever_sees_a_secret_or_writes_runs_only_after_everything_passed_and_never_for_a_pull_request()
    {
        var publishing = Workflow.All.SelectMany(workflow => workflow.Jobs)
            .Where(job => job.Mentions("secrets.") || job.Commands.Any(static command => command.Contains("publish-release", StringComparison.Ordinal))).ToList();

        publishing.Select(static job => $"{job}").ShouldBe(["docker-build-push.yml, job image", "docker-build-push.yml, job publish", "release.yml, job publish"]);
        foreach (var job in publishing)
        {
            job.Condition.ShouldContain("github.event_name ", customMessage: $"{job}");
            job.AllNeeds.ShouldContain("ci", $"{job}");
        }

        Image.Job("image").AllNeeds.ShouldBe(["ci", "kubernetes", "infrastructure"], ignoreOrder: true);
        Image.Job("image").Condition.ShouldBe("github.event_name != 'pull_request'");
        // Each job but the last is something that has to pass.
        Image.Job("publish").AllNeeds.ShouldBe(Image.Jobs.Select(static job => job.Id).Where(static id => id != "publish"), ignoreOrder: true);
        Release.Job("publish").AllNeeds.ShouldBe(Release.Jobs.Select(static job => job.Id).Where(static id => id != "publish"), ignoreOrder: true);
    }

    [Fact]
    public void An_image_is_built_only_from_a_package_set_whose_whole_test_run_passed()
    {
        var tested = Ci.Job("tested");
        tested.Condition.ShouldBeEmpty();
        tested.AllNeeds.ShouldBe(Ci.Jobs.Select(static job => job.Id).Where(static id => id is not ("tested" or "image")), ignoreOrder: true);
        tested.Commands.ShouldBe(["echo \"packages=baseline full\" >> \"$GITHUB_OUTPUT\""]);
        Ci.Job("fast").Commands.ShouldContain("./lucia test --fast");
        Ci.Job("targets").Commands.ShouldContain("eng/test-target.sh ${{ matrix.target }}");
        Ci.Job("full").Commands.ShouldContain("eng/check-full.sh");
        Ci.Triggers.Map("workflow_call").Map("outputs").Map("packages").Text("value").ShouldBe("${{ jobs.tested.outputs.packages }}");

        foreach (var (job, source) in new[] { (Ci.Job("image"), "needs.tested"), (Image.Job("image"), "needs.ci") })
        {
            var step = job.Steps.Single(static step => step.Text("run")?.StartsWith("eng/build-image.sh", StringComparison.Ordinal) is true);
            step.Text("run")!.ShouldContain("--packages full --tested \"$TESTED\" --platforms linux/amd64,linux/arm64");
            step.Map("env").Text("TESTED").ShouldBe($"${{{{ {source}.outputs.packages }}}}");
        }
    }

    [Fact]
    public async Task The_fast_tests_gate_the_targets_and_together_they_are_all_tests()
    {
        var targets = (await Script.RunAsync("test-target.sh", "--list")).Well().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Ci.Job("targets").Needs.ShouldBe(["fast"]);
        Ci.Job("targets").Node.Map("strategy").Map("matrix").Texts("target").ShouldBe(targets);
        var rest = (await Script.RunAsync("test-target.sh", "--filter", "rest")).Well().Output;
        foreach (var target in targets.Except(["rest"]))
        {
            var filter = (await Script.RunAsync("test-target.sh", "--filter", target)).Well().Output.Trim();
            filter.ShouldStartWith("Speed=Slow&FullyQualifiedName~.");
            rest.ShouldContain(filter["Speed=Slow".Length..].Replace("~", "!~"));
        }
    }

    [Fact]
    public void The_baseline_is_built_and_tested_on_every_system_developers_have()
    {
        var job = Ci.Job("baseline");

        job.Node.Map("strategy").Map("matrix").Texts("os").Select(static os => os.Split('-')[0]).ShouldBe(["windows", "macos"]);
        job.Commands.ShouldContain("./lucia test --fast");
    }

    [Fact]
    public void What_is_pushed_has_no_name_until_its_digest_ran_on_both_platforms_and_is_signed()
    {
        var smoke = Image.Job("smoke");
        smoke.Node.Map("strategy").Map("matrix").Texts("runner").ShouldBe(["ubuntu-24.04", "ubuntu-24.04-arm"]);
        smoke.Commands.ShouldBe(["eng/smoke-image.sh \"$IMAGE@$DIGEST\""]);

        var publish = Image.Job("publish");
        publish.Needs.ShouldContain("smoke");
        publish.Commands.ShouldBe(["eng/sign-image.sh \"$IMAGE@$DIGEST\"", "eng/tag-image.sh \"$IMAGE@$DIGEST\""]);
        publish.Node.Map("env").Text("DIGEST").ShouldBe("${{ needs.image.outputs.digest }}");
        Workflow.All.SelectMany(static workflow => workflow.Jobs).Count(static job => job.Mentions("tag-image.sh")).ShouldBe(1);
        // No emulation: both platforms are compiled on the runner's own.
        Workflow.All.ShouldAllBe(static workflow => !workflow.Text.Contains("setup-qemu"));
    }

    [Fact]
    public void The_chart_is_proven_from_the_oldest_to_the_newest()
    {
        var workflow = Workflow.Named("helm-lint.yml");

        workflow.Job("lint").Node.Map("strategy").Map("matrix").Texts("helm").ShouldBe(["v3.12.3", "latest"]);
        var install = workflow.Job("install");
        foreach (var what in (string[])["kindest/node:v1.28.", "v3.12.3", "latest", "helm", "kustomize"]) install.Mentions(what).ShouldBeTrue(what);
        install.Commands.ShouldContain(static command =>
            command.StartsWith("deploy/scripts/verify-kubernetes.sh ") && command.Contains(" --ingress-host ") && command.Contains(" --ingress-class traefik"));
    }

    [Fact]
    public void A_release_carries_both_bundles_the_chart_checksums_and_attestations()
    {
        Release.Job("bundles").Node.Map("strategy").Map("matrix").Texts("runtime").ShouldBe(["linux-x64", "linux-arm64"]);
        Release.Job("chart").Commands.ShouldBe(["eng/package-chart.sh --output dist"]);
        Release.Job("publish").Commands.ShouldBe(["eng/checksums.sh dist", "eng/publish-release.sh \"$GITHUB_REF_NAME\" dist"]);
        Release.Job("publish").Mentions("dist/SHA256SUMS").ShouldBeTrue();
        Release.Job("version").Commands.ShouldContain("eng/version.sh --check-tag \"$GITHUB_REF_NAME\"");
    }
}
