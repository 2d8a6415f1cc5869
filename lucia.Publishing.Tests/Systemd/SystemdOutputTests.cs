using System.Text;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Output;
using Lucia.Publishing.Systemd;
using Lucia.Publishing.Targets;
using static Lucia.Publishing.Tests.Systemd.SystemdSamples;

namespace Lucia.Publishing.Tests.Systemd;

public sealed class SystemdOutputTests
{
    public static TheoryData<string> All() => [.. Names];

    [Theory, MemberData(nameof(All))]
    public void The_output_is_what_was_reviewed(string name)
    {
        var output = Published(name);
        var golden = Path.Combine(Folder, "Golden", name);
        if (Environment.GetEnvironmentVariable("LUCIA_UPDATE_GOLDEN") == "1")
        {
            if (Directory.Exists(golden))
                Directory.Delete(golden, recursive: true);
            output.WriteTo(golden);
        }

        var reviewed = Directory.EnumerateFiles(golden, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(golden, f).Replace('\\', '/'));
        output.Files.Select(static f => f.Path).ShouldBe(reviewed, ignoreOrder: true);
        foreach (var file in output.Files)
            file.Text.ShouldBe(File.ReadAllText(Path.Combine(golden, file.Path), Encoding.UTF8), $"{name}/{file.Path}; LUCIA_UPDATE_GOLDEN=1 takes the new text over");
    }

    [Theory, MemberData(nameof(All))]
    public void Twice_gives_the_same_bytes(string name)
    {
        var (one, two) = (Published(name), Published(name));

        one.Files.Select(static f => (f.Path, Convert.ToHexString(f.Content.Span))).ShouldBe(two.Files.Select(static f => (f.Path, Convert.ToHexString(f.Content.Span))));
    }

    [Theory, MemberData(nameof(All))]
    public void No_unit_and_no_example_names_a_secret_but_by_its_file(string name)
    {
        var (plan, _) = Planning.Try(Json(name));
        var output = Published(name);
        var open = output.Units().Concat(output.Files.Where(static f => f.Path.StartsWith("quadlet/", StringComparison.Ordinal) || f.Path.EndsWith(".example", StringComparison.Ordinal)));
        var names = plan!.Workloads.SelectMany(static w => w.Environment).Where(static e => e.IsSecret).SelectMany(static e => new[] { e.Name, e.ShellName }).Distinct().ToList();
        names.ShouldNotBeEmpty();

        foreach (var file in open)
        {
            foreach (var line in file.Text.Split('\n').Where(static l => !l.StartsWith('#')))
            {
                foreach (var secret in names.Where(n => line.Contains(n + "=", StringComparison.Ordinal)))
                    Assert.Fail($"{file.Path} has a value of {secret}: {line}");
            }
        }
        foreach (var parameter in plan.Secrets)
            output.Text($"{plan.Name}.env.example").ShouldNotContain(parameter.Variable + "=");
    }

    [Fact]
    public void A_service_gets_its_secrets_as_credentials_and_its_settings_from_the_file()
    {
        var unit = Published("house").Text("units/lucia.service");

        unit.ShouldContain("\nType=notify\n");
        unit.ShouldContain("\nWatchdogSec=30\n");
        unit.ShouldContain("\nRestart=on-failure\nRestartSec=10\n");
        unit.ShouldContain("\nTimeoutStartSec=60\nTimeoutStopSec=30\n");
        unit.ShouldContain("\nDynamicUser=yes\nStateDirectory=lucia\n");
        unit.ShouldContain("\nLoadCredential=ConnectionStrings__chat_model:/etc/lucia/credentials/chat-model\n");
        unit.ShouldContain("\nLoadCredential=Redis__Password:/etc/lucia/credentials/redis-password\n");
        unit.ShouldContain("\nEnvironmentFile=/etc/lucia/lucia.env\n");
        unit.ShouldContain("\nEnvironment=\"ConnectionStrings__redis=127.0.0.1:6380\"\n");
        unit.ShouldContain("ASPNETCORE_URLS=http://${LUCIA_BIND}:${LUCIA_PORT}");
        unit.ShouldContain("\nWants=network-online.target lucia-redis.service\nAfter=network-online.target lucia-redis.service\n");
        unit.ShouldNotContain("redis.service redis-server.service");
        unit.ShouldContain("\nMemoryMax=1G\nMemorySwapMax=0\nCPUQuota=200%\nTasksMax=512\n");
    }

    [Fact]
    public void Redis_listens_at_loopback_with_its_password_in_no_argument()
    {
        var output = Published("house");
        var unit = output.Text("units/lucia-redis.service");

        unit.ShouldContain("ExecStart=/opt/lucia/bin/redis-server \\\n    \"${CREDENTIALS_DIRECTORY}/redis.conf\"\n");
        unit.ShouldContain("\nLoadCredential=redis.conf:/etc/lucia/composed/lucia-redis.redis.conf\n");
        unit.ShouldContain("\nIPAddressDeny=any\nIPAddressAllow=localhost\n");
        output.Text("install.sh").ShouldContain("requirepass \"'; secret redis-password; text '\"\n");
    }

    [Fact]
    public void Every_setting_is_explained()
    {
        var example = Published("house").Text("lucia.env.example");

        foreach (var expected in new[]
        {
            "# Hours a conversation is remembered.\n# Allowed: 1 to 720\n# Default: 24\n#Sessions__TtlHours=24\n",
            "# Where Home Assistant answers.\n# Example: http://homeassistant.local:8123\n#HomeAssistant__BaseUrl=\n",
            "#LUCIA_BIND=127.0.0.1\n", "#LUCIA_PORT=5000\n", "#ConnectionStrings__redis=127.0.0.1:6380\n",
        })
            example.ShouldContain(expected);
    }

    [Fact]
    public void A_secret_whose_name_no_shell_can_export_goes_through_the_launcher()
    {
        var output = Published("greeter");
        var unit = output.Text("units/greeter-bystander.service");

        unit.ShouldContain("libexec/with-secrets");
        unit.ShouldContain("\nLoadCredential=environment:/etc/greeter/composed/greeter-bystander.environment\n");
        unit.ShouldContain("\nEnvironmentFile=/etc/greeter/composed/greeter-bystander.env\n");
        unit.ShouldContain("\"Hyphen-ated=${Greeter__Word}!\"");
        output.Text("libexec/with-secrets").ShouldStartWith("#!/bin/sh\n");
    }

    [Fact]
    public void A_container_becomes_a_quadlet_that_publishes_only_what_the_host_needs()
    {
        var output = Published("everything");
        var cache = output.Text("quadlet/aspire-app-cache.container");
        var native = output.Text("quadlet/aspire-app-native.container");

        cache.ShouldContain("\nImage=docker.io/library/redis:8.2-alpine\n");
        cache.ShouldContain("\nPublishPort=127.0.0.1:6379:6379\n");
        cache.ShouldContain("\nPodmanArgs=--secret aspire-app-cache-password,type=env,target=REDIS_PASSWORD\n");
        cache.ShouldContain("\nDropCapability=all\nUser=999\nGroup=1000\nReadOnly=true\n");
        cache.ShouldContain("\nVolume=aspire-app-cache-data.volume:/data\n");
        native.ShouldContain("\nImage=localhost/native:latest\n");
        native.ShouldNotContain("PublishPort");
        native.ShouldContain("/opt/aspire-app/current/mounts/native/");
    }

    [Fact]
    public void A_container_reaches_a_service_of_the_host_at_the_gateway()
    {
        var output = PublishedJson(Planning.Resources($$"""
            "web": { "type": "project.v0", "path": "web.csproj", "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 8000 } } },
            "proxy": { "type": "container.v0", "image": "nginx:1.29", "env": { "UPSTREAM": "{web.bindings.http.url}" } }
            """));
        var gateway = output.Text("quadlet/aspire-app.network").Split('\n').Single(static l => l.StartsWith("Gateway=", StringComparison.Ordinal))["Gateway=".Length..];

        output.Text("quadlet/aspire-app-proxy.container").ShouldContain($"Environment=UPSTREAM=http://{gateway}:8000");
        output.Text("units/aspire-app-web-for-containers-8000.socket").ShouldContain($"\nListenStream={gateway}:8000\n");
        output.Text("units/aspire-app-web-for-containers-8000.service").ShouldContain("systemd-socket-proxyd \\\n    127.0.0.1:8000\n");
    }

    [Fact]
    public void Every_feature_has_an_answer() =>
        new SystemdTarget().Support.Keys.ShouldBe(Enum.GetValues<Feature>(), ignoreOrder: true);

    [Fact]
    public void Files_of_one_name_are_refused()
    {
        var (plan, diagnostics) = Planning.Try(Planning.Resources($$"""
            {{Samples.Redis}},
            "p": { "type": "lucia.deployment.v0", "workloads": { "redis": { "replicas": 2,
              "files": [ { "path": "/a/x.conf", "content": "1" }, { "path": "/b/x.conf", "content": "2" } ] } } }
            """));

        new SystemdTarget().Write(plan!, new OutputFolder("systemd", diagnostics));

        diagnostics.Errors.ShouldHaveSingleItem().Number.ShouldBe("LUCIA1740");
        diagnostics.Items.ShouldContain(static d => d.Number == "LUCIA1741" && d.Severity == Severity.Notice);
    }

    [Theory]
    [InlineData("512Mi", "512M", "1500m", "150%")]
    [InlineData("1Gi", "1G", "2", "200%")]
    [InlineData("1.5Gi", "1610612736", "0.25", "25%")]
    [InlineData("500M", "500000000", "1m", "1%")]
    [InlineData("1024", "1024", "1", "100%")]
    public void Amounts_are_translated(string memory, string bytes, string cpu, string quota)
    {
        HostAmounts.Memory(memory).ShouldBe(bytes);
        HostAmounts.Cpu(cpu).ShouldBe(quota);
    }
}
