using Lucia.Publishing.Compose;

namespace Lucia.Publishing.Tests.Compose;

public sealed class ComposeFileTests : IDisposable
{
    private readonly ComposeOutput _house = ComposeOutput.Of("house");
    private readonly ComposeOutput _corners = ComposeOutput.Of("corners");
    private readonly ComposeOutput _everything = ComposeOutput.Of("everything");

    public void Dispose()
    {
        _house.Dispose();
        _corners.Dispose();
        _everything.Dispose();
    }

    [Fact]
    public void Files_whose_paths_fold_alike_are_files_of_their_own()
    {
        using var output = ComposeOutput.Of("""
            { "resources": {
              "a": { "type": "container.v0", "image": "acme/a:1" },
              "d": { "type": "lucia.deployment.v0", "workloads": { "a": { "files": [
                { "path": "/etc/app/conf", "content": "one" }, { "path": "/etc/app-conf", "content": "two" } ] } } } } }
            """);

        output.List("services.a.configs").Count().ShouldBe(2);
        output.Get("configs.a-etc-app-conf.file").ShouldBe("./config/a/etc-app-conf");
        output.Get("configs.a-etc-app-conf-2.file").ShouldBe("./config/a/etc-app-conf-2");
        output.Text("config/a/etc-app-conf-2").ShouldBe("two");
    }

    [Fact]
    public void It_has_a_name_and_no_version()
    {
        _house.Yaml().Keys.ShouldBe(["name", "services", "networks", "volumes", "secrets"]);
        _house.Get("name").ShouldBe("lucia");
    }

    [Fact]
    public void Every_service_is_bounded_and_restarted_and_rotates_its_logs()
    {
        foreach (var output in new[] { _house, _corners, _everything })
        {
            foreach (var name in Services(output))
            {
                output.Get($"services.{name}.restart").ShouldBe("unless-stopped");
                output.Get($"services.{name}.stop_grace_period").ShouldBe("30s");
                output.List($"services.{name}.security_opt").ShouldBe(["no-new-privileges:true"]);
                output.Get($"services.{name}.deploy.resources.limits.cpus").ShouldNotBeNull();
                output.Get($"services.{name}.deploy.resources.limits.memory").ShouldNotBeNull();
                output.Get($"services.{name}.deploy.resources.limits.pids").ShouldNotBeNull();
                output.Get($"services.{name}.logging.options.max-size").ShouldBe("10m");
                output.Get($"services.{name}.ulimits").ShouldBeNull("a limit of open files above the host's own fails");
            }
        }
    }

    [Theory]
    [InlineData("redis", "999:1000")]
    [InlineData("agenthost", "1654:1654")]
    public void A_service_whose_user_is_known_can_do_nothing_it_need_not(string service, string user)
    {
        _house.Get($"services.{service}.user").ShouldBe(user);
        _house.Get($"services.{service}.read_only").ShouldBe("true");
        _house.Get($"services.{service}.init").ShouldBe("true");
        _house.List($"services.{service}.cap_drop").ShouldBe(["ALL"]);
        _house.List($"services.{service}.tmpfs").ShouldBe(["/tmp:mode=1777"]);
    }

    [Fact]
    public void An_unknown_image_keeps_what_it_may_need_to_start()
    {
        foreach (var member in new[] { "user", "read_only", "init", "cap_drop" })
            _everything.Get($"services.worker.{member}").ShouldBeNull(member);
    }

    [Fact]
    public void A_writable_folder_belongs_to_the_user()
    {
        _corners.List("services.store.tmpfs").ShouldBe(["/tmp:mode=1777", "/var/cache/store:mode=0700,uid=1000,gid=1000"]);
        _corners.List("services.store.cap_add").ShouldBe(["NET_BIND_SERVICE"]);
    }

    [Fact]
    public void Secrets_of_a_service_that_reads_files_are_files_under_its_own_names()
    {
        var targets = ((List<object>)_house.Get("services.agenthost.secrets")!).Cast<Dictionary<object, object>>().ToDictionary(static s => s["target"], static s => s["source"]);

        targets["/run/secrets/ConnectionStrings__chat-model"].ShouldBe("chat-model");
        targets["/run/secrets/Redis__Password"].ShouldBe("redis-password");
        _house.Get("secrets.chat-model.file").ShouldBe("./secrets/chat-model");
        Environment(_house, "agenthost").Keys.ShouldNotContain("Auth__ApiKey");
        _house.Text("docker-compose.yml").ShouldNotContain("REDIS_PASSWORD:");
    }

    [Fact]
    public void Other_secrets_come_out_of_the_environment_file_and_stop_the_start_when_missing()
    {
        Environment(_everything, "db")["POSTGRES_PASSWORD"].ShouldBe("${DB_PASSWORD:?run ./setup.sh, or set it in .env}");
        Environment(_everything, "web")["ConnectionStrings__cache"].ShouldBe("cache:6379,password=${CACHE_PASSWORD:?run ./setup.sh, or set it in .env}");
        Environment(_everything, "web")["CACHE_URI"].ShouldBe("redis://:${CACHE_PASSWORD_URI:?run ./setup.sh, or set it in .env}@cache:6379");
    }

    [Fact]
    public void No_secret_is_in_an_argument_or_has_a_value_in_the_example()
    {
        foreach (var output in new[] { _house, _corners, _everything })
        {
            var secrets = output.Result.Plan!.Secrets.Select(static s => s.Variable).ToList();
            foreach (var name in Services(output))
            {
                foreach (var member in new[] { "command", "entrypoint", "healthcheck", "ports", "image" })
                {
                    var text = new YamlDotNet.Serialization.SerializerBuilder().Build().Serialize(output.Get($"services.{name}.{member}"));
                    secrets.ShouldAllBe(s => !text.Contains("${" + s));
                }
            }
            var example = output.Text(".env.example").Split('\n');
            secrets.ShouldAllBe(s => !example.Any(line => line.Trim('#', ' ').StartsWith(s + "=") && !line.EndsWith('=')));
        }
    }

    [Fact]
    public void Only_external_endpoints_are_published_and_on_this_machine_alone()
    {
        _house.List("services.agenthost.ports").ShouldBe(["${LUCIA_BIND:-127.0.0.1}:${LUCIA_PORT:-5000}:8080"]);
        _house.Get("services.redis.ports").ShouldBeNull();
        _corners.List("services.gate.ports").ShouldBe(
            ["${CORNERS_BIND:-127.0.0.1}:${GATE_HTTP_PORT:-8088}:80", "${CORNERS_BIND:-127.0.0.1}:${GATE_DNS_PORT:-5353}:53/udp"]);
        _corners.List("services.gate.expose").ShouldBe(["9000"]);
    }

    [Fact]
    public void What_is_not_external_and_calls_nobody_outside_is_on_the_internal_network()
    {
        _house.Get("networks.internal.internal").ShouldBe("true");
        _house.List("services.redis.networks").ShouldBe(["internal"]);
        _house.List("services.agenthost.networks").ShouldBe(["internal", "edge"]);
        _house.List("services.agenthost.extra_hosts").ShouldBe(["host.docker.internal:host-gateway"]);
        _house.List("services.ollama.networks").ShouldBe(["internal", "edge"], "the profile says that it calls outside");
        _corners.Get("services.gate.extra_hosts").ShouldBeNull("the profile says that it does not");
    }

    [Fact]
    public void Waits_are_for_health_where_there_is_a_check()
    {
        _house.Get("services.agenthost.depends_on.redis.condition").ShouldBe("service_healthy");
        _everything.Get("services.web.depends_on.tool.condition").ShouldBe("service_started");
        _house.List("services.redis.healthcheck.test").ShouldBe(
            ["CMD", "sh", "-c", "REDISCLI_AUTH=\"$$(cat /run/secrets/REDIS_PASSWORD)\" redis-cli ping | grep -qx PONG"]);
    }

    [Fact]
    public void What_is_optional_is_in_a_profile()
    {
        _house.List("services.ollama.profiles").ShouldBe(["ollama"]);
        _house.Get("services.redis.profiles").ShouldBeNull();
    }

    [Fact]
    public void Replicas_run_where_no_port_of_the_host_is_in_the_way()
    {
        _corners.Get("services.store.deploy.replicas").ShouldBe("3");
        _corners.Get("services.gate.deploy.replicas").ShouldBeNull();
        _corners.Result.Diagnostics.ShouldContain(static d => d.Number == "LUCIA1711" && d.Resource == "gate");
    }

    [Fact]
    public void Own_code_may_call_outside_and_a_database_may_not()
    {
        foreach (var own in (string[])["worker", "native", "tool", "web", "admin"])
            _everything.List($"services.{own}.networks").ShouldBe(["internal", "edge"], own);
        foreach (var server in (string[])["cache", "db"])
            _everything.List($"services.{server}.networks").ShouldBe(["internal"], server);
    }

    [Fact]
    public void A_file_without_values_is_written_and_one_with_values_is_left_to_the_set_up()
    {
        _corners.Text("config/gate/etc-nginx-nginx.conf").ShouldBe("upstream s { server store:7000; }\nset $x 'y';\n");
        _corners.Get("configs.gate-etc-nginx-nginx-conf.file").ShouldBe("./config/gate/etc-nginx-nginx.conf");
        _corners.Get("secrets.gate-etc-nginx-level-conf.file").ShouldBe("./secrets/gate-etc-nginx-level-conf");
    }

    [Fact]
    public void Mounted_files_are_found_from_the_manifests_folder()
    {
        var mounts = ((List<object>)_corners.Get("services.gate.volumes")!).Cast<Dictionary<object, object>>().Select(static m => m["source"]);

        mounts.ShouldBe(["/etc/localtime", "${MANIFEST_DIR:-..}/site"]);
    }

    [Theory]
    [InlineData("2", "2")]
    [InlineData("500m", "0.5")]
    [InlineData("1250m", "1.25")]
    [InlineData("50m", "0.05")]
    public void Cores_are_written_as_compose_counts_them(string amount, string expected) => ComposeAmount.Cpu(amount).ShouldBe(expected);

    [Theory]
    [InlineData("512Mi", "512m")]
    [InlineData("1Gi", "1g")]
    [InlineData("64Ki", "64k")]
    [InlineData("512M", "512000000b")]
    [InlineData("2k", "2000b")]
    [InlineData("1048576", "1048576b")]
    public void Memory_is_the_same_number_of_bytes(string amount, string expected) => ComposeAmount.Memory(amount).ShouldBe(expected);

    private static IEnumerable<string> Services(ComposeOutput output) => ((Dictionary<object, object>)output.Get("services")!).Keys.Cast<string>();

    private static Dictionary<object, object> Environment(ComposeOutput output, string service) =>
        (Dictionary<object, object>)output.Get($"services.{service}.environment")!;
}
