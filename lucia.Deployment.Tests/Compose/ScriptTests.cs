using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>The scripts of <c>deploy/scripts</c> on the running deployment.</summary>
public sealed class ScriptTests(ComposeHouse house) : ComposeTest(house)
{
    [Fact]
    public async Task A_healthy_house_passes_every_check_and_no_secret_is_shown()
    {
        var deployment = await House.DeploymentAsync();

        var health = (await deployment.TryAsync("../scripts/health-check.sh --doctor")).Well();
        var valid = (await deployment.TryAsync("../scripts/validate-deployment.sh")).Well();
        var verified = (await deployment.TryAsync("../scripts/verify-deployment.sh --chat")).Well();

        foreach (var part in new[] { "redis", "homeAssistant", "chatModel", "embeddingModel" }) health.Output.ShouldMatch($"(?m)^pass  {part} ");
        // The service examines itself where it runs: on a root that cannot be written, with secrets in files.
        foreach (var run in new[] { health, valid, verified })
            foreach (var part in new[] { "settings", "redis", "redis-policy", "home-assistant", "home-entities", "chat-model", "chat-streaming", "tool-calling", "embedding-model" })
                run.Output.ShouldMatch($"(?m)^pass  doctor: {part} ");
        verified.Output.Split('\n').Count(static line => line.StartsWith("pass  ", StringComparison.Ordinal)).ShouldBeGreaterThan(40);
        verified.Output.ShouldMatch(@"(?m)^compose: \d+ passed, 0 failed, ");
        foreach (var run in new[] { health, valid, verified })
        {
            run.Output.ShouldNotContain("\u001b", customMessage: "no colours when nobody looks");
            foreach (var secret in deployment.Secrets) (run.Output + run.Error).ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task A_wrong_key_and_a_stopped_Redis_are_named_with_what_to_do()
    {
        var deployment = await House.DeploymentAsync();
        await File.WriteAllTextAsync(Path.Combine(deployment.Folder, "wrong-key"), "not-the-key-of-this-house\n", Cancellation);

        var refused = await deployment.TryAsync("../scripts/health-check.sh --api-key-file wrong-key");
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldMatch("(?m)^fail  key .*\n +-> .*--api-key-file");

        await deployment.RunAsync("docker compose stop redis");
        try
        {
            await Eventually.TrueAsync("the loss is noticed", async () => (await deployment.HealthAsync())["status"]!.GetValue<string>() == "Degraded");
            var lost = await deployment.TryAsync("../scripts/health-check.sh");
            lost.ExitCode.ShouldBe(1);
            lost.Output.ShouldMatch("(?m)^fail  redis ");
            (await deployment.TryAsync("../scripts/health-check.sh --allow-degraded")).Well().Output.ShouldMatch("(?m)^warn  redis ");
            var verified = await deployment.TryAsync("../scripts/verify-deployment.sh");
            verified.ExitCode.ShouldBe(1);
            foreach (var check in new[] { "redis-connected", "redis-healthy", "doctor: redis" }) verified.Output.ShouldMatch($"(?m)^fail  {check} ");
            verified.Output.ShouldMatch("(?m)^skip  redis-append-only ");
            var saved = await deployment.TryAsync("../scripts/backup.sh --output never.tar.gz");
            saved.ExitCode.ShouldBe(1);
            saved.Error.ShouldContain("Redis does not answer");
            File.Exists(Path.Combine(deployment.Folder, "never.tar.gz")).ShouldBeFalse();
        }
        finally
        {
            await deployment.RunAsync("docker compose up -d --wait");
        }
    }

    [Fact]
    public async Task A_deleted_volume_is_restored_from_a_backup()
    {
        var deployment = await House.DeploymentAsync();
        var session = (await deployment.ChatAsync("turn on the porch light"))["sessionId"]!.GetValue<string>();
        await deployment.RunAsync("../scripts/backup.sh --output saved.tar.gz");
        var packed = await deployment.RunAsync("tar -xzOf saved.tar.gz");
        foreach (var secret in deployment.Secrets) packed.ShouldNotContain(secret);
        (await deployment.RunAsync("stat -c %a saved.tar.gz")).ShouldBe("600");
        (await deployment.TryAsync("../scripts/backup.sh --output saved.tar.gz")).Error.ShouldContain("is there already");

        // An archive that is cut off, altered or none of ours changes nothing.
        await deployment.RunAsync("head -c 800 saved.tar.gz >cut.tar.gz; tar -xzf saved.tar.gz && echo 1 >>lucia-backup/redis.rdb && tar -czf altered.tar.gz lucia-backup; tar -czf other.tar.gz README.md");
        foreach (var broken in new[] { "cut.tar.gz", "altered.tar.gz", "other.tar.gz" })
        {
            var refused = await deployment.TryAsync($"../scripts/restore.sh {broken} --yes");
            refused.ExitCode.ShouldBe(65, broken);
            refused.Error.ShouldContain("Nothing was changed.");
        }

        (await deployment.TurnsAsync(session)).ShouldBe(1);
        (await deployment.TryAsync("../scripts/restore.sh saved.tar.gz")).Error.ShouldContain("--yes", customMessage: "nobody is there to ask");

        await deployment.RunAsync($"{deployment.Guide.To("remove it with its data")} && docker compose up -d --wait");
        (await deployment.TurnsAsync(session)).ShouldBeNull("the data is gone");
        (await deployment.TryAsync("../scripts/restore.sh saved.tar.gz --yes --settings")).Well().Output.ShouldMatch("Redis has [1-9]");

        (await deployment.TurnsAsync(session)).ShouldBe(1);
        await deployment.ChatAsync("turn off the porch light", session);
        (await deployment.StateAsync("light.porch")).ShouldBe("off");
        // What is restored is appended to and read again like anything else.
        await deployment.RunAsync("docker compose restart && docker compose up -d --wait");
        (await deployment.TurnsAsync(session)).ShouldBe(2);
    }
}
