using static Lucia.Publishing.Tests.Systemd.SystemdSamples;

namespace Lucia.Publishing.Tests.Systemd;

/// <summary>The installer on a real machine with systemd, from the folder of scripts that LUCIA_TESTBED names.</summary>
[Trait("Speed", "Slow")]
public sealed class MachineTests
{
    [Fact]
    public async Task It_is_installed_upgraded_rolled_back_and_removed()
    {
        var testbed = Environment.GetEnvironmentVariable("LUCIA_TESTBED");
        if (string.IsNullOrEmpty(testbed))
            Assert.Skip("LUCIA_TESTBED names no folder with machine-up.");
        await using var machine = await Machine.StartAsync(testbed);
        await machine.BringAsync();

        // Installed, with one secret still to come.
        (await machine.InstallAsync("")).Well().Output.ShouldContain("installed, but not started: it needs\n  greeter-key:");
        await machine.RunAsync("cd /root/bundle && printf 'sesame-open\\n' | ./install.sh set greeter-key");
        (await machine.InstallAsync("")).Well().Output.ShouldContain("is running");
        (await machine.InstallAsync("doctor")).Well().Output.ShouldContain("All is well.");

        // Values arrive as they are; no secret can be seen.
        (await machine.RunAsync("journalctl -o cat -t greeter")).ShouldContain("greeting: hello; text: It says hello at 127.0.0.1, 100% $sure; key of 11");
        var seen = (await machine.RunAsync("cat /var/lib/greeter-bystander/seen")).Split('\n');
        var key = await machine.RunAsync("cat /etc/greeter/credentials/db-key");
        seen.ShouldContain("ConnectionStrings__my-db=Host=db;Password=" + key);
        seen.ShouldContain("Hyphen-ated=hello!");
        seen.ShouldContain("PLAIN=sesame-open");
        var password = await machine.RunAsync("cat /etc/greeter/credentials/redis-password");
        var shown = await machine.RunAsync("systemctl show greeter greeter-redis greeter-bystander; cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
        shown.ShouldNotContain(password);
        shown.ShouldNotContain("sesame-open");
        shown.ShouldNotContain(key);
        (await machine.RunAsync("for unit in greeter greeter-redis; do tr '\\0' '\\n' </proc/$(systemctl show -p MainPID --value $unit)/environ; done"))
            .ShouldSatisfyAllConditions(e => e.ShouldContain("CREDENTIALS_DIRECTORY"), e => e.ShouldNotContain(password), e => e.ShouldNotContain("sesame-open"));
        (await machine.RunAsync("redis-cli -p 6380 ping 2>&1 || :")).ShouldContain("NOAUTH");
        (await machine.RunAsync("REDISCLI_AUTH=$(cat /etc/greeter/credentials/redis-password) redis-cli -p 6380 set kept yes")).ShouldContain("OK");
        (await machine.RunAsync("REDISCLI_AUTH=$(cat /etc/greeter/credentials/redis-password) redis-cli -p 6380 info server persistence memory"))
            .ShouldSatisfyAllConditions(i => i.ShouldContain("aof_enabled:1"), i => i.ShouldContain("maxmemory_policy:noeviction"));
        (await machine.RunAsync("stat -c %U /proc/$(systemctl show -p MainPID --value greeter-redis)")).ShouldNotBe("root");

        // Twice changes nothing and restarts nothing.
        var before = await machine.RunAsync("systemctl show -p MainPID --value greeter greeter-redis; find /etc/greeter /opt/greeter /etc/systemd/system/greeter* -newer /root/bundle/.stamp -printf '%p %T@\\n' | sort");
        (await machine.InstallAsync("")).Well().Output.ShouldContain("nothing to change");
        (await machine.RunAsync("systemctl show -p MainPID --value greeter greeter-redis; find /etc/greeter /opt/greeter /etc/systemd/system/greeter* -newer /root/bundle/.stamp -printf '%p %T@\\n' | sort"))
            .ShouldBe(before);

        // A setting takes effect.
        await machine.RunAsync("echo 'Greeter__Word=\"good $day\"' >>/etc/greeter/greeter.env");
        (await machine.InstallAsync("")).Well();
        (await machine.RunAsync("journalctl -o cat -t greeter -n 1")).ShouldContain("greeting: good $day; text: It says good $day at");

        // An upgrade, the way back, and an upgrade that does not start.
        var first = await machine.RunAsync("readlink /opt/greeter/current");
        await machine.RunAsync("cd /root/bundle && sed -i 's/greeting:/newer greeting:/' app/greeter/greet.sh");
        (await machine.InstallAsync("upgrade")).Well();
        (await machine.RunAsync("journalctl -o cat -t greeter -n 1")).ShouldStartWith("newer greeting: good $day");
        (await machine.InstallAsync("rollback")).Well();
        (await machine.RunAsync("readlink /opt/greeter/current")).ShouldBe(first);
        (await machine.RunAsync("journalctl -o cat -t greeter -n 1")).ShouldStartWith("greeting: good $day");
        await machine.RunAsync("cd /root/bundle && sed -i 's/^set -eu$/exit 7/' app/greeter/greet.sh");
        var failed = await machine.InstallAsync("upgrade");
        failed.ExitCode.ShouldBe(1);
        failed.Error.ShouldContain("does not start. Going back to");
        (await machine.RunAsync("readlink /opt/greeter/current; systemctl is-active greeter")).ShouldBe(first + "\nactive");

        // What does not work is told before anything changes.
        await machine.RunAsync("cd /root/bundle && sed -i 's/^exit 7$/set -eu/' app/greeter/greet.sh && systemctl stop greeter-redis && systemctl disable -q --now redis-server && redis-server --port 6380 --daemonize yes --save '' --pidfile /run/other.pid >/dev/null && until redis-cli -p 6380 ping >/dev/null 2>&1; do sleep 0.1; done");
        var taken = await machine.InstallAsync("");
        taken.ExitCode.ShouldBe(1);
        taken.Error.ShouldContain("port 6380, which greeter-redis is to listen at, is taken");
        taken.Error.ShouldContain("Nothing was changed.");
        await machine.RunAsync("redis-cli -p 6380 shutdown nosave; :");
        (await machine.InstallAsync("")).Well();
        (await machine.RunAsync("REDISCLI_AUTH=$(cat /etc/greeter/credentials/redis-password) redis-cli -p 6380 get kept")).ShouldBe("yes");

        // An own Redis.
        (await machine.InstallAsync("--external-redis")).Well();
        (await machine.RunAsync("systemctl is-active greeter-redis || :; systemctl show -p After --value greeter")).ShouldSatisfyAllConditions(
            s => s.ShouldStartWith("inactive"), s => s.ShouldContain("redis-server.service"));
        (await machine.InstallAsync("--own-redis")).Well();

        // Removed: data stays, then goes.
        (await machine.InstallAsync("uninstall")).Well();
        (await machine.RunAsync("systemctl list-unit-files 'greeter*' --no-legend; ls -d /opt/greeter 2>/dev/null; ls /etc/greeter/greeter.env /var/lib/private/greeter/kept"))
            .ShouldBe("/etc/greeter/greeter.env\n/var/lib/private/greeter/kept");
        (await machine.InstallAsync("")).Well();
        (await machine.RunAsync("REDISCLI_AUTH=$(cat /etc/greeter/credentials/redis-password) redis-cli -p 6380 get kept")).ShouldBe("yes");
        (await machine.InstallAsync("uninstall --purge")).Well();
        (await machine.RunAsync("find / -xdev -path /proc -prune -o -path /root -prune -o -path /tmp -prune -o -name '*greeter*' -print | grep -v /var/log/ || :")).ShouldBeEmpty();
    }

    /// <summary>A machine of the test's own.</summary>
    private sealed class Machine(string testbed, string name) : IAsyncDisposable
    {
        public static async Task<Machine> StartAsync(string testbed)
        {
            var machine = new Machine(testbed, $"lucia-systemd-{Environment.ProcessId}");
            (await Ran.ToEndAsync(Path.Combine(testbed, "machine-up"), [machine.Name], seconds: 180)).Well();
            return machine;
        }

        private string Name => name;

        /// <summary>Brings the bundle, made by its own script.</summary>
        public async Task BringAsync()
        {
            using var folder = new TemporaryFolder();
            var published = Path.Combine(folder.Path, "systemd");
            Published("greeter").WriteTo(published);
            (await Ran.ToEndAsync("sh", [Path.Combine(published, "build-bundle.sh"), "--sources", Path.Combine(Folder, "Manifests"), "--output", folder.Path])).Well();
            var bundle = Directory.EnumerateFiles(folder.Path, "*.tar.gz").Single();
            var text = Convert.ToBase64String(await File.ReadAllBytesAsync(bundle, TestContext.Current.CancellationToken));
            (await ExecuteAsync("mkdir /root/bundle && base64 -d | tar -xpzf - -C /root/bundle --strip-components=1 && touch /root/bundle/.stamp", text)).Well();
        }

        public Task<Ran> InstallAsync(string arguments) => ExecuteAsync("cd /root/bundle && ./install.sh " + arguments);

        public async Task<string> RunAsync(string command) => (await ExecuteAsync(command)).Well().Output.Trim();

        public async ValueTask DisposeAsync() => await Ran.ToEndAsync(Path.Combine(testbed, "machine-down"), [name]);

        private Task<Ran> ExecuteAsync(string command, string? input = null) =>
            Ran.ToEndAsync(Path.Combine(testbed, "machine-exec"), [name, "sh", "-c", command], input, seconds: 180);
    }
}
