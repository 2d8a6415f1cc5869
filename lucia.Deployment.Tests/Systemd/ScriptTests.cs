using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Systemd;

/// <summary>The scripts of <c>deploy/scripts</c> where the bundle installs them.</summary>
[Collection(SystemdTests.Name)]
[Trait("Speed", "Slow")]
public sealed class ScriptTests(BundleMachine bundle, ITestOutputHelper output)
{
    private const string Folder = "/opt/lucia/current/scripts";
    private static readonly string[] Examined = ["settings", "redis", "redis-policy", "home-assistant", "home-entities", "chat-model", "chat-streaming", "tool-calling"];

    [Fact]
    public async Task A_healthy_machine_passes_every_check_and_no_secret_is_shown()
    {
        var machine = await bundle.InstalledAsync();

        // The target is found by itself unless it is said.
        var health = await machine.RunAsync($"{Folder}/health-check.sh");
        var valid = await machine.RunAsync($"{Folder}/validate-deployment.sh");
        var verified = await machine.RunAsync($"{Folder}/verify-deployment.sh --target systemd --chat");

        foreach (var part in new[] { "alive", "ready", "key", "redis", "homeAssistant", "chatModel" }) health.ShouldMatch($"(?m)^pass  {part} ");
        foreach (var part in Examined)
        {
            valid.ShouldMatch($"(?m)^pass  doctor: {part} ");
            verified.ShouldMatch($"(?m)^pass  doctor: {part} ");
        }

        output.WriteLine(verified.Split('\n')[^1]);
        verified.Split('\n').Count(static line => line.StartsWith("pass  ", StringComparison.Ordinal)).ShouldBeGreaterThan(50);
        verified.ShouldMatch(@"(?m)^systemd: \d+ passed, 0 failed, 0 warnings, 1 skipped$");
        verified.ShouldMatch("(?m)^skip  doctor: embedding-model +Not configured");
        foreach (var secret in await SecretsAsync(machine)) (health + valid + verified).ShouldNotContain(secret);
    }

    [Fact]
    public async Task What_is_wrong_is_named_with_what_to_do()
    {
        var machine = await bundle.InstalledAsync();
        await machine.RunAsync("echo not-the-key-of-this-house >/root/wrong-key");
        var refused = await machine.ExecuteAsync($"{Folder}/health-check.sh --target systemd --api-key-file /root/wrong-key");
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldMatch("(?m)^fail  key .*\n +-> .*--api-key-file");

        // Whoever may not read the settings is not told that there are none.
        var stranger = await machine.ExecuteAsync($"setpriv --reuid=65534 --regid=65534 --clear-groups {Folder}/health-check.sh");
        stranger.ExitCode.ShouldBe(69, stranger.Output);
        stranger.Error.ShouldContain("run this as root: sudo");

        Ran invalid;
        await using (await bundle.WhileAsync("cp -p /etc/lucia/lucia.env /root/settings && echo HomeAssistant__BaseUrl=http://your-home.example.com:8123 >>/etc/lucia/lucia.env", "mv /root/settings /etc/lucia/lucia.env"))
            invalid = await machine.ExecuteAsync($"{Folder}/validate-deployment.sh --static");
        invalid.ExitCode.ShouldBe(78, invalid.Output);
        invalid.Output.ShouldMatch("(?m)^fail  HomeAssistant__BaseUrl +still holds a placeholder\n +-> It is in /etc/lucia/lucia.env");

        await using (await bundle.WhileAsync("systemctl stop lucia-redis", "systemctl start lucia-redis"))
        {
            await machine.UntilAsync($"! {Folder}/health-check.sh >/dev/null");
            var lost = await machine.ExecuteAsync($"{Folder}/health-check.sh --target systemd");
            lost.Output.ShouldMatch("(?m)^fail  redis ");
            (await machine.RunAsync($"{Folder}/health-check.sh --allow-degraded")).ShouldMatch("(?m)^warn  redis ");
            var verified = await machine.ExecuteAsync($"{Folder}/verify-deployment.sh");
            verified.ExitCode.ShouldBe(1);
            verified.Error.ShouldBeEmpty();
            foreach (var check in new[] { "redis-connected", "lucia-redis-active", "redis", "doctor: redis" }) verified.Output.ShouldMatch($"(?m)^fail  {check} .*\n +-> ");
            verified.Output.ShouldMatch("(?m)^skip  redis-append-only ");
            var saved = await machine.ExecuteAsync($"{Folder}/backup.sh --output /root/never.tar.gz; ls /root/never.tar.gz");
            saved.Error.ShouldContain("Redis does not answer");
            saved.Output.ShouldBeEmpty("nothing is written");
        }

        await machine.UntilAsync($"{Folder}/health-check.sh >/dev/null");
    }

    [Fact]
    public async Task Deleted_data_and_settings_are_restored_from_a_backup_that_holds_no_secret()
    {
        var machine = await bundle.InstalledAsync();
        await bundle.ChatAsync("saved", "Turn on the porch light");
        const string DropIns = "/etc/systemd/system/lucia.service.d";
        await using var mine = await bundle.WhileAsync(
            $"mkdir -p {DropIns} && printf '[Service]\nTasksMax=255\n' >{DropIns}/limits.conf && {{ printf '[Service]\nEnvironment=MINE='; cat /etc/lucia/credentials/auth-api-key; }} >{DropIns}/careless.conf",
            $"rm -rf {DropIns} /etc/lucia/*.before-restore; sed -i '/^Sessions__TtlHours=1$/d' /etc/lucia/lucia.env; systemctl daemon-reload; systemctl start lucia-redis; systemctl restart lucia");

        var saved = (await machine.ExecuteAsync($"rm -f /root/saved.tar.gz; {Folder}/backup.sh --output /root/saved.tar.gz")).Well();

        saved.Error.ShouldContain("lucia.service.d/careless.conf is left out: the secret auth-api-key is in it.");
        (await machine.RunAsync("stat -c %a /root/saved.tar.gz")).ShouldBe("600");
        var packed = await machine.RunAsync("tar -xzOf /root/saved.tar.gz | tr -c '[:print:]\\n' ' '");
        packed.ShouldContain("TasksMax=255");
        foreach (var secret in await SecretsAsync(machine)) packed.ShouldNotContain(secret);

        await machine.RunAsync($"systemctl stop lucia lucia-redis && rm -rf {DropIns} /var/lib/private/lucia-redis/* && echo Sessions__TtlHours=1 >>/etc/lucia/lucia.env && systemctl daemon-reload && systemctl start lucia-redis lucia");
        await bundle.ReadyAsync();
        (await bundle.GetAsync("/api/sessions/saved"))["status"]!.GetValue<int>().ShouldBe(404, "the data is gone");

        (await machine.RunAsync($"{Folder}/restore.sh /root/saved.tar.gz --target systemd --settings --yes")).ShouldMatch("Redis has [1-9]");

        (await bundle.GetAsync("/api/sessions/saved"))["turns"]!.AsArray().Count.ShouldBe(1);
        (await machine.RunAsync("systemctl show -p TasksMax --value lucia; grep -c '^Sessions__TtlHours=1$' /etc/lucia/lucia.env || :")).ShouldBe("255\n0");
        // What is restored is appended to and read again like anything else.
        await bundle.ChatAsync("saved", "Turn off the porch light");
        await machine.RunAsync("systemctl restart lucia-redis lucia");
        await bundle.ReadyAsync();
        (await bundle.GetAsync("/api/sessions/saved"))["turns"]!.AsArray().Count.ShouldBe(2);
    }

    private static async Task<IReadOnlyList<string>> SecretsAsync(SystemdMachine machine)
    {
        var secrets = (await machine.RunAsync("for one in /etc/lucia/credentials/*; do cat $one; echo; done")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        secrets.Length.ShouldBeGreaterThan(3);
        return secrets;
    }
}
