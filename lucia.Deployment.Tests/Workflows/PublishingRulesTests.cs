using System.Reflection;
using System.Text.RegularExpressions;

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
            // A fork has the workflows, but neither the secrets nor the registry.
            job.Condition.ShouldStartWith("github.repository == 'seiggy/lucia-dotnet' && github.event_name ", customMessage: $"{job}");
            foreach (var (id, called) in new[] { ("ci", "ci"), ("kubernetes", "helm-lint"), ("infrastructure", "validate-infrastructure") })
            {
                job.AllNeeds.ShouldContain(id, $"{job}");
                job.Workflow.Job(id).Uses.ShouldBe($"./.github/workflows/{called}.yml");
                Workflow.Named($"{called}.yml").Triggers.Has("workflow_call").ShouldBeTrue();
            }
        }

        Image.Job("image").AllNeeds.ShouldBe(["ci", "kubernetes", "infrastructure"], ignoreOrder: true);
        Image.Job("image").Condition.ShouldBe("github.repository == 'seiggy/lucia-dotnet' && github.event_name != 'pull_request'");
        // Each job but the last is something that has to pass.
        Image.Job("publish").AllNeeds.ShouldBe(Image.Jobs.Select(static job => job.Id).Where(static id => id != "publish"), ignoreOrder: true);
        Release.Job("publish").AllNeeds.ShouldBe(Release.Jobs.Select(static job => job.Id).Where(static id => id != "publish"), ignoreOrder: true);
    }

    [Fact]
    public void An_image_is_built_only_from_a_package_set_whose_whole_test_run_passed()
    {
        // That it speaks only when every job passed, the rules of the workflows say.
        Ci.Job("tested").Commands.ShouldBe(["eng/check-needs.sh", "echo \"packages=baseline full\" >> \"$GITHUB_OUTPUT\""]);
        Ci.Job("fast").Commands.ShouldContain("./lucia test --fast");
        Ci.Job("targets").Commands.ShouldContain("eng/test-target.sh ${{ matrix.target }}");
        Ci.Job("full").Commands.ShouldContain("eng/check-full.sh --part ${{ matrix.part }}");
        Ci.Job("full").Node.Map("strategy").Map("matrix").Texts("part").ShouldBe(["apphost", "service"]);
        Ci.Triggers.Map("workflow_call").Map("outputs").Map("packages").Text("value").ShouldBe("${{ jobs.tested.outputs.packages }}");

        foreach (var (job, source) in new[] { (Ci.Job("image"), "needs.tested"), (Image.Job("image"), "needs.ci") })
        {
            var step = job.Steps.Single(static step => step.Text("run")?.StartsWith("eng/build-image.sh", StringComparison.Ordinal) is true);
            step.Text("run")!.ShouldContain("--packages full --tested \"$TESTED\" --platforms linux/amd64,linux/arm64");
            step.Map("env").Text("TESTED").ShouldBe($"${{{{ {source}.outputs.packages }}}}");
        }
    }

    [Fact]
    public void The_image_that_is_proven_is_of_the_package_set_that_is_pushed()
    {
        Image.Job("image").Commands.Single(static command => command.StartsWith("eng/build-image.sh", StringComparison.Ordinal)).ShouldContain(" --packages full ");
        // What compose and the guides are proven with.
        Ci.Job("targets").Node.Map("env").Text("LUCIA_IMAGE_PACKAGES").ShouldBe("full");
        var builds = Workflow.All.SelectMany(static workflow => workflow.Jobs).SelectMany(static job => job.Commands)
            .Where(static command => command.StartsWith("eng/build-image.sh", StringComparison.Ordinal)).ToList();
        builds.Count.ShouldBe(4);
        builds.ShouldAllBe(static command => command.Contains(" --packages full "));
    }

    [Fact]
    public async Task Every_project_is_tested_with_the_full_set_but_those_that_the_script_names()
    {
        var script = await File.ReadAllTextAsync(Script.Path("check-full.sh"), TestContext.Current.CancellationToken);
        var without = (await Script.RunAsync("check-full.sh", "--help")).Well().Output.Split("Two projects are in neither.")[1];

        foreach (var project in Directory.EnumerateDirectories(Lucia.AgentHost.Tests.Support.Programs.Repository, "lucia.*.Tests").Select(Path.GetFileName))
        {
            var tested = Regex.IsMatch(script, $@"projects\+?=\([^)]*\b{Regex.Escape(project!)}\b");
            tested.ShouldBe(!without.Contains(project!), project);
        }
    }

    [Fact]
    public async Task The_targets_run_beside_the_fast_tests_and_together_they_are_all_tests()
    {
        var targets = (await Script.RunAsync("test-target.sh", "--list")).Well().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // One after the other they would take too long.
        Ci.Job("targets").Needs.ShouldBeEmpty();
        Ci.Job("targets").Node.Map("strategy").Map("matrix").Texts("target").ShouldBe(targets);
        var names = SlowTests().ToList();
        names.Count.ShouldBeGreaterThan(40);
        var filters = new Dictionary<string, Func<string, bool>>();
        foreach (var target in targets) filters.Add(target, await FilterAsync(target));
        // Each slow test of this project is run once, whatever is added; and no target runs nothing.
        foreach (var name in names) filters.Count(filter => filter.Value(name)).ShouldBe(1, name);
        foreach (var (target, matches) in filters.Where(static filter => filter.Key != "rest")) names.ShouldContain(name => matches(name), target);
        var compose = await FilterAsync("compose");
        foreach (var name in names) compose(name).ShouldBe(filters["compose-1"](name) || filters["compose-2"](name), name);
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("targets")]
    [InlineData("full")]
    [InlineData("baseline")]
    public void What_a_runner_lacks_is_not_passed_over(string job) => Ci.Job(job).Commands[^1].ShouldBe("eng/check-skips.sh");

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
        foreach (var job in new[] { install, workflow.Job("admission"), workflow.Job("operate") })
        {
            // The packed chart, as a release has it.
            job.Commands.ShouldContain("eng/package-chart.sh --output dist", $"{job}");
            job.Mentions("--chart dist/lucia-*.tgz").ShouldBeTrue($"{job}");
        }
    }

    [Fact]
    public void The_tests_that_need_a_cluster_and_the_scripts_of_an_operator_run_on_one()
    {
        var admission = Workflow.Named("helm-lint.yml").Job("admission");
        admission.Node.Map("env").Text("LUCIA_KUBECONFIG").ShouldBe(admission.Node.Map("env").Text("KUBECONFIG"));
        admission.Commands.TakeLast(2).ShouldBe(["eng/test-target.sh kubernetes", "eng/check-skips.sh --refuse LUCIA_KUBECONFIG"]);
        admission.Commands.Count(static command => command.StartsWith("deploy/scripts/verify-kubernetes.sh --dry-run")).ShouldBe(2);

        var operate = Workflow.Named("helm-lint.yml").Job("operate").Commands;
        var kept = operate.ToList().FindIndex(static command => command.Contains(" --keep"));
        operate.Skip(kept + 1).Select(static command => command.Split(' ')[0]).ShouldBe(
            [.. ((string[])["health-check", "verify-deployment", "backup", "restore"]).Select(static name => $"deploy/scripts/{name}.sh")]);
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

    /// <summary>What <c>eng/test-target.sh</c> has dotnet test run: terms that are bound by <c>&amp;</c>, one of them in brackets with <c>|</c> in it.</summary>
    private static async Task<Func<string, bool>> FilterAsync(string target)
    {
        var filter = (await Script.RunAsync("test-target.sh", "--filter", target)).Well().Output.Trim();
        filter.ShouldStartWith("Speed=Slow&");
        var terms = filter["Speed=Slow&".Length..].Split('&');
        return name => terms.All(term => term.Trim('(', ')').Split('|').Any(one => one.StartsWith("FullyQualifiedName!~", StringComparison.Ordinal)
            ? !name.Contains(one["FullyQualifiedName!~".Length..])
            : name.Contains(one["FullyQualifiedName~".Length..])));
    }

    private static IEnumerable<string> SlowTests() =>
        from type in typeof(PublishingRulesTests).Assembly.GetTypes()
        where type is { IsClass: true, IsAbstract: false }
        from method in type.GetMethods()
        where method.IsDefined(typeof(FactAttribute), inherit: true)
        where IsSlow(type) || IsSlow(method)
        select $"{type.FullName}.{method.Name}";

    private static bool IsSlow(MemberInfo member) => member.GetCustomAttributes<TraitAttribute>(inherit: true).Any(static trait => trait is { Name: "Speed", Value: "Slow" });
}
