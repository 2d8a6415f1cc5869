using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Systemd;

/// <summary>
/// One machine for all tests, with the bundle unpacked in /root/bundle. A simulated home and model run beside it, on a .NET that lies below
/// /root, where the service cannot look.
/// </summary>
public sealed class BundleMachine(ServiceBundle made) : IAsyncLifetime
{
    /// <summary>The secret that the simulator takes as the model's key and as the home's token.</summary>
    public const string Token = "canary-token-of-the-machine";

    private const string Simulator = "http://127.0.0.1:5080";
    private const string Health = "curl -s -o /dev/null -w '%{http_code}' -m 5 http://127.0.0.1:5000/health/ready";

    private SystemdMachine? _machine;

    /// <summary>What the bundle's build said.</summary>
    public string Built { get; private set; } = "";

    internal SystemdMachine Machine => _machine!;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("LUCIA_TESTBED") is null or "" || ServiceBundle.Runtime is null) return;
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        var starting = SystemdMachine.StartAsync(
            "-v", $"{dotnet}:/root/dotnet:ro",
            "-v", $"{Path.Combine(Programs.Repository, "lucia.Simulator/bin/Debug/net10.0")}:/root/simulator:ro",
            "-v", $"{AppContext.BaseDirectory.TrimEnd('/')}:/opt/tests:ro");
        (var tarball, Built) = await made.GetAsync();
        _machine = await starting;
        await using (var bundle = File.OpenRead(tarball))
            (await Machine.ExecuteAsync("mkdir /root/bundle && tar -xpzf - -C /root/bundle --strip-components=1", bundle)).Well();
        await Machine.RunAsync("cat >/etc/systemd/system/simulator.service && systemctl daemon-reload && systemctl enable --quiet --now simulator", $"""
            [Service]
            ExecStart=/root/dotnet/dotnet /root/simulator/lucia.Simulator.dll
            Environment=Simulator__AccessToken={Token} ASPNETCORE_URLS={Simulator} DOTNET_ROOT=/root/dotnet
            [Install]
            WantedBy=multi-user.target

            """);
    }

    public async ValueTask DisposeAsync()
    {
        if (_machine is not null) await _machine.DisposeAsync();
    }

    /// <summary>The machine without Lucia, as before the first install.</summary>
    internal async Task<SystemdMachine> FreshAsync()
    {
        SkipWithoutMachine();
        if (await Machine.RunAsync("ls -d /opt/lucia /etc/lucia 2>/dev/null || :") != "") await Machine.RunAsync("/root/bundle/install.sh uninstall --purge");
        return Machine;
    }

    /// <summary>The machine with Lucia installed from the bundle, set up with the simulated home and model, and running.</summary>
    internal async Task<SystemdMachine> InstalledAsync()
    {
        SkipWithoutMachine();
        await Machine.UntilAsync($"curl -s -o /dev/null {Simulator}/alive");
        if ((await Machine.ExecuteAsync("test -s /etc/lucia/credentials/chat-model")).ExitCode != 0)
        {
            await Machine.RunAsync("/root/bundle/install.sh");
            await Machine.RunAsync("/root/bundle/install.sh set chat-model", $"Endpoint={Simulator}/v1;Model=simulated-house;Provider=openai-compatible");
            await Machine.RunAsync("/root/bundle/install.sh set chat-model-access-key", Token);
            await Machine.RunAsync("/root/bundle/install.sh set home-assistant-access-token", Token);
            await Machine.RunAsync($"echo HomeAssistant__BaseUrl={Simulator} >>/etc/lucia/lucia.env");
        }

        await Machine.RunAsync("/root/bundle/install.sh");
        await ReadyAsync();
        return Machine;
    }

    /// <summary>Waits until the service is ready and all it needs is healthy: the home is followed, and Redis is connected.</summary>
    internal async Task ReadyAsync()
    {
        await Machine.UntilAsync($"[ \"$({Health})\" = 200 ]");
        await Machine.UntilAsync($"{Curl("/health")} | grep -q '^{{\"status\":\"Healthy\"'");
    }

    /// <summary>Asks the service something, with the key.</summary>
    internal async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Machine.RunAsync(Curl(path)))!;

    /// <summary>Says something in a conversation.</summary>
    internal async Task<JsonNode> ChatAsync(string session, string message) => JsonNode.Parse(await Machine.RunAsync(
        Curl("/api/chat") + $$""" -m 60 -H 'Content-Type: application/json' -d '{"message":"{{message}}","sessionId":"{{session}}"}'"""))!;

    /// <summary>Changes the machine until what is returned is disposed of, whatever a test finds meanwhile: the tests after it meet the machine they expect.</summary>
    /// <param name="change">What is done.</param>
    /// <param name="restore">What undoes it, also when it was done in part.</param>
    /// <param name="input">What the change reads from its standard input.</param>
    internal async Task<IAsyncDisposable> WhileAsync(string change, string restore, string input = "")
    {
        var changed = new Changed(Machine, restore);
        try
        {
            await Machine.RunAsync(change, input);
            return changed;
        }
        catch
        {
            await changed.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the service's unit other values for a while: <c>WatchdogSec=4</c>. The hook that makes it ill is part of them.</summary>
    internal Task<IAsyncDisposable> WithAsync(params string[] lines) => WhileAsync(
        "mkdir -p /etc/systemd/system/lucia.service.d && cat >/etc/systemd/system/lucia.service.d/test.conf && systemctl daemon-reload && systemctl restart lucia",
        "rm -f /etc/systemd/system/lucia.service.d/test.conf; rmdir --ignore-fail-on-non-empty /etc/systemd/system/lucia.service.d; systemctl daemon-reload; systemctl restart lucia",
        $"[Service]\nEnvironment=DOTNET_STARTUP_HOOKS=/opt/tests/lucia.Deployment.Tests.dll\n{string.Join('\n', lines)}\n");

    /// <summary>This moment, for <see cref="Journal"/>: what other tests did before is not looked at.</summary>
    /// <remarks>By the clock, to the microsecond: after a cursor, systemd 252 leaves out the first entry that a filter lets through.</remarks>
    internal Task<string> NowAsync() => Machine.RunAsync("journalctl --sync; date +@%s.%6N");

    /// <summary>A command that shows what the service and systemd noted about it since a moment.</summary>
    /// <param name="since">See <see cref="NowAsync"/>.</param>
    /// <param name="options">More options of <c>journalctl</c>.</param>
    internal static string Journal(string since, string options = "--output cat") =>
        $"{{ journalctl --sync; journalctl --no-pager --quiet --unit lucia --since {since} {options}; }}";

    /// <summary>Waits until the service was restarted so many times and is ready again; gives how long that took.</summary>
    internal async Task<TimeSpan> RestartedAsync(int times = 1)
    {
        var start = Stopwatch.GetTimestamp();
        await Machine.UntilAsync($"[ \"$(systemctl show -p NRestarts --value lucia)\" -ge {times} ] && systemctl is-active --quiet lucia && [ \"$({Health})\" = 200 ]");
        return Stopwatch.GetElapsedTime(start);
    }

    // The key goes over standard input: an argument could be seen.
    private static string Curl(string path) => $"sed 's/^/X-Api-Key: /' /etc/lucia/credentials/auth-api-key | curl -s -H @- http://127.0.0.1:5000{path}";

    private void SkipWithoutMachine()
    {
        ServiceBundle.NeedRuntime();
        if (_machine is null) Assert.Skip("LUCIA_TESTBED names no folder with machine-up, machine-exec and machine-down.");
    }

    private sealed class Changed(SystemdMachine machine, string restore) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await machine.RunAsync(restore);
    }
}

/// <summary>The tests that share the machine, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SystemdTests : ICollectionFixture<BundleMachine>
{
    public const string Name = "systemd";
}
