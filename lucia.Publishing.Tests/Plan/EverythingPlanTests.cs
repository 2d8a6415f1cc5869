using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;
using static Lucia.Publishing.Tests.Planning;

namespace Lucia.Publishing.Tests.Plan;

public sealed class EverythingPlanTests
{
    private readonly DeploymentPlan _plan = Planned(Samples.Everything);

    [Fact]
    public void Every_resource_type_becomes_what_it_is()
    {
        _plan.Workloads.Select(static w => (w.ResourceName, w.Kind)).ShouldBe(
        [
            ("cache", WorkloadKind.Container), ("db", WorkloadKind.Container), ("worker", WorkloadKind.Dockerfile), ("native", WorkloadKind.Dockerfile),
            ("tool", WorkloadKind.Executable), ("web", WorkloadKind.Project), ("admin", WorkloadKind.Project),
        ]);
        _plan.Builds.Select(static b => (b.ResourceName, b.Kind, b.Variable)).ShouldBe(
        [
            ("worker", BuildKind.Dockerfile, "WORKER_IMAGE"), ("native", BuildKind.Dockerfile, "NATIVE_IMAGE"), ("assets", BuildKind.Dockerfile, "ASSETS_IMAGE"),
            ("tool", BuildKind.ByHand, "TOOL_IMAGE"), ("web", BuildKind.Project, "WEB_IMAGE"), ("admin", BuildKind.Project, "ADMIN_IMAGE"),
        ]);
        _plan.Workload("web").Image.ShouldBe(new WorkloadImage("web:latest", "WEB_IMAGE"));
    }

    [Theory]
    [InlineData("systemd", 0)]
    [InlineData("compose", 1)]
    [InlineData("compose,kubernetes,helm,systemd", 1)]
    public void That_an_executable_has_no_image_is_told_once_and_only_where_images_run(string targets, int times)
    {
        var chosen = PublishTargets.All.Where(t => targets.Split(',').Contains(t.Name)).ToList();

        var result = Publisher.Publish(System.Text.Encoding.UTF8.GetBytes(Samples.Everything), new PublishRequest(chosen, null, new PlanOptions()));

        var told = result.Diagnostics.Where(static d => d.Number == "LUCIA1408").ToList();
        told.Count.ShouldBe(times);
        told.ShouldAllBe(static d => d.Resource == "tool");
    }

    [Theory]
    [InlineData("web", true, "its own code calls what it likes")]
    [InlineData("tool", true, "so does a program of the host")]
    [InlineData("cache", false, "its only value is a generated password")]
    [InlineData("db", false, "its only value is a generated password")]
    public void What_may_reach_outside_is_one_rule_for_all_targets(string workload, bool outside, string why) =>
        _plan.ReachesOutside(_plan.Workload(workload)).ShouldBe(outside, why);

    [Fact]
    public void The_profile_decides_what_may_reach_outside()
    {
        var web = _plan.Workload("web");

        _plan.ReachesOutside(web with { Egress = false }).ShouldBeFalse();
        _plan.ReachesOutside(_plan.Workload("cache") with { Egress = true }).ShouldBeTrue();
    }

    [Theory]
    [InlineData("web", "ConnectionStrings__cache", "{cache.bindings.tcp.host}:{cache.bindings.tcp.port},password={cache-password.value}", true)]
    [InlineData("web", "CACHE_URI", "redis://:{cache-password.value|uri}@{cache.bindings.tcp.host}:{cache.bindings.tcp.port}", true)]
    [InlineData("web", "TOOL", "{tool.bindings.http.scheme}://{tool.bindings.http.host}:{tool.bindings.http.port}", false)]
    [InlineData("web", "Level", "{level.value}", false)]
    [InlineData("web", "ROUTE", "/catalog/{**rest}", false)]
    [InlineData("worker", "ConnectionStrings__shop", "Host={db.bindings.tcp.host};Port={db.bindings.tcp.port};Password={db-password.value};Database=shop", true)]
    [InlineData("worker", "SELF", "{worker.containerImage}", false)]
    [InlineData("admin", "SHOP_HOST", "{outside-tcp-host.value}", false)]
    public void Values_are_followed_to_their_end_and_secret_by_what_flows_in(string workload, string variable, string expected, bool secret)
    {
        _plan.Value(workload, variable).ShouldBe(expected);
        _plan.Workload(workload).Environment.Single(e => e.Name == variable).IsSecret.ShouldBe(secret);
    }

    [Fact]
    public void Https_without_a_certificate_is_the_http_port()
    {
        var web = _plan.Workload("web");

        web.Endpoints.Select(static e => (e.Name, e.Scheme, e.DeclaredScheme, e.TargetPort)).ShouldBe([("http", "http", "http", 8080), ("https", "http", "https", 8080)]);
        web.Ports.ShouldHaveSingleItem();
        web.Environment.Select(static e => e.Name).ShouldNotContain("HTTPS_PORTS");
        _plan.Value("web", "HTTP_PORTS").ShouldBe("{web.bindings.http.targetPort}");
    }

    [Fact]
    public void Host_ports_are_free_of_clashes()
    {
        var ports = _plan.Workloads.SelectMany(static w => w.Ports).Select(static e => (e.Protocol, e.HostPort)).ToList();

        ports.ShouldBeUnique();
        ports.ShouldAllBe(static p => p.HostPort > 0);
    }

    [Fact]
    public void Parameters_are_those_in_use_with_names_for_every_target()
    {
        _plan.Parameters.Select(static p => (p.Name, p.Variable, p.Key, p.IsSecret, p.Required)).ShouldBe(
        [
            ("cache-password", "CACHE_PASSWORD", "cache-password", true, false),
            ("db-password", "DB_PASSWORD", "db-password", true, false),
            ("level", "LEVEL", "level", false, false),
            ("token", "TOKEN", "token", true, true),
            ("outside-tcp-host", "OUTSIDE_TCP_HOST", "outside-tcp-host", false, true),
        ], ignoreOrder: true);
        _plan.Parameter("cache-password").NeedsUriEncoding.ShouldBeTrue();
        _plan.Parameter("cache-password").UsedBy.ShouldBe(["cache", "web"]);
        _plan.Parameter("token").UsedBy.ShouldBe(["native"]);
    }

    [Fact]
    public void References_make_waits_and_the_network()
    {
        _plan.References.Select(static r => (r.From, r.To)).ShouldBe([("worker", "db"), ("web", "cache"), ("web", "tool"), ("admin", "web")]);
        _plan.Workload("web").DependsOn.ShouldBe([new Dependency("cache", Healthy: true, Required: true), new Dependency("tool", Healthy: false, Required: true)]);
    }

    [Fact]
    public void A_known_image_gets_its_user_check_and_a_command_without_the_password()
    {
        var cache = _plan.Workload("cache");

        (cache.Security.User, cache.Security.Group, cache.Security.ReadOnlyRoot).ShouldBe((999, 1000, true));
        cache.Security.IsRestricted.ShouldBeTrue();
        cache.Health.Check!.Command.ShouldContain("REDISCLI_AUTH=\"$REDIS_PASSWORD\" redis-cli ping | grep -qx PONG");
        cache.Args![1].Literal.ShouldBe("exec redis-server - <<EOF\nrequirepass \"$REDIS_PASSWORD\"\nsave 60 1\nEOF\n");
        cache.Volumes.ShouldHaveSingleItem().Name.ShouldBe("cache-data");
    }

    [Fact]
    public void An_unknown_image_keeps_its_user_and_says_so()
    {
        var (plan, diagnostics) = Try(Resources(Samples.Container("w", "x")));

        plan!.Workload("w").Security.ShouldBe(new SecurityPlan(null, null, false, plan.Workload("w").Security.Writable, false, []), "nothing may keep it from starting");
        diagnostics.Items.ShouldContain(static d => d.Number == "LUCIA1406" && d.Severity == Severity.Notice);
    }

    [Fact]
    public void Every_feature_of_the_plan_is_counted()
    {
        var uses = FeatureUse.Of(_plan);

        uses[Feature.Container].Count.ShouldBe(2);
        uses[Feature.ComposedSecrets].Count.ShouldBe(3);
        uses[Feature.EncodedSecrets].Count.ShouldBe(1);
        uses[Feature.BindMounts].Count.ShouldBe(1);
        uses[Feature.BuildArguments].Count.ShouldBe(4);
    }

    [Fact]
    public void Two_that_need_each_other_do_not_wait_in_a_circle()
    {
        const string binding = "\"bindings\": { \"http\": { \"scheme\": \"http\", \"protocol\": \"tcp\", \"transport\": \"http\" } }";
        var (plan, diagnostics) = Try(Resources(
            $"\"a\": {{ \"type\": \"project.v0\", \"path\": \"a.csproj\", {binding}, \"env\": {{ \"B\": \"{{b.bindings.http.url}}\" }} }}, "
            + $"\"b\": {{ \"type\": \"project.v0\", \"path\": \"b.csproj\", {binding}, \"env\": {{ \"A\": \"{{a.bindings.http.url}}\" }} }}"));

        plan!.Workload("a").DependsOn.ShouldHaveSingleItem().Workload.ShouldBe("b");
        plan.Workload("b").DependsOn.ShouldBeEmpty();
        plan.References.Count.ShouldBe(2);
        diagnostics.Items.ShouldContain(static d => d.Number == "LUCIA1403");
    }

    [Fact]
    public void What_came_from_a_skipped_resource_is_asked_for_as_a_secret()
    {
        var json = Resources($"\"storage\": {{ \"type\": \"azure.bicep.v0\", \"path\": \"s.bicep\" }}, {Samples.Container("w", "at {storage.outputs.blobEndpoint}")}");

        var (plan, diagnostics) = Try(json, skipUnsupported: true);

        diagnostics.HasErrors.ShouldBeFalse();
        var asked = plan!.Parameters.ShouldHaveSingleItem();
        (asked.Name, asked.IsSecret, asked.Required, asked.Origin).ShouldBe(("storage-outputs-blobEndpoint", true, true, ParameterOrigin.Skipped));
        diagnostics.Items.Select(static d => d.Number).ShouldContain("LUCIA1412");
        diagnostics.Items.Select(static d => d.Number).ShouldContain("LUCIA1413");
    }

    [Theory]
    [InlineData("user", "USER_VALUE")]
    [InlineData("path", "PATH_VALUE")]
    [InlineData("docker-host", "DOCKER_HOST_VALUE")]
    [InlineData("db-user", "DB_USER")]
    public void A_variable_is_none_that_the_shell_has_already(string parameter, string variable) =>
        Planned(Resources($"{Samples.Parameter(parameter)}, {Samples.Container("w", $"{{{parameter}.value}}")}"))
            .Parameters.ShouldHaveSingleItem().Variable.ShouldBe(variable);

    [Fact]
    public void A_secret_default_is_never_carried()
    {
        var (plan, diagnostics) = Try(Resources(
            "\"p\": { \"type\": \"parameter.v0\", \"value\": \"{p.inputs.value}\", \"inputs\": { \"value\": { \"type\": \"string\", \"secret\": true, \"default\": { \"value\": \"hunter2\" } } } }, "
            + Samples.Container("w", "{p.value}")));

        plan!.Parameters.ShouldHaveSingleItem().Default.ShouldBeNull();
        diagnostics.Items.ShouldContain(static d => d.Number == "LUCIA1411");
        diagnostics.Items.ShouldAllBe(static d => !d.ToString().Contains("hunter2"));
    }

    [Fact]
    public void A_volume_that_two_share_has_one_name()
    {
        const string volume = "\"volumes\": [ { \"name\": \"shared\", \"target\": \"/d\" } ]";
        var plan = Planned(Resources($"\"a\": {{ \"type\": \"container.v0\", \"image\": \"a:1\", {volume} }}, \"b\": {{ \"type\": \"container.v0\", \"image\": \"b:1\", {volume} }}"));

        plan.Workloads.SelectMany(static w => w.Volumes).Select(static v => v.Name).ShouldBe(["shared", "shared"]);
    }
}
