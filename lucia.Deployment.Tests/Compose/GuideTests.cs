using System.Net;
using System.Text.Json.Nodes;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>What a person has after the guide of <c>deploy/compose</c>.</summary>
public sealed class GuideTests(ComposeHouse house) : ComposeTest(house)
{
    [Fact]
    public async Task The_guide_leads_to_a_healthy_house_that_switches_a_light()
    {
        var deployment = await House.DeploymentAsync();

        foreach (var service in new[] { "agenthost", "redis" })
            (await deployment.InspectAsync(service))["State"]!["Health"]!["Status"]!.GetValue<string>().ShouldBe("healthy");
        (await deployment.HealthAsync())["status"]!.GetValue<string>().ShouldBe("Healthy");

        await deployment.ChatAsync("turn off the kitchen ceiling light");
        (await deployment.StateAsync("light.kitchen_ceiling")).ShouldBe("off");
        var reply = await deployment.ChatAsync("turn on the kitchen ceiling light");
        reply["actions"]!.AsArray().ShouldContain(action => (string?)action!["target"] == "light.kitchen_ceiling" && (bool)action["success"]!, reply.ToString());
        (await deployment.StateAsync("light.kitchen_ceiling")).ShouldBe("on");
    }

    [Fact]
    public async Task Every_caller_needs_the_key()
    {
        var deployment = await House.DeploymentAsync();
        var message = new JsonObject { ["message"] = "what is on?" };

        foreach (var present in new Action<HttpRequestMessage>[] { static _ => { }, static sent => sent.Headers.Add("X-Api-Key", "not-the-key-of-this-house"), static sent => sent.Headers.Add("Authorization", "Bearer ") })
        {
            using var refused = await deployment.SendAsync(HttpMethod.Post, "/api/chat", (JsonObject)message.DeepClone(), present);
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }

        foreach (var present in new Action<HttpRequestMessage>[] { sent => sent.Headers.Add("X-Api-Key", deployment.ApiKey), sent => sent.Headers.Add("Authorization", $"Bearer {deployment.ApiKey}") })
        {
            using var answered = await deployment.SendAsync(HttpMethod.Post, "/api/chat", (JsonObject)message.DeepClone(), present);
            answered.StatusCode.ShouldBe(HttpStatusCode.OK, await answered.Content.ReadAsStringAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Setting_up_again_changes_nothing()
    {
        var deployment = await House.DeploymentAsync();
        var before = (await deployment.ContainerAsync("agenthost"), deployment.ApiKey, await File.ReadAllTextAsync(Path.Combine(deployment.Folder, ".env"), Cancellation));

        await deployment.RunAsync(deployment.Guide.To("apply a changed setting"));

        (await deployment.ContainerAsync("agenthost"), deployment.ApiKey, await File.ReadAllTextAsync(Path.Combine(deployment.Folder, ".env"), Cancellation)).ShouldBe(before);
    }
}
