using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>What a process inside may do, asked of the kernel while it runs.</summary>
public sealed class HardeningTests(ComposeHouse house) : ComposeTest(house)
{
    [Theory]
    [InlineData("agenthost", "dotnet", "1654", "1654")]
    [InlineData("redis", "redis-server", "999", "1000")]
    public async Task It_runs_as_nobody_special_and_can_gain_nothing(string service, string program, string user, string group)
    {
        var deployment = await House.DeploymentAsync();

        var status = await StatusAsync(deployment, service, program);

        foreach (var field in new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" }) status[field].ShouldBe("0000000000000000", field);
        status["Uid"].Split('\t').ShouldAllBe(id => id == user);
        status["Gid"].Split('\t').ShouldAllBe(id => id == group);
        status["NoNewPrivs"].ShouldBe("1");
        status["Seccomp"].ShouldBe("2", "the engine's filter of system calls is on");
    }

    [Theory]
    [InlineData("agenthost", "/tmp")]
    [InlineData("redis", "/tmp", "/data")]
    public async Task Its_root_is_read_only(string service, params string[] writable)
    {
        var deployment = await House.DeploymentAsync();

        // Mount point and options are the fifth and the sixth field of mountinfo (proc(5)).
        var mounts = (await BesideAsync(deployment, service, "cat /proc/1/mountinfo")).Split('\n').Select(static line => line.Split(' ')).ToList();

        mounts.Single(static mount => mount[4] == "/")[5].Split(',').ShouldContain("ro");
        mounts.Where(mount => mount[5].Split(',').Contains("rw") && !Kernel(mount[4])).Select(static mount => mount[4])
            .Except(["/etc/resolv.conf", "/etc/hostname", "/etc/hosts"]).Order().ShouldBe(writable.Order());
        await File.WriteAllTextAsync(Path.Combine(deployment.Folder, "probe"), "", Cancellation);
        (await deployment.TryAsync($"docker compose cp probe {service}:/probe")).Error.ShouldContain("read-only");
    }

    [Theory]
    [InlineData("agenthost", "dotnet", 1024L << 20, 256)]
    [InlineData("redis", "redis-server", 512L << 20, 64)]
    public async Task Its_limits_hold(string service, string program, long memory, int processes)
    {
        var deployment = await House.DeploymentAsync();
        var limits = await ControlGroup.OfAsync(deployment, service, program);

        limits.Memory.ShouldBe(memory);
        limits.Processes.ShouldBe(processes);
        // Two cores or all there are, and one.
        limits.Cores.ShouldBe(service == "redis" ? 1 : Math.Min(2, Environment.ProcessorCount));
        limits.MemoryUsed.ShouldBeInRange(1 << 20, memory / 2);
    }

    [Fact]
    public async Task A_process_too_many_is_refused()
    {
        var deployment = await House.DeploymentAsync();

        var forks = await deployment.InsideAsync("redis", "sh -c 'for one in $(seq 80); do sleep 3 & done; wait'");

        forks.ExitCode.ShouldNotBe(0);
        forks.Error.ToLowerInvariant().ShouldContain("fork");
        await Eventually.TrueAsync("Redis answers again", async () => (await deployment.HealthAsync())["status"]!.GetValue<string>() == "Healthy");
    }

    [Theory]
    [InlineData("agenthost")]
    [InlineData("redis")]
    public async Task No_secret_can_be_seen_from_outside(string service)
    {
        var deployment = await House.DeploymentAsync();
        await deployment.ChatAsync("what is on?");
        var (inspected, processes, logs) = (
            (await deployment.InspectAsync(service)).ToJsonString(),
            await BesideAsync(deployment, service, "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; done"),
            await deployment.RunAsync($"docker compose logs --no-color {service} 2>&1"));

        inspected.ShouldContain("/run/secrets/");
        processes.ShouldContain(service == "redis" ? "redis-server" : "lucia.AgentHost.dll");
        logs.ShouldNotBeEmpty();
        deployment.Secrets.Count.ShouldBeGreaterThanOrEqualTo(5);
        foreach (var secret in deployment.Secrets)
        {
            inspected.ShouldNotContain(secret);
            processes.ShouldNotContain(secret);
            logs.ShouldNotContain(secret);
        }

        (await deployment.RunAsync("stat -c %a secrets secrets/* .env | sort -u")).ShouldBe("444\n600\n700");
    }

    private static bool Kernel(string mount) => mount.StartsWith("/proc", StringComparison.Ordinal) || mount.StartsWith("/dev", StringComparison.Ordinal) || mount.StartsWith("/sys", StringComparison.Ordinal);

    /// <summary>Runs a script with a shell in the process namespace of a service: its own image may have none.</summary>
    private static Task<string> BesideAsync(ComposeDeployment deployment, string service, string script) =>
        deployment.RunAsync($"docker run --rm --network none --user 0 --pid container:$(docker compose ps -q {service}) --entrypoint sh redis:8.2-alpine -c \"$SCRIPT\" beside".Replace("$SCRIPT", script.Replace("$", "\\$", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), StringComparison.Ordinal));

    private static async Task<IReadOnlyDictionary<string, string>> StatusAsync(ComposeDeployment deployment, string service, string program)
    {
        var text = await BesideAsync(deployment, service, $"for p in /proc/[0-9]*; do if [ $(cat $p/comm) = {program} ]; then cat $p/status; break; fi; done");
        return text.Split('\n').Select(static line => line.Split(':', 2)).ToDictionary(static field => field[0], static field => field[1].Trim());
    }
}
