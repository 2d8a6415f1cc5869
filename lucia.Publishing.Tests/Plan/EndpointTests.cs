using static Lucia.Publishing.Tests.Planning;

namespace Lucia.Publishing.Tests.Plan;

/// <summary>Transports as Aspire writes them, ports that a host can give, and the settings that change them.</summary>
public sealed class EndpointTests
{
    [Theory]
    [InlineData("http", "tcp", "http", true)]
    [InlineData("http", "tcp", "http2", true)]
    [InlineData("https", "tcp", "http3", true)]
    [InlineData("tcp", "tcp", "tcp", false)]
    [InlineData("udp", "udp", "udp", false)]
    public void Every_transport_of_the_format_is_read(string scheme, string protocol, string transport, bool isHttp)
    {
        var endpoint = Planned(Resources(Listening("a", $"\"x\": {Binding(scheme, protocol, transport, 5353)}"))).Workload("a").Endpoints.Single();

        (endpoint.Protocol, endpoint.Transport, endpoint.IsHttp).ShouldBe((protocol, transport, isHttp));
    }

    [Fact]
    public void A_port_that_only_root_may_open_is_raised_and_that_is_said()
    {
        var (plan, diagnostics) = Try(Resources(
            $"{Listening("web", $"\"http\": {Binding("http", "tcp", "http", 80, external: true)}")}, {Listening("inner", $"\"http\": {Binding("http", "tcp", "http", 81)}")}"));

        plan!.Workloads.Select(static w => w.Endpoints[0].HostPort).ShouldBe([8080, 8081]);
        plan.Workload("web").Endpoints[0].TargetPort.ShouldBe(80);
        var told = diagnostics.Items.Where(static d => d.Number == "LUCIA1419").ShouldHaveSingleItem();
        told.JsonPath.ShouldBe("$.resources.web.bindings.http");
    }

    [Fact]
    public void A_low_port_that_the_profile_names_is_kept()
    {
        var plan = Planned(Resources(
            $"{Listening("web", $"\"http\": {Binding("http", "tcp", "http", 80, external: true)}")}, \"d\": {{ \"type\": \"lucia.deployment.v0\", \"workloads\": {{ \"web\": {{ \"endpoints\": {{ \"http\": {{ \"externalPort\": 80 }} }} }} }} }}"));

        plan.Workload("web").Endpoints[0].HostPort.ShouldBe(80);
    }

    [Fact]
    public void What_users_reach_has_settings_for_port_and_address_that_clash_with_no_other()
    {
        var plan = Planned(Resources(
            $$"""
            {{Listening("web", $"\"http\": {Binding("http", "tcp", "http", 5000, external: true)}, \"same\": {Binding("tcp", "tcp", "tcp", 5000)}", "\"P\": \"{web-port.value}\"")}},
            {{Listening("two", $"\"a\": {Binding("http", "tcp", "http", 5001, external: true)}, \"b\": {Binding("http", "tcp", "http", 5002, external: true)}")}},
            {{Listening("inner", $"\"tcp\": {Binding("tcp", "tcp", "tcp", 5003)}")}},
            {{Samples.Parameter("web-port")}}
            """));

        plan.Parameters.Single().Variable.ShouldBe("WEB_PORT");
        plan.Workload("web").Endpoints.Select(static e => (e.PortVariable, e.BindVariable)).ShouldBe([("WEB_PORT_2", "ASPIRE_APP_BIND"), ("WEB_PORT_2", "ASPIRE_APP_BIND")]);
        plan.Workload("two").Endpoints.Select(static e => e.PortVariable).ShouldBe(["TWO_A_PORT", "TWO_B_PORT"]);
        plan.Workload("inner").Endpoints.Single().PortVariable.ShouldBeNull();
    }

    [Fact]
    public void A_service_of_the_host_listens_where_its_settings_say()
    {
        var output = Systemd.SystemdSamples.Published("everything");

        Systemd.SystemdSamples.Text(output, "units/aspire-app-admin.service").ShouldContain("ASPNETCORE_URLS=http://${ASPIRE_APP_BIND}:${ADMIN_PORT}");
        var settings = Systemd.SystemdSamples.Text(output, "aspire-app.env.example");
        settings.ShouldContain("\n#ADMIN_PORT=8081\n");
        settings.ShouldContain("\n#ASPIRE_APP_BIND=127.0.0.1\n");
    }

    private static string Listening(string name, string bindings, string environment = "") =>
        $"\"{name}\": {{ \"type\": \"container.v0\", \"image\": \"nginx:1.29\", \"env\": {{ {environment} }}, \"bindings\": {{ {bindings} }} }}";

    private static string Binding(string scheme, string protocol, string transport, int port, bool external = false) =>
        $"{{ \"scheme\": \"{scheme}\", \"protocol\": \"{protocol}\", \"transport\": \"{transport}\", \"targetPort\": {port}, \"external\": {(external ? "true" : "false")} }}";
}
