namespace Lucia.Deployment.Tests.Compose;

/// <summary>A deployment cut off from the world, from its beginning to its end.</summary>
[Collection(ComposeTests.Name)]
[Trait("Speed", "Slow")]
public sealed class OfflineTests(ComposeHouse house)
{
    [Fact]
    public async Task Cut_off_it_works_with_a_model_of_its_own_and_taken_down_it_leaves_nothing()
    {
        await house.NeedEngineAsync();
        await using var deployment = new ComposeDeployment(await house.ImageAsync(), "docker-compose.offline.yml");
        deployment.Guide.AllTo("cut it off from the internet")[1].ShouldContain("docker-compose.offline.yml");
        await deployment.StartAsync();

        var session = (await deployment.ChatAsync("turn on the desk lamp"))["sessionId"]!.GetValue<string>();
        (await deployment.HealthAsync())["status"]!.GetValue<string>().ShouldBe("Healthy");
        (await deployment.TurnsAsync(session)).ShouldBe(1);
        (await deployment.InsideAsync("agenthost", "dotnet lucia.AgentHost.dll --healthcheck http://simulator:8080/alive")).Well();

        // Nobody else is asked, and nothing that is sent all the same gets further than the next router.
        using (var watch = NetworkWatch.TryStart(out var reason))
        {
            foreach (var foreign in new[] { "http://192.0.2.7/", "http://telemetry.example.com/" })
                (await deployment.InsideAsync("agenthost", $"dotnet lucia.AgentHost.dll --healthcheck {foreign}")).ExitCode.ShouldBe(1);
            (await deployment.RunAsync("docker run --rm --network container:$(docker compose ps -q agenthost) --entrypoint cat redis:8.2-alpine /proc/sys/net/ipv4/ip_default_ttl")).ShouldBe("2");
            if (watch is null) TestContext.Current.AddWarning($"Nobody saw which names were looked up. {reason}");
            else watch.BegunWithOutsiders(deployment.Networks).Where(static contact => contact.What.Contains(" 53 ", StringComparison.Ordinal)).ShouldBeEmpty("no name is looked up outside");
        }

        (await deployment.LeftAsync()).ShouldNotBeEmpty();
        await deployment.RunAsync(deployment.Guide.To("remove it with its data"));
        (await deployment.LeftAsync()).ShouldBeEmpty("containers, networks and volumes are gone");
    }
}
