using System.Text.Json.Nodes;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>The doctor inside the container, which has no shell, a root that cannot be written and its secrets in files.</summary>
public sealed class DoctorTests(ComposeHouse house) : ComposeTest(house)
{
    [Fact]
    public async Task It_examines_what_the_service_has()
    {
        var deployment = await House.DeploymentAsync();

        var report = JsonNode.Parse((await deployment.InsideAsync("agenthost", "dotnet lucia.AgentHost.dll doctor --json")).Well().Output)!;

        report["status"]!.GetValue<string>().ShouldBe("pass", report.ToJsonString());
        var checks = report["checks"]!.AsArray().ToDictionary(check => check!["name"]!.GetValue<string>(), check => check!["status"]!.GetValue<string>());
        foreach (var part in new[] { "settings", "redis", "redis-policy", "home-assistant", "home-entities", "chat-model", "chat-streaming", "tool-calling", "embedding-model" })
            checks[part].ShouldBe("pass", report.ToJsonString());
        foreach (var secret in deployment.Secrets) report.ToJsonString().ShouldNotContain(secret);
    }
}
