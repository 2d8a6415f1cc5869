using System.Text.Json.Nodes;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Systemd;

/// <summary>What <c>./lucia bundle systemd</c> makes, on a real machine with systemd and without .NET.</summary>
[Trait("Speed", "Slow")]
public sealed class BundleTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-bundle-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_runs_guards_its_secrets_comes_back_and_leaves_nothing()
    {
        await using var machine = await SystemdMachine.StartAsync();
        (await machine.RunAsync("command -v dotnet || echo none")).ShouldBe("none");
        await using (var bundle = File.OpenRead(await BuildAsync()))
            (await machine.ExecuteAsync("mkdir /root/bundle && tar -xpzf - -C /root/bundle --strip-components=1", bundle)).Well();

        // What the host lacks is told before anything changes.
        await machine.RunAsync("mkdir /root/aside && mv /usr/lib/*/libicuuc.so* /root/aside && ldconfig");
        var refused = await machine.ExecuteAsync("/root/bundle/install.sh");
        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldContain("the library libicuuc is not installed, and .NET cannot run without it. Install it: apt-get install");
        refused.Error.ShouldContain("Nothing was changed.");
        (await machine.RunAsync("ls -d /opt/lucia /etc/lucia 2>/dev/null || :")).ShouldBeEmpty();
        await machine.RunAsync("mv /root/aside/* /usr/lib/x86_64-linux-gnu/ && ldconfig");

        // Installed without a question: what can be generated is, the one thing that cannot is named.
        (await machine.RunAsync("/root/bundle/install.sh")).ShouldContain("it needs\n  chat-model: ./install.sh set chat-model");
        var accessKey = Guid.NewGuid().ToString("N");
        await machine.RunAsync("/root/bundle/install.sh set chat-model", "Endpoint=http://127.0.0.1:9/v1;Model=m;Provider=openai-compatible");
        await machine.RunAsync("/root/bundle/install.sh set chat-model-access-key", accessKey);
        (await machine.RunAsync("/root/bundle/install.sh")).ShouldContain("is running");
        (await machine.RunAsync("systemctl is-active lucia lucia-redis lucia.target")).ShouldBe("active\nactive\nactive");
        (await machine.RunAsync("/root/bundle/install.sh")).ShouldContain("nothing to change");
        (await machine.RunAsync("/root/bundle/install.sh doctor")).ShouldContain("All is well.");

        await AnswersAsync(machine);
        await KeepsItsSecretsAsync(machine, accessKey);

        // Killed, it comes back.
        await machine.RunAsync("kill -9 $(systemctl show -p MainPID --value lucia)");
        await machine.UntilAsync(Restarts(1));
        await AnswersAsync(machine);

        // Its heart beats, and when it stops beating, systemd starts it again. The intervals of a drop-in keep this short.
        await machine.RunAsync("mkdir /etc/systemd/system/lucia.service.d && printf '[Service]\\nWatchdogSec=4\\nRestartSec=1\\n' >/etc/systemd/system/lucia.service.d/quick.conf && systemctl daemon-reload && systemctl restart lucia");
        var beat = await machine.RunAsync(LastBeat);
        await machine.UntilAsync($"[ \"$({LastBeat})\" -gt {beat} ]");
        await machine.RunAsync("kill -STOP $(systemctl show -p MainPID --value lucia)");
        await machine.UntilAsync(Restarts(1));
        (await machine.RunAsync("journalctl -o cat -u lucia")).ShouldContain("Watchdog timeout");
        await machine.RunAsync("rm -r /etc/systemd/system/lucia.service.d");

        (await machine.RunAsync("/root/bundle/install.sh uninstall --purge")).ShouldContain("are removed");
        (await machine.RunAsync("find / -xdev \\( -path /proc -o -path /root -o -path /tmp -o -path /var/log \\) -prune -o -name '*lucia*' -print; systemctl list-units --all --no-legend 'lucia*'; pgrep -l lucia || :"))
            .ShouldBeEmpty();
    }

    private const string LastBeat = "systemctl show -p WatchdogTimestampMonotonic --value lucia";

    /// <summary>Ready again after so many restarts: a unit of Type=notify is active only after READY=1.</summary>
    private static string Restarts(int count) =>
        $"[ \"$(systemctl show -p NRestarts --value lucia)\" -ge {count} ] && systemctl is-active --quiet lucia";

    /// <summary>Builds it, without a trace in the lock files, and gives the tarball.</summary>
    private async Task<string> BuildAsync()
    {
        var locks = Directory.EnumerateDirectories(Programs.Repository, "lucia.*").Select(project => Path.Combine(project, "packages.lock.json")).Where(File.Exists).ToList();
        var before = await Task.WhenAll(locks.Select(file => File.ReadAllTextAsync(file, Cancellation)));
        // The build that runs these tests has made the AppHost already.
        var options = File.Exists(Path.Combine(Programs.Repository, "lucia.AppHost/bin/Debug/net10.0/lucia.AppHost.dll")) ? ["--no-build"] : Array.Empty<string>();

        var built = await Ran.ToEndAsync(Path.Combine(Programs.Repository, "lucia"), ["bundle", "systemd", "--output", _folder.FullName, .. options], seconds: 300);

        built.Well().Error.ShouldContain("+ dotnet publish ../lucia.AgentHost/lucia.AgentHost.csproj --configuration Release --runtime linux-x64 --self-contained true");
        (await Task.WhenAll(locks.Select(file => File.ReadAllTextAsync(file, Cancellation)))).ShouldBe(before);
        return _folder.EnumerateFiles("*.tar.gz").ShouldHaveSingleItem().FullName;
    }

    private static async Task AnswersAsync(SystemdMachine machine)
    {
        (await machine.RunAsync("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:5000/health/ready")).ShouldBe("200");
        // The key goes over standard input: an argument could be seen.
        var health = await machine.RunAsync("sed 's/^/X-Api-Key: /' /etc/lucia/credentials/auth-api-key | curl -s -H @- http://127.0.0.1:5000/health");
        JsonNode.Parse(health)!["components"]!.AsArray().Single(component => (string?)component!["name"] == "redis")!["status"]!.GetValue<string>().ShouldBe("Healthy", health);
        (await machine.RunAsync("curl -s http://127.0.0.1:5000/health")).ShouldNotContain("components");
    }

    private static async Task KeepsItsSecretsAsync(SystemdMachine machine, string accessKey)
    {
        var (apiKey, password) = (await machine.RunAsync("cat /etc/lucia/credentials/auth-api-key"), await machine.RunAsync("cat /etc/lucia/credentials/redis-password"));
        apiKey.Length.ShouldBe(32);
        password.Length.ShouldBe(22);
        var seen = new Dictionary<string, string>
        {
            ["ExecStart="] = await machine.RunAsync("systemctl show lucia lucia-redis lucia.target"),
            ["CREDENTIALS_DIRECTORY="] = await machine.RunAsync("cat /proc/[0-9]*/environ | tr '\\0' '\\n'"),
            ["lucia.AgentHost"] = await machine.RunAsync("cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'"),
            ["Connected to Redis"] = await machine.RunAsync("journalctl --no-pager"),
        };
        foreach (var (proof, text) in seen)
        {
            text.ShouldContain(proof);
            foreach (var secret in new[] { apiKey, password, accessKey }) text.ShouldNotContain(secret);
        }

        (await machine.RunAsync("stat -c '%a %U' /etc/lucia/credentials/* | sort -u")).ShouldBe("600 root");
    }
}
