using Lucia.Publishing.Targets;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>What each target says of every workload is what the manifest says, but for the exceptions that have a reason.</summary>
public sealed class ParityTests
{
    public static TheoryData<string, string> Outputs => ParitySample.All;

    [Theory, MemberData(nameof(Outputs))]
    public async Task The_output_read_back_says_what_the_manifest_says(string sample, string target) =>
        (await ParitySample.Of(sample).DifferencesAsync(target)).ShouldBeEmpty();

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
                "Port: {worker.bindings.http} = ",
                "Storage: /var/jobs = jobs",
                "Storage: /models = models ro",
                "Health: startup = sh | -c | test -s \"$HOME/alive\" && echo '100%'",
                "Health: readiness = GET /ready of http",
                "Health: liveness = sh | -c | test -s \"$HOME/alive\" && echo '100%'",
                "Health: check = sh | -c | test -s \"$HOME/alive\" && echo '100%'",
                "Dependency: cache = ",
                "Dependency: archive = ",
                "Dependency: cache = service_healthy",
                "Dependency: archive = service_started",
                "Limit: cpu = 500m",
                "Limit: memory = 1000000000",
                "Limit: pids = 40",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void Every_exception_is_needed_by_some_output()
    {
        var used = from sample in (ParitySample[])[ParitySample.Of("shop"), ParitySample.Of("repository")]
                   from target in PublishTargets.All
                   let glossary = new Glossary(sample.Plan.For(target.Name))
                   from workload in glossary.Plan.Workloads
                   from exception in ParityException.All
                   where exception.Applies(target.Name, workload)
                   where exception.Unasked is not null || exception.Instead?.Invoke(glossary.Plan, workload).Any() == true
                       || ManifestFacts.Of(workload, glossary).Any(f => exception.LeftOut?.Invoke(glossary.Plan, workload, f) == true)
                   select exception.What;

        used.Distinct().Order().ShouldBe(ParityException.All.Select(static e => e.What).Order());
    }
}
