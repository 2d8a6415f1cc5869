using System.Text.Json;

namespace Lucia.Publishing.Tests.Compose;

/// <summary>Starts the house's Redis as it is published, and looks at it from inside.</summary>
public sealed class ComposeEngineTests : IAsyncDisposable
{
    private const string Image = "redis:8.2-alpine";

    private readonly ComposeOutput _house = ComposeOutput.Of("house");
    private readonly string _project = $"lucia-test-{Guid.NewGuid():N}";
    private bool _started;

    public async ValueTask DisposeAsync()
    {
        if (_started)
            await Command.RunAsync("docker", ["compose", "-p", _project, "down", "--volumes", "--timeout", "5"], _house.Folder, CancellationToken.None);
        _house.Dispose();
    }

    [Fact]
    public async Task Redis_runs_hardened_and_its_password_is_nowhere_to_be_seen()
    {
        await StartAsync("redis");
        var password = File.ReadAllText(Path.Combine(_house.Folder, "secrets", "redis-password"));

        (await InsideAsync("redis", "id -u; id -g")).ShouldBe("999\n1000");
        (await InsideAsync("redis", "touch /probe 2>/dev/null || echo read-only")).ShouldBe("read-only");
        (await InsideAsync("redis", "sed -n 's/^CapBnd:\t//p; s/^NoNewPrivs:\t//p' /proc/1/status")).ShouldBe("0000000000000000\n1");
        (await InsideAsync("redis", "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; tr '\\0' ' ' <$p/environ; done 2>/dev/null")).ShouldNotContain(password);
        const string cli = "export REDISCLI_AUTH=\"$(cat /run/secrets/REDIS_PASSWORD)\"; redis-cli";
        (await InsideAsync("redis", $"{cli} config get maxmemory-policy")).ShouldBe("maxmemory-policy\nnoeviction");
        (await InsideAsync("redis", $"{cli} config get appendonly")).ShouldBe("appendonly\nyes");
        (await InsideAsync("redis", $"{cli} config get maxmemory")).ShouldBe("maxmemory\n268435456");
        (await InsideAsync("redis", "redis-cli ping")).ShouldStartWith("NOAUTH");

        using var container = await InspectAsync("redis");
        var host = container.RootElement[0].GetProperty("HostConfig");
        container.RootElement[0].GetProperty("State").GetProperty("Health").GetProperty("Status").GetString().ShouldBe("healthy");
        host.GetProperty("PortBindings").EnumerateObject().ShouldBeEmpty("no port is published");
        (host.GetProperty("Memory").GetInt64(), host.GetProperty("NanoCpus").GetInt64(), host.GetProperty("PidsLimit").GetInt64())
            .ShouldBe((512L * 1024 * 1024, 1_000_000_000L, 512L));
        container.RootElement[0].ToString().ShouldNotContain(password);
    }

    [Fact]
    public async Task The_service_reads_every_secret_as_its_own_user()
    {
        await Engine.NeedImageAsync(Image);
        await _house.SetUpAsync(TestContext.Current.CancellationToken, ("CHAT_MODEL", "the model"));
        _started = true;

        // Any image with a shell shows what the service would see.
        var run = await Command.RunAsync(
            "docker", ["compose", "-p", _project, "run", "--rm", "--no-deps", "-T", "--entrypoint", "sh", "agenthost", "-c", "id -u; cd /run/secrets && ls && cat ConnectionStrings__chat-model && : <HomeAssistant__AccessToken"],
            _house.Folder, TestContext.Current.CancellationToken, environment: ("AGENTHOST_IMAGE", Image));

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldBe("1654\nAuth__ApiKey\nConnectionStrings__chat-model\nConnectionStrings__embedding-model\nHomeAssistant__AccessToken\nRedis__Password\nthe model");
    }

    private async Task StartAsync(string service)
    {
        await Engine.NeedImageAsync(Image);
        await _house.SetUpAsync(TestContext.Current.CancellationToken, ("CHAT_MODEL", "x"));
        _started = true;
        var run = await Command.RunAsync("docker", ["compose", "-p", _project, "up", "--detach", "--wait", service], _house.Folder, TestContext.Current.CancellationToken);
        run.ExitCode.ShouldBe(0, run.Error);
    }

    private async Task<string> InsideAsync(string service, string script)
    {
        var run = await Command.RunAsync("docker", ["compose", "-p", _project, "exec", "-T", service, "sh", "-c", script], _house.Folder, TestContext.Current.CancellationToken);
        return run.Output.Trim();
    }

    private async Task<JsonDocument> InspectAsync(string service)
    {
        var run = await Command.RunAsync("docker", ["inspect", $"{_project}-{service}-1"], _house.Folder, TestContext.Current.CancellationToken);
        return JsonDocument.Parse(run.Output);
    }
}
