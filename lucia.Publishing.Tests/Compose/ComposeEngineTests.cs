using System.Text.Json;

namespace Lucia.Publishing.Tests.Compose;

/// <summary>Starts what is published, and looks at it from inside.</summary>
public sealed class ComposeEngineTests : IAsyncDisposable
{
    private const string Image = "redis:8.2-alpine";

    private ComposeOutput _output = ComposeOutput.Of("house");
    private readonly string _project = $"lucia-test-{Guid.NewGuid():N}";
    private bool _started;

    public async ValueTask DisposeAsync()
    {
        if (_started)
            await Command.RunAsync("docker", ["compose", "-p", _project, "--profile", "*", "down", "--volumes", "--timeout", "5"], _output.Folder, CancellationToken.None);
        _output.Dispose();
    }

    [Fact]
    public async Task Redis_runs_hardened_and_its_password_is_nowhere_to_be_seen()
    {
        await Engine.NeedImageAsync(Image);
        await StartAsync("redis");
        var password = File.ReadAllText(Path.Combine(_output.Folder, "secrets", "redis-password"));

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
        await _output.SetUpAsync(TestContext.Current.CancellationToken, ("CHAT_MODEL", "the model"));
        _started = true;

        // Any image with a shell shows what the service would see.
        var run = await Command.RunAsync(
            "docker", ["compose", "-p", _project, "run", "--rm", "--no-deps", "-T", "--entrypoint", "sh", "agenthost", "-c", "id -u; cd /run/secrets && ls && cat ConnectionStrings__chat-model && : <HomeAssistant__AccessToken"],
            _output.Folder, TestContext.Current.CancellationToken, environment: ("AGENTHOST_IMAGE", Image));

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldBe("1654\nAuth__ApiKey\nConnectionStrings__chat-model\nConnectionStrings__embedding-model\nHomeAssistant__AccessToken\nRedis__Password\nthe model");
    }

    [Theory]
    [InlineData("cache", "redis:8.2-alpine", "REDISCLI_AUTH=\"$REDIS_PASSWORD\" redis-cli config get save", "save\n60 1")]
    [InlineData("db", "postgres:17.6", "PGPASSWORD=\"$POSTGRES_PASSWORD\" psql -h 127.0.0.1 -U postgres -tAc 'select 1'", "1")]
    [InlineData("queue", "rabbitmq:4.1", "rabbitmqctl -q authenticate_user user \"$RABBITMQ_DEFAULT_PASS\" >/dev/null && echo yes", "yes")]
    public async Task What_Aspire_writes_by_itself_starts_healthy_and_hardened(string service, string image, string question, string answer)
    {
        await Engine.NeedImageAsync(image);
        UseManifest("""
            { "resources": {
              "cache": { "type": "container.v0", "image": "docker.io/library/redis:8.2-alpine", "entrypoint": "/bin/sh",
                "args": ["-c", "redis-server --requirepass $REDIS_PASSWORD --save 60 1"], "env": { "REDIS_PASSWORD": "{cache-password.value}" },
                "volumes": [ { "name": "cache-data", "target": "/data", "readOnly": false } ],
                "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 6379 } } },
              "db": { "type": "container.v0", "image": "docker.io/library/postgres:17.6", "env": { "POSTGRES_PASSWORD": "{cache-password.value}" },
                "volumes": [ { "name": "db-data", "target": "/var/lib/postgresql/data", "readOnly": false } ],
                "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 5432 } } },
              "queue": { "type": "container.v0", "image": "docker.io/library/rabbitmq:4.1",
                "env": { "RABBITMQ_DEFAULT_USER": "user", "RABBITMQ_DEFAULT_PASS": "{cache-password.value}" },
                "volumes": [ { "name": "queue-data", "target": "/var/lib/rabbitmq", "readOnly": false } ],
                "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 5672 } } },
              "cache-password": { "type": "parameter.v0", "value": "{cache-password.inputs.value}",
                "inputs": { "value": { "type": "string", "secret": true, "default": { "generate": { "minLength": 22, "special": false } } } } } } }
            """);
        await StartAsync(service);

        (await InsideAsync(service, question)).ShouldBe(answer);
        (await InsideAsync(service, "sed -n 's/^CapBnd:\t//p' /proc/1/status; touch /probe 2>/dev/null || echo read-only")).ShouldBe("0000000000000000\nread-only");
        // An environment is its owner's to read; arguments are everybody's.
        (await InsideAsync(service, "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; done 2>/dev/null"))
            .ShouldNotContain(File.ReadLines(Path.Combine(_output.Folder, ".env")).Single(static l => l.StartsWith("CACHE_PASSWORD=", StringComparison.Ordinal))["CACHE_PASSWORD=".Length..]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_published_port_answers_on_this_machine_and_what_is_internal_has_no_way_out(bool offline)
    {
        await Engine.NeedImageAsync(Image);
        // Redis stands for the service, as any program that listens.
        File.WriteAllText(Path.Combine(_output.Folder, "stand-in.yml"), """
            services:
              agenthost:
                entrypoint: [redis-server, --port, "8080", --protected-mode, "no", --save, "", --dir, /tmp]
                healthcheck:
                  test: [CMD, redis-cli, -p, "8080", ping]
                  interval: 1s
            """);
        string[] files = ["-f", "docker-compose.yml", .. offline ? new[] { "-f", "docker-compose.offline.yml" } : [], "-f", "stand-in.yml"];
        await StartAsync("agenthost", files);

        var address = await Command.RunAsync("docker", ["compose", "-p", _project, "port", "agenthost", "8080"], _output.Folder, TestContext.Current.CancellationToken);
        var end = System.Net.IPEndPoint.Parse(address.Output.Trim());
        System.Net.IPAddress.IsLoopback(end.Address).ShouldBeTrue(address.Output);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(end, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("+PONG");

        (await InsideAsync("redis", "cut -f2 /proc/net/route")).ShouldNotContain("00000000", customMessage: "no default route");
        (await InsideAsync("agenthost", "redis-cli -h redis ping")).ShouldStartWith("NOAUTH", customMessage: "it reaches Redis by its name");
        var network = await Command.RunAsync("docker", ["network", "inspect", $"{_project}_edge"], _output.Folder, TestContext.Current.CancellationToken);
        network.Output.Contains("\"com.docker.network.bridge.enable_ip_masquerade\": \"false\"", StringComparison.Ordinal).ShouldBe(offline);
    }

    [Fact]
    public async Task Development_may_write_the_sources_and_run_what_it_unpacks()
    {
        await Engine.NeedImageAsync(Image);
        UseManifest(HouseSample.Json.Replace("\"application\": \"lucia\"", $"\"application\": \"{_project}\""));
        var sources = Path.Combine(_output.Folder, "sources");
        Directory.CreateDirectory(Path.Combine(sources, "deploy", "docker"));
        File.WriteAllText(Path.Combine(sources, "deploy", "docker", "Dockerfile.dev"), $$"""
            FROM {{Image}}
            ENTRYPOINT ["sh", "-c", "echo $Logging__LogLevel__Default && cp /bin/true $HOME/unpacked && $HOME/unpacked && cat /run/secrets/Auth__ApiKey >/src/seen"]
            """);
        await _output.SetUpAsync(TestContext.Current.CancellationToken, ("CHAT_MODEL", "x"));
        var owner = await Command.RunAsync("id", ["-u"], _output.Folder, TestContext.Current.CancellationToken);
        _started = true;

        var run = await Command.RunAsync(
            "docker", ["compose", "-p", _project, "-f", "docker-compose.yml", "-f", "docker-compose.dev.yml", "run", "--build", "--rm", "--no-deps", "-T", "agenthost"],
            _output.Folder, TestContext.Current.CancellationToken, environment: [("MANIFEST_DIR", Path.Combine(sources, "deploy")), ("DEV_USER", owner.Output.Trim())]);
        await Command.RunAsync("docker", ["image", "rm", $"{_project}-agenthost:dev"], _output.Folder, TestContext.Current.CancellationToken);

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.Trim().ShouldEndWith("Debug");
        File.ReadAllText(Path.Combine(sources, "seen")).Length.ShouldBe(40);
    }

    private void UseManifest(string json)
    {
        _output.Dispose();
        _output = ComposeOutput.Of(json);
    }

    private async Task StartAsync(string service, params string[] files)
    {
        await _output.SetUpAsync(TestContext.Current.CancellationToken, ("CHAT_MODEL", "x"));
        _started = true;
        var run = await Command.RunAsync(
            "docker", ["compose", "-p", _project, .. files, "up", "--detach", "--wait", service], _output.Folder, TestContext.Current.CancellationToken,
            environment: [("AGENTHOST_IMAGE", Image), ("LUCIA_PORT", "0")]);
        run.ExitCode.ShouldBe(0, run.Error);
    }

    private async Task<string> InsideAsync(string service, string script)
    {
        var run = await Command.RunAsync("docker", ["compose", "-p", _project, "exec", "-T", service, "sh", "-c", script], _output.Folder, TestContext.Current.CancellationToken);
        return run.Output.Trim();
    }

    private async Task<JsonDocument> InspectAsync(string service)
    {
        var run = await Command.RunAsync("docker", ["inspect", $"{_project}-{service}-1"], _output.Folder, TestContext.Current.CancellationToken);
        return JsonDocument.Parse(run.Output);
    }
}
