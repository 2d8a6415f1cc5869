namespace Lucia.Deployment.Tests.Compose;

/// <summary>Who reaches whom.</summary>
public sealed class NetworkTests(ComposeHouse house) : ComposeTest(house)
{
    // Reserved for documentation (RFC 5737, RFC 2606): nobody is there.
    private const string Nowhere = "192.0.2.7", NoName = "telemetry.example.com";

    [Fact]
    public async Task Redis_is_reached_within_the_internal_network_alone()
    {
        var deployment = await House.DeploymentAsync();
        var redis = (await deployment.InspectAsync("redis"))["NetworkSettings"]!;
        redis["Ports"]!.AsObject().ShouldAllBe(static port => port.Value == null, "no port is published");
        var networks = redis["Networks"]!.AsObject();
        networks.Select(static network => network.Key).ShouldBe([$"{deployment.Project}_internal"]);
        var address = networks.Single().Value!["IPAddress"]!.GetValue<string>();

        // From within it answers, so the question is a fair one; without the password that is all it does.
        (await PingFromAsync(deployment, $"{deployment.Project}_internal", address)).ShouldContain("NOAUTH");
        (await PingFromAsync(deployment, $"{deployment.Project}_edge", address)).ShouldContain("no answer");
        (await PingFromAsync(deployment, "bridge", address)).ShouldContain("no answer");
        (await deployment.RunAsync($"docker network inspect -f '{{{{.Internal}}}}' {deployment.Project}_internal")).ShouldBe("true");
        (await deployment.InsideAsync("redis", "sh -c 'cut -f2 /proc/net/route'")).Output.ShouldNotContain("00000000", customMessage: "Redis has no way out");
    }

    [Fact]
    public async Task Only_the_configured_endpoints_are_contacted_and_a_foreign_request_is_noticed()
    {
        var deployment = await House.DeploymentAsync();
        if (House.Unwatched.Length > 0) Assert.Skip(House.Unwatched);
        await deployment.ChatAsync("turn on the porch light");
        await deployment.RunAsync("docker compose restart agenthost && docker compose up -d --wait");
        await deployment.ChatAsync("turn off the porch light");

        House.Watch.BegunWithin(deployment.Networks).Select(static contact => contact.What).Except(ComposeHouse.ConfiguredNames).Order().ToList()
            .ShouldBe(["tcp 6379", "tcp 8080"], customMessage: "Redis; the published port, the model and the home");
        House.ShouldHaveKeptToItself();

        // An address nobody configured, and a name.
        await deployment.InsideAsync("agenthost", $"dotnet lucia.AgentHost.dll --healthcheck http://{Nowhere}/");
        Should.Throw<ShouldAssertException>(House.ShouldHaveKeptToItself).Message.ShouldContain($"-> {Nowhere} tcp 80");
        House.WasOnPurpose(static contact => contact.To.ToString() == Nowhere && contact.What == "tcp 80");
        House.ShouldHaveKeptToItself();
        await deployment.InsideAsync("agenthost", $"dotnet lucia.AgentHost.dll --healthcheck http://{NoName}/");
        Should.Throw<ShouldAssertException>(House.ShouldHaveKeptToItself).Message.ShouldContain($"udp 53 asks for {NoName}");
        House.WasOnPurpose(static contact => contact.What == $"udp 53 asks for {NoName}");
    }

    private static Task<string> PingFromAsync(ComposeDeployment deployment, string network, string address) =>
        deployment.RunAsync($"docker run --rm --network {network} --entrypoint sh redis:8.2-alpine -c 'timeout 3 redis-cli -h {address} ping || echo no answer' 2>&1");
}
