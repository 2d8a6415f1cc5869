using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Systemd;

/// <summary>What <c>./lucia bundle systemd</c> makes, on a real machine with systemd and without .NET.</summary>
[Collection(SystemdTests.Name)]
[Trait("Speed", "Slow")]
public sealed partial class BundleTests(BundleMachine bundle, ITestOutputHelper output)
{
    private const string LastBeat = "systemctl show -p WatchdogTimestampMonotonic --value lucia";

    [Fact]
    public async Task What_the_host_lacks_is_told_before_anything_changes()
    {
        var machine = await bundle.FreshAsync();
        bundle.Built.ShouldContain($"+ dotnet publish ../lucia.AgentHost/lucia.AgentHost.csproj --configuration Release --runtime {ServiceBundle.Runtime} --self-contained true");
        (await machine.RunAsync("command -v dotnet || echo none")).ShouldBe("none");
        var folder = await machine.RunAsync("set -- /usr/lib/*/libicuuc.so* && dirname \"$1\"");
        await using var lacking = await bundle.WhileAsync($"mkdir -p /root/aside && mv {folder}/libicuuc.so* /root/aside && ldconfig", $"mv /root/aside/* {folder}/; ldconfig");

        var refused = await machine.ExecuteAsync("/root/bundle/install.sh");

        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldContain("the library libicuuc is not installed, and .NET cannot run without it. Install it: apt-get install");
        refused.Error.ShouldContain("Nothing was changed.");
        (await machine.RunAsync("ls -d /opt/lucia /etc/lucia 2>/dev/null || :")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Installed_without_a_question_it_names_the_one_thing_that_cannot_be_generated_and_a_second_install_changes_nothing()
    {
        var machine = await bundle.FreshAsync();
        (await machine.RunAsync("/root/bundle/install.sh")).ShouldContain("it needs\n  chat-model: ./install.sh set chat-model");
        await bundle.InstalledAsync();
        const string Everything = "find /opt/lucia /etc/lucia /etc/systemd/system -type f -exec stat -c '%n %a %Y' {} + | sort | sha256sum; systemctl show -p MainPID --value lucia lucia-redis";
        var before = await machine.RunAsync(Everything);

        (await machine.RunAsync("/root/bundle/install.sh")).ShouldContain("nothing to change");

        (await machine.RunAsync(Everything)).ShouldBe(before);
        (await machine.RunAsync("systemctl is-active lucia lucia-redis lucia.target")).ShouldBe("active\nactive\nactive");
        (await machine.RunAsync("systemctl status --no-pager lucia")).ShouldContain("Active: active (running)");
    }

    [Fact]
    public async Task It_chats_acts_in_the_home_and_runs_on_its_own_dotnet()
    {
        var machine = await bundle.InstalledAsync();

        var reply = await bundle.ChatAsync("kitchen", "Turn on the kitchen light");

        reply["actions"]!.AsArray().ShouldHaveSingleItem()!["success"]!.GetValue<bool>().ShouldBeTrue(reply.ToJsonString());
        var health = await bundle.GetAsync("/health");
        health["status"]!.GetValue<string>().ShouldBe("Healthy", health.ToJsonString());
        (await machine.RunAsync("curl -s http://127.0.0.1:5000/health")).ShouldNotContain("components");
        (await machine.RunAsync("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:5000/api/agents")).ShouldBe("401");
        (await machine.RunAsync("grep -o '/[^ ]*libcoreclr.so' /proc/$(systemctl show -p MainPID --value lucia)/maps | sort -u"))
            .ShouldMatch("^/opt/lucia/releases/[^/]+/app/libcoreclr.so$");
    }

    [Fact]
    public async Task The_doctor_examines_the_installation_and_the_service_examines_itself_as_it_is_confined()
    {
        var machine = await bundle.InstalledAsync();

        var well = await machine.RunAsync("/root/bundle/install.sh doctor");
        Ran ill;
        // The right one comes back as it is written in the credentials: no argument of a command holds it.
        await using (await bundle.WhileAsync(
            "cp -p /etc/lucia/credentials/home-assistant-access-token /root/token && printf wrong-token | /root/bundle/install.sh set home-assistant-access-token",
            "/root/bundle/install.sh set home-assistant-access-token </root/token && rm /root/token"))
        {
            ill = await machine.ExecuteAsync("/root/bundle/install.sh doctor");
        }

        well.ShouldContain("All is well.");
        foreach (var check in new[] { "settings", "redis", "redis-policy", "home-assistant", "home-entities", "chat-model", "chat-streaming", "tool-calling" })
            well.ShouldContain($"  pass  {check} ");
        ill.ExitCode.ShouldBe(1);
        ill.Output.ShouldContain("fail  home-assistant    Home Assistant refused the token");
        ill.Output.ShouldContain("FAIL  lucia is not well (exit code 1)");
        (ill.Output + well).ShouldNotContain(BundleMachine.Token);
        (await machine.RunAsync("systemctl list-units --all --no-legend 'lucia-doctor*'; ls /run/systemd/system | grep lucia || :")).ShouldBeEmpty("nothing is left behind");
    }

    [Fact]
    public async Task The_journal_knows_the_level_of_every_entry()
    {
        var machine = await bundle.InstalledAsync();
        var start = await bundle.NowAsync();
        await using (await bundle.WhileAsync("systemctl kill -s KILL lucia-redis", "systemctl restart lucia-redis"))
            await machine.UntilAsync($"{BundleMachine.Journal(start)} | grep -q 'Redis cannot be reached'");
        await bundle.ReadyAsync();

        var entries = (await machine.RunAsync("journalctl -u lucia -o json _TRANSPORT=stdout --no-pager")).Split('\n').Select(line => JsonNode.Parse(line)!).ToList();

        Priority(entries, "Connected to Redis").ShouldBe("6");
        Priority(entries, "Redis cannot be reached").ShouldBe("4");
        entries.ShouldAllBe(entry => !entry["MESSAGE"]!.ToString().StartsWith('<'), "the level is not part of the message");
        entries.ShouldAllBe(entry => entry["SYSLOG_IDENTIFIER"]!.ToString() == "lucia");
    }

    [Fact]
    public async Task Its_secrets_are_where_only_the_service_can_read_them()
    {
        var machine = await bundle.InstalledAsync();
        var (apiKey, password) = (await machine.RunAsync("cat /etc/lucia/credentials/auth-api-key"), await machine.RunAsync("cat /etc/lucia/credentials/redis-password"));
        apiKey.Length.ShouldBe(32);
        password.Length.ShouldBe(22);
        // The simulator beside it is told its token by its environment; it is no part of what is installed.
        const string Ours = "for p in /proc/[0-9]*; do [ \"$(cat $p/comm 2>/dev/null)\" = dotnet ] || cat $p/{0} 2>/dev/null; done | tr '\\0' '\\n'";
        var seen = new Dictionary<string, string>
        {
            ["ExecStart="] = await machine.RunAsync("systemctl show lucia lucia-redis lucia.target"),
            ["CREDENTIALS_DIRECTORY="] = await machine.RunAsync(string.Format(CultureInfo.InvariantCulture, Ours, "environ")),
            ["lucia.AgentHost"] = await machine.RunAsync(string.Format(CultureInfo.InvariantCulture, Ours, "cmdline")),
            ["Connected to Redis"] = await machine.RunAsync("journalctl --no-pager"),
        };
        foreach (var (proof, text) in seen)
        {
            text.ShouldContain(proof);
            foreach (var secret in new[] { apiKey, password, BundleMachine.Token }) text.ShouldNotContain(secret, customMessage: proof);
        }

        (await machine.RunAsync("stat -c '%a %U' /etc/lucia/credentials/* | sort -u")).ShouldBe("600 root");
    }

    [Fact]
    public async Task Killed_stopped_or_out_of_threads_it_is_started_again()
    {
        var machine = await bundle.InstalledAsync();
        // The intervals of a drop-in keep this short, yet leave a busy machine time to answer: half of the watchdog's.
        await using var quick = await bundle.WithAsync("WatchdogSec=10", "TimeoutAbortSec=1", "RestartSec=1");
        await bundle.ReadyAsync();
        var start = await bundle.NowAsync();

        await machine.RunAsync("kill -9 $(systemctl show -p MainPID --value lucia)");
        var killed = await bundle.RestartedAsync(1);

        // Its heart beats, and when it stops beating, systemd starts it again.
        var beat = await machine.RunAsync(LastBeat);
        await machine.UntilAsync($"[ \"$({LastBeat})\" -gt {beat} ]");
        await machine.RunAsync("kill -STOP $(systemctl show -p MainPID --value lucia)");
        var stopped = await bundle.RestartedAsync(2);

        // Alive, its port open, and yet it answers nobody.
        await machine.RunAsync("touch /var/lib/lucia/exhaust");
        var exhausted = await bundle.RestartedAsync(3);

        (await machine.RunAsync($"{BundleMachine.Journal(start)} | grep -c 'Watchdog timeout'")).ShouldBe("2");
        output.WriteLine($"ready again after kill -9 in {killed.TotalSeconds:0.0} s; with a watchdog of 10 s: after SIGSTOP in {stopped.TotalSeconds:0.0} s, without threads in {exhausted.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Its_limits_hold()
    {
        var machine = await bundle.InstalledAsync();
        (await machine.RunAsync("systemctl show -p MemoryMax -p TasksMax -p CPUQuotaPerSecUSec lucia")).Split('\n').ShouldBe(["CPUQuotaPerSecUSec=2s", "MemoryMax=1073741824", "TasksMax=256"], ignoreOrder: true);
        // As the unit is, but for half a minute's patience.
        await using var quick = await bundle.WithAsync("RestartSec=1", "MemoryMax=384M");

        await machine.RunAsync("touch /var/lib/lucia/tasks");
        await machine.UntilAsync("[ -s /var/lib/lucia/threads ]");
        int.Parse(await machine.RunAsync("cat /var/lib/lucia/threads"), CultureInfo.InvariantCulture).ShouldBeInRange(100, 256);

        await machine.RunAsync("systemctl restart lucia");
        var start = await bundle.NowAsync();
        await machine.RunAsync("touch /var/lib/lucia/memory");
        await bundle.RestartedAsync();
        (await machine.RunAsync(BundleMachine.Journal(start))).ShouldMatch("oom-kill|status=9/KILL", "with version 1 of control groups systemd does not learn who killed it");
    }

    [Fact]
    public async Task The_running_unit_is_exposed_to_little()
    {
        var machine = await bundle.InstalledAsync();

        var verdict = await machine.RunAsync("systemd-analyze security --no-pager lucia.service | tail -n 1");

        output.WriteLine(verdict);
        double.Parse(Exposure().Match(verdict).Groups[1].Value, CultureInfo.InvariantCulture).ShouldBeLessThanOrEqualTo(1.5, verdict);
    }

    [Fact]
    public async Task A_reboot_of_the_machine_brings_it_back_with_its_conversations()
    {
        var machine = await bundle.InstalledAsync();
        await bundle.ChatAsync("rebooted", "Turn on the bedroom light");

        await machine.RebootAsync();

        await bundle.ReadyAsync();
        (await bundle.GetAsync("/api/sessions/rebooted"))["turns"]!.AsArray().Count.ShouldBe(1);
        (await machine.RunAsync("systemctl is-active lucia lucia-redis lucia.target")).ShouldBe("active\nactive\nactive");
    }

    [Fact]
    public async Task A_changed_setting_takes_effect_and_a_wrong_one_is_named_where_people_look()
    {
        var machine = await bundle.InstalledAsync();
        const string Keep = "cp -p /etc/lucia/lucia.env /root/lucia.env && ", Restore = "cp -p /root/lucia.env /etc/lucia/lucia.env && systemctl reset-failed lucia; systemctl restart lucia";
        await using (await bundle.WhileAsync(Keep + "echo LUCIA_PORT=5001 >>/etc/lucia/lucia.env && systemctl restart lucia", Restore))
            await machine.UntilAsync("[ \"$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:5001/health/ready)\" = 200 ]");

        await using var wrong = await bundle.WhileAsync(Keep + "printf 'Sessions__TtlHours=soon\\nHomeAssistant__TimeoutSeconds=0\\n' >>/etc/lucia/lucia.env", Restore);
        var start = await bundle.NowAsync();
        (await machine.ExecuteAsync("systemctl restart lucia")).ExitCode.ShouldNotBe(0);
        var status = (await machine.ExecuteAsync("systemctl status --no-pager lucia")).Output;
        var journal = (await machine.RunAsync(BundleMachine.Journal(start, "--output json _TRANSPORT=stdout"))).Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        var doctor = await machine.ExecuteAsync("/root/bundle/install.sh doctor");

        status.ShouldContain("status=78/CONFIG");
        status.ShouldContain("Active: failed", customMessage: "wrong settings are not tried for ever");
        // The one that was stopped has its last words there, too.
        journal.Where(entry => entry["_PID"]!.ToString() == journal[^1]["_PID"]!.ToString()).ShouldAllBe(entry => entry["PRIORITY"]!.ToString() == "3");
        doctor.ExitCode.ShouldBe(1);
        foreach (var name in new[] { "Sessions__TtlHours", "HomeAssistant__TimeoutSeconds" })
        {
            status.ShouldContain(name);
            journal.ShouldContain(entry => entry["MESSAGE"]!.ToString().Contains(name));
            doctor.Output.ShouldContain(name);
        }
    }

    [Fact]
    public async Task It_is_upgraded_rolled_back_and_goes_back_by_itself_from_a_version_that_does_not_start()
    {
        var machine = await bundle.InstalledAsync();
        await bundle.ChatAsync("kept", "Turn on the hallway light");
        await UnpackSecondVersionAsync(machine);
        const string Version = "/opt/lucia/current/app/lucia.AgentHost --version";
        var first = await machine.RunAsync(Version);
        var (second, third) = (ProductVersion.Later(), ProductVersion.Later(2));

        (await machine.RunAsync("/root/second/install.sh upgrade")).ShouldContain($"lucia {second}-");
        await bundle.ReadyAsync();
        (await bundle.GetAsync("/health"))["version"]!.GetValue<string>().ShouldBe(second);
        (await bundle.GetAsync("/api/sessions/kept"))["turns"]!.AsArray().Count.ShouldBe(1);

        await machine.RunAsync("/root/second/install.sh rollback");
        await bundle.ReadyAsync();
        (await machine.RunAsync(Version)).ShouldBe(first);

        await machine.RunAsync($"cp -a /root/second /root/broken && sed -i \"s/^version='{second}'/version='{third}'/\" /root/broken/install.sh && rm /root/broken/app/lucia.Settings.dll");
        var broken = await machine.ExecuteAsync("/root/broken/install.sh upgrade");
        broken.ExitCode.ShouldBe(1);
        broken.Error.ShouldContain($"{third}-");
        broken.Error.ShouldContain($"does not start. Going back to {ProductVersion.Current}-");
        await bundle.ReadyAsync();
        (await machine.RunAsync(Version)).ShouldBe(first);
        (await bundle.GetAsync("/api/sessions/kept"))["turns"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Uninstalled_it_keeps_what_is_ones_own_and_purged_it_leaves_nothing()
    {
        var machine = await bundle.InstalledAsync();
        await bundle.ChatAsync("remembered", "Turn on the bathroom light");
        var key = await machine.RunAsync("cat /etc/lucia/credentials/auth-api-key");

        (await machine.RunAsync("/root/bundle/install.sh uninstall")).ShouldContain("are kept");
        (await machine.RunAsync("systemctl list-unit-files --no-legend 'lucia*'; ls -d /opt/lucia 2>/dev/null || :; pgrep -l lucia || :")).ShouldBeEmpty();
        await bundle.InstalledAsync();
        (await machine.RunAsync("cat /etc/lucia/credentials/auth-api-key")).ShouldBe(key);
        (await bundle.GetAsync("/api/sessions/remembered"))["turns"]!.AsArray().Count.ShouldBe(1);

        (await machine.RunAsync("/root/bundle/install.sh uninstall --purge")).ShouldContain("are removed");
        (await machine.RunAsync("find / -xdev \\( -path /proc -o -path /root -o -path /tmp -o -path /opt/tests -o -path /var/log \\) -prune -o -name '*lucia*' -print; systemctl list-units --all --no-legend 'lucia*'; pgrep -l lucia || :"))
            .ShouldBeEmpty();
    }

    /// <summary>The same sources as another version, beside what does not differ.</summary>
    private static async Task UnpackSecondVersionAsync(SystemdMachine machine)
    {
        var build = Path.Combine(Programs.Repository, "artifacts/bundle-build");
        (await Ran.ToEndAsync("dotnet", ["build", "lucia.AgentHost/lucia.AgentHost.csproj", "--nologo", "--no-restore", "--verbosity", "quiet", "--configuration", "Release", "--runtime", ServiceBundle.Runtime!,
            "--self-contained", "true", "--artifacts-path", build, $"-p:Version={ProductVersion.Later()}"], seconds: 180)).Well();
        var folder = Path.Combine(build, $"bin/lucia.AgentHost/release_{ServiceBundle.Runtime}");
        await machine.RunAsync($"rm -rf /root/second /root/broken && cp -a /root/bundle /root/second && sed -i \"s/^version='.*'/version='{ProductVersion.Later()}'/\" /root/second/install.sh");
        foreach (var file in new[] { "lucia.AgentHost.dll", "lucia.AgentHost.deps.json", "lucia.ServiceDefaults.dll", "lucia.Settings.dll" })
        {
            await using var content = File.OpenRead(Path.Combine(folder, file));
            (await machine.ExecuteAsync($"cat >/root/second/app/{file}", content)).Well();
        }
    }

    private static string Priority(List<JsonNode> entries, string message) =>
        entries.First(entry => entry["MESSAGE"]!.ToString().StartsWith(message))["PRIORITY"]!.ToString();

    [GeneratedRegex(@"(\d+\.\d+)")]
    private static partial Regex Exposure();
}
