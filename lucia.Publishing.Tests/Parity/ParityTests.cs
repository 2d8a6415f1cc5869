using Lucia.Publishing.Targets;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>What each target says of every workload is what the manifest says, but for the exceptions that have a reason.</summary>
public sealed class ParityTests
{
    public static TheoryData<string, string> Outputs => ParitySample.All;

    public static TheoryData<string, string> PublicOutputs => ParitySample.Public;

    public static TheoryData<string> Exceptions => [.. ParityException.All.Select(static e => e.What)];

    [Theory, MemberData(nameof(Outputs))]
    public async Task The_output_read_back_says_what_the_manifest_says(string sample, string target) =>
        (await ParitySample.Of(sample).DifferencesAsync(target)).ShouldBeEmpty();

    [Theory, MemberData(nameof(PublicOutputs))]
    public async Task The_output_of_a_public_manifest_says_what_the_manifest_says(string number, string target) =>
        (await ParitySample.Of(number).DifferencesAsync(target)).ShouldBeEmpty();

    public static TheoryData<string, string, string> Additions => new()
    {
        { "\"Region\": ", "\"Added\": \"1\", \"Region\": ", "web: Environment: lacks Added of the manifest" },
        { "\"Signing__Key\": ", "\"Added\": \"{signing-key.value}\", \"Signing__Key\": ", "worker: Environment: lacks Added of the manifest" },
        { "\"targetPort\": 9000 }", "\"targetPort\": 9000 }, \"added\": { \"scheme\": \"tcp\", \"protocol\": \"tcp\", \"transport\": \"tcp\", \"targetPort\": 9009, \"external\": true }", "worker: Port: lacks {worker.bindings.added} of the manifest" },
        { "\"archive\": { \"type\"", "\"added\": { \"type\": \"container.v0\", \"image\": \"a:1\" }, \"archive\": { \"type\"", "added is missing" },
    };

    /// <summary>As if planning had lost it: the outputs are made of a manifest that is without it.</summary>
    [Theory, MemberData(nameof(Additions))]
    public async Task What_the_manifest_alone_says_is_missed_in_every_output(string text, string changed, string difference)
    {
        var sample = ParitySample.Of("shop");
        var manifest = sample.Manifest.Replace(text, changed, StringComparison.Ordinal);
        manifest.ShouldNotBe(sample.Manifest);

        // The chart's objects are read as those of kustomize are. A Quadlet container that only containers call says nothing of its ports.
        string[] targets = difference.Contains("Port:", StringComparison.Ordinal) ? ["compose", "kubernetes"] : ["compose", "kubernetes", "systemd"];
        foreach (var target in targets)
            new ManifestJson(manifest).Missing(sample.Plan.For(target), await sample.ReadAsync(target)).ShouldContain($"{target}: {difference}");
    }

    [Fact]
    public void The_account_of_a_workload_is_what_a_person_reads_in_its_manifest()
    {
        var plan = ParitySample.Of("shop").Plan;

        ManifestFacts.Of(plan.Workload("worker"), new Glossary(plan)).Select(static f => f.ToString()).ShouldBe(
            [
                "Secret: Queue = file redis://:{cache-password.value}@{cache.bindings.tcp.host}:{cache.bindings.tcp.port}/1 in /run/secrets",
                "Secret: Signing__Key = file {signing-key.value} in /run/secrets",
                "Environment: Level = {level.value=Info}",
                "Environment: Archive = {archive.bindings.tcp.host}:{archive.bindings.tcp.port}",
                "Environment: SECRETS = /run/secrets",
                "File: /etc/worker/rules.ini = retries = 3\n",
                "Port: {worker.bindings.http} = ",
                "Storage: /var/jobs = jobs",
                "Storage: /models = models ro",
                "Health: startup = sh | -c | test -s \"$HOME/alive\" && echo '100%'",
                "Health: startup timing = every 2 s for 5 s, 30 failures, 0 s after the start",
                "Health: readiness = GET /ready of http",
                "Health: readiness timing = every 10 s for 5 s, 3 failures, 0 s after the start",
                "Health: liveness timing = every 10 s for 5 s, 3 failures, 0 s after the start",
                "Health: check timing = every 10 s for 5 s, 3 failures, 0 s after the start",
                "Health: liveness = sh | -c | test -s \"$HOME/alive\" && echo '100%'",
                "Health: check = sh | -c | test -s \"$HOME/alive\" && echo '100%'",
                "Dependency: cache = ",
                "Dependency: archive = ",
                "Dependency: cache = service_healthy",
                "Dependency: archive = service_started",
                "Limit: cpu = 500m",
                "Limit: memory = 1000000000",
                "Limit: pids = 40",
                "Outside: addresses outside = ",
            ],
            ignoreOrder: true);
    }

    [Theory, MemberData(nameof(Exceptions))]
    public async Task An_exception_is_needed_by_some_output(string what)
    {
        var exception = ParityException.All.Single(e => e.What == what);
        var uses = 0;
        foreach (var sample in ParitySample.Names.Select(static name => ParitySample.Of(name)))
        {
            foreach (var target in PublishTargets.All.Select(static t => t.Name))
            {
                var glossary = new Glossary(sample.Plan.For(target));
                var workloads = glossary.Plan.Workloads.Where(w => exception.Applies(target, w)).ToList();
                if (workloads.Count == 0)
                    continue;
                uses += workloads.Sum(w => exception.Instead?.Invoke(glossary.Plan, w).Count() ?? 0)
                    + workloads.Sum(w => ManifestFacts.Of(w, glossary).Count(f => exception.LeftOut?.Invoke(glossary.Plan, w, f) == true));
                if (exception.Unasked is { } unasked)
                {
                    var said = await sample.ReadAsync(target);
                    uses += workloads.Sum(w => said.Workload(w.Name).Count(f => unasked(sample.Plan, w, f)));
                }
            }
        }

        uses.ShouldBePositive();
        exception.Reason.ShouldNotBeNullOrWhiteSpace();
    }
}
