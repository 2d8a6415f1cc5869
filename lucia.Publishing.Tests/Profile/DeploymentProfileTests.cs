using System.Text;
using System.Text.Json;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Profile;
using static Lucia.Publishing.Tests.Planning;

namespace Lucia.Publishing.Tests.Profile;

public sealed class DeploymentProfileTests
{
    private const string Web = """
        "web": { "type": "project.v0", "path": "web.csproj", "env": { "ConnectionStrings__chat-model": "{model.value}" },
          "bindMounts": [ { "source": "web.d", "target": "/etc/web", "readOnly": true } ],
          "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http" } } },
        "redis": { "type": "container.v0", "image": "redis:8.2-alpine",
          "volumes": [ { "name": "redis-data", "target": "/data" } ],
          "bindings": { "tcp": { "scheme": "redis", "protocol": "tcp", "transport": "tcp", "targetPort": 6379 } } },
        "model": { "type": "parameter.v0", "value": "{model.inputs.value}", "inputs": { "value": { "type": "string", "secret": true } } }
        """;

    private static readonly DeploymentProfile Full = new()
    {
        Application = "shop",
        Description = "Sells things.",
        Version = "1.2.3",
        Url = "https://example.org",
        Workloads = new Dictionary<string, WorkloadProfile>
        {
            ["web"] = new()
            {
                Description = "The shop.",
                Image = "example/shop:1.2.3",
                Build = new BuildProfile("..", "Dockerfile", "final"),
                Environment = new Dictionary<string, string> { ["Redis"] = "{redis.bindings.tcp.host}" },
                Aliases = new Dictionary<string, string> { ["ConnectionStrings__chat-model"] = "ConnectionStrings__chat_model" },
                Settings = new Dictionary<string, SettingProfile>
                {
                    ["Sessions__TtlHours"] = new() { Description = "Hours.", Default = "24", Allowed = ["1 to 720"], Section = "Sessions" },
                },
                Health = new HealthProfile
                {
                    Check = new ProbeProfile { Command = ["dotnet", "web.dll", "--healthcheck"], IntervalSeconds = 15 },
                    Startup = new ProbeProfile { Path = "/alive", Failures = 30, IntervalSeconds = 1 },
                    Readiness = new ProbeProfile { Path = "/health/ready", Endpoint = "http" },
                    Liveness = new ProbeProfile { Path = "/alive", TimeoutSeconds = 3, GraceSeconds = 5 },
                },
                DependsOn = new Dictionary<string, DependencyProfile> { ["redis"] = new(Healthy: true, Required: false) },
                Limits = new ResourceProfile("2", "1Gi", 256),
                Requests = new ResourceProfile("100m", "256Mi"),
                Replicas = 2,
                Scalable = true,
                Egress = true,
                Security = new SecurityProfile { User = 1654, ReadOnlyRoot = true, Writable = ["/tmp"] },
                SecretFiles = new SecretFilesProfile("/run/secrets", "Lucia__SecretsDirectory"),
                Endpoints = new Dictionary<string, EndpointProfile>
                {
                    ["http"] = new() { External = true, ExternalPort = 5000, PortVariable = "SHOP_PORT", BindVariable = "SHOP_BIND", ServicePort = 80 },
                },
                BindMounts = new Dictionary<string, BindMountProfile> { ["/etc/web"] = new(File: false) },
                StopGraceSeconds = 20,
                Systemd = new SystemdProfile
                {
                    Unit = "shop",
                    Command = ["{bundle}/web"],
                    Notify = true,
                    WatchdogSeconds = 30,
                    StartSeconds = 60,
                    StopSeconds = 30,
                    Jit = true,
                    Ports = new Dictionary<string, int> { ["http"] = 5000 },
                    Environment = new Dictionary<string, string> { ["DOTNET_gcServer"] = "0" },
                },
                Development = new DevelopmentProfile
                {
                    Build = new BuildProfile("..", "../deploy/Dockerfile.dev"),
                    SourceTarget = "/src",
                    Environment = new Dictionary<string, string> { ["Logging"] = "Debug" },
                },
            },
            ["redis"] = new()
            {
                Optional = true,
                Targets = ["compose", "kubernetes", "helm", "systemd"],
                Command = ["sh", "-c"],
                Args = ["exec redis-server /etc/redis.conf"],
                Files = [new FileProfile("/etc/redis.conf", "requirepass {model.value}\n")],
                Volumes = new Dictionary<string, VolumeProfile> { ["redis-data"] = new("2Gi", "Sessions.") },
                Systemd = new SystemdProfile
                {
                    Command = ["redis-server", "%S/redis.conf"],
                    Packages = ["redis-server", "redis"],
                    After = ["redis.service"],
                    Doctor = ["doctor", "--quietly"],
                    Files = [new FileProfile("/etc/redis.conf", "port {redis.bindings.tcp.port}")],
                },
            },
        },
        Parameters = new Dictionary<string, SettingProfile>
        {
            ["model"] = new() { Description = "The model.", Required = true, Example = "Endpoint=…", Variable = "CHAT_MODEL", Generate = new GenerateRecipe(40, Special: false) },
        },
    };

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var manifest = Manifest(Full);
        var diagnostics = new DiagnosticBag();

        var read = ManifestReader.Read(Encoding.UTF8.GetBytes(manifest), diagnostics)!.Resources.OfType<DeploymentProfileResource>().Single();

        diagnostics.Items.ShouldBeEmpty();
        Json(read.Profile).ShouldBe(Json(Full));
    }

    [Fact]
    public void What_is_written_names_every_property_that_is_set()
    {
        using var json = JsonDocument.Parse($"{{{Json(Full)}}}");
        var workload = json.RootElement.GetProperty("d").GetProperty("workloads").GetProperty("web");
        var properties = typeof(WorkloadProfile).GetProperties().Select(static p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]);
        string[] ofRedisAlone = ["optional", "targets", "command", "args", "files", "volumes"];

        workload.EnumerateObject().Select(static p => p.Name).ShouldBe(properties.Except(ofRedisAlone), ignoreOrder: true);
    }

    [Fact]
    public void It_goes_before_defaults()
    {
        var plan = Planned(Manifest(Full));

        var web = plan.Workload("web");
        (plan.Name, plan.Version, plan.HasProfile).ShouldBe(("shop", "1.2.3", true));
        web.Image.ShouldBe(new WorkloadImage("example/shop:1.2.3", "WEB_IMAGE"));
        web.Limits.ShouldBe(new ResourceAmounts("2", "1Gi", 256));
        web.Endpoints.ShouldHaveSingleItem().HostPort.ShouldBe(5000);
        web.Endpoints[0].ServicePort.ShouldBe(80);
        web.Health.Readiness!.Path.ShouldBe("/health/ready");
        web.Environment.Single(static e => e.Name == "ConnectionStrings__chat-model").ShellName.ShouldBe("ConnectionStrings__chat_model");
        web.DependsOn.ShouldBe([new Dependency("redis", Healthy: true, Required: false)]);
        plan.Parameter("Sessions__TtlHours").Variable.ShouldBe("SESSIONS_TTL_HOURS");
        plan.Parameter("Sessions__TtlHours").Required.ShouldBeFalse();
        plan.Parameter("model").Variable.ShouldBe("CHAT_MODEL");
    }

    [Fact]
    public void A_file_that_a_secret_flows_into_is_secret()
    {
        var redis = Planned(Manifest(Full)).Workload("redis");

        redis.Files.ShouldHaveSingleItem().IsSecret.ShouldBeTrue();
        redis.Systemd!.Files.ShouldHaveSingleItem().IsSecret.ShouldBeFalse();
    }

    [Fact]
    public void A_target_gets_what_the_profile_keeps_for_it()
    {
        var profile = new DeploymentProfile
        {
            Workloads = new Dictionary<string, WorkloadProfile> { ["web"] = new() { Targets = ["compose"] } },
        };

        var plan = Planned(Manifest(profile));

        plan.For("compose").Workloads.Count.ShouldBe(2);
        var helm = plan.For("helm");
        helm.Workloads.ShouldHaveSingleItem().ResourceName.ShouldBe("redis");
        helm.Parameters.ShouldBeEmpty();
        helm.Builds.ShouldBeEmpty();
    }

    [Fact]
    public void A_setting_that_the_model_sets_already_is_refused()
    {
        var profile = new DeploymentProfile
        {
            Workloads = new Dictionary<string, WorkloadProfile>
            {
                ["web"] = new() { Settings = new Dictionary<string, SettingProfile> { ["ConnectionStrings__chat-model"] = new() } },
            },
        };

        var (_, diagnostics) = Try(Manifest(profile));

        diagnostics.Errors.ShouldHaveSingleItem().JsonPath.ShouldBe("$.resources.d.workloads.web.settings['ConnectionStrings__chat-model']");
    }

    private static string Manifest(DeploymentProfile profile) => Resources($"{Web}, {Json(profile)}");

    private static string Json(DeploymentProfile profile)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("d");
            profile.WriteTo(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray())[1..^1];
    }
}
