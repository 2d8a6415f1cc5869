using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>A conversation outlives whatever happens to the containers.</summary>
public sealed class PersistenceTests(ComposeHouse house) : ComposeTest(house)
{
    private const string KillRedis = "sh -c 'for p in /proc/[0-9]*; do if [ \"$(cat $p/comm)\" = redis-server ]; then kill -9 ${p#/proc/}; fi; done'";

    [Fact]
    public async Task A_restart_forgets_nothing()
    {
        var deployment = await House.DeploymentAsync();
        var session = await BeginAsync(deployment);

        await deployment.RunAsync("docker compose restart && docker compose up -d --wait");

        await GoesOnAsync(deployment, session);
    }

    [Fact]
    public async Task Down_and_up_forget_nothing()
    {
        var deployment = await House.DeploymentAsync();
        var session = await BeginAsync(deployment);

        await deployment.RunAsync(deployment.Guide.To("stop, keep the data"));
        (await deployment.RunAsync("docker compose ps -aq")).ShouldBeEmpty();
        await deployment.RunAsync("docker compose up -d --wait");

        await GoesOnAsync(deployment, session);
    }

    [Fact]
    public async Task A_killed_Redis_comes_back_with_everything()
    {
        var deployment = await House.DeploymentAsync();
        var session = await BeginAsync(deployment);
        var started = await StartedAsync(deployment, "redis");

        await deployment.InsideAsync("redis", KillRedis);

        await Eventually.TrueAsync("Redis was started again", async () => await StartedAsync(deployment, "redis") != started);
        await deployment.RunAsync("docker compose up -d --wait");
        await Eventually.TrueAsync("the service found it", async () => (await deployment.HealthAsync())["status"]!.GetValue<string>() == "Healthy");
        // Started anew, the service has only what Redis kept.
        await deployment.RunAsync("docker compose restart agenthost && docker compose up -d --wait");
        await GoesOnAsync(deployment, session);
    }

    [Fact]
    public async Task An_upgrade_loses_nothing()
    {
        var deployment = await House.DeploymentAsync();
        var session = await BeginAsync(deployment);
        (await deployment.HealthAsync())["version"]!.GetValue<string>().ShouldBe(ProductVersion.Current);
        var image = await House.ImageAsync(ProductVersion.Later());

        deployment.Set("AGENTHOST_IMAGE", image);
        await deployment.RunAsync(deployment.Guide.To("update the images"));

        (await deployment.HealthAsync())["version"]!.GetValue<string>().ShouldBe(ProductVersion.Later());
        await GoesOnAsync(deployment, session);

        // And back again.
        deployment.Set("AGENTHOST_IMAGE", await House.ImageAsync());
        await deployment.RunAsync("docker compose up -d --wait");
        (await deployment.HealthAsync())["version"]!.GetValue<string>().ShouldBe(ProductVersion.Current);
        (await deployment.TurnsAsync(session)).ShouldBe(2);
    }

    private static async Task<string> BeginAsync(ComposeDeployment deployment)
    {
        var reply = await deployment.ChatAsync("turn on the porch light");
        (await deployment.StateAsync("light.porch")).ShouldBe("on");
        return reply["sessionId"]!.GetValue<string>();
    }

    /// <summary>The conversation is there and can be gone on with.</summary>
    private static async Task GoesOnAsync(ComposeDeployment deployment, string session)
    {
        (await deployment.TurnsAsync(session)).ShouldBe(1);
        (await deployment.ChatAsync("turn off the porch light", session))["sessionId"]!.GetValue<string>().ShouldBe(session);
        (await deployment.StateAsync("light.porch")).ShouldBe("off");
        (await deployment.TurnsAsync(session)).ShouldBe(2);
    }

    private static async Task<string> StartedAsync(ComposeDeployment deployment, string service) =>
        (await deployment.InspectAsync(service))["State"]!["StartedAt"]!.GetValue<string>();
}
