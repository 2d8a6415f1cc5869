using System.Text.Json.Nodes;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>The development override: the sources are mounted, and a change is seen without a build by hand.</summary>
[Collection(ComposeTests.Name)]
[Trait("Speed", "Slow")]
public sealed class DevelopmentTests(ComposeHouse house)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_changed_line_is_seen_while_it_runs()
    {
        await house.NeedEngineAsync();
        await using var deployment = new ComposeDeployment("never-pulled.invalid/lucia", "docker-compose.dev.yml");
        // As in a clone: the sources lie around deploy/, and no setting says where.
        var sources = Path.GetFullPath(Path.Combine(deployment.Folder, "..", ".."));
        await CopySourcesAsync(sources);
        deployment.Set("DEV_USER", await deployment.RunAsync("echo $(id -u):$(id -g)"));
        deployment.Guide.To("work on the sources").ShouldContain("docker-compose.dev.yml up --build");
        await deployment.RunAsync("./setup.sh");
        var build = JsonNode.Parse(await deployment.RunAsync("docker compose config --format json"))!["services"]!["agenthost"]!["build"]!;
        build["context"]!.GetValue<string>().ShouldBe(sources);
        File.Exists(Path.Combine(sources, build["dockerfile"]!.GetValue<string>())).ShouldBeTrue("compose looks for the Dockerfile in the context");

        await deployment.RunAsync("docker compose up --build --detach", seconds: 180);
        await Eventually.TrueAsync("it was built and answers", () => AnswersAsync(deployment, "alive"), seconds: 180);
        var started = (await deployment.InspectAsync("agenthost"))["State"]!["StartedAt"]!.GetValue<string>();
        var file = Path.Combine(sources, "lucia.ServiceDefaults/Health/HealthEndpoints.cs");
        var source = await File.ReadAllTextAsync(file, Cancellation);
        source.ShouldContain("WriteAsync(\"alive\")");
        await File.WriteAllTextAsync(file, source.Replace("WriteAsync(\"alive\")", "WriteAsync(\"changed while it ran\")", StringComparison.Ordinal), Cancellation);

        await Eventually.TrueAsync("the change is seen", () => AnswersAsync(deployment, "changed while it ran"), seconds: 120);
        (await deployment.InspectAsync("agenthost"))["State"]!["StartedAt"]!.GetValue<string>().ShouldBe(started, "the container is the same");
        (await deployment.RunAsync("docker compose logs agenthost 2>&1")).ShouldContain("Hot reload");
    }

    private static async Task<bool> AnswersAsync(ComposeDeployment deployment, string text)
    {
        try
        {
            using var reply = await deployment.SendAsync(HttpMethod.Get, "/alive", present: static _ => { });
            return await reply.Content.ReadAsStringAsync(Cancellation) == text;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>What git knows of, with the changes of this working tree.</summary>
    private static async Task CopySourcesAsync(string folder) =>
        (await Shell.RunAsync(
            $"git ls-files -z --cached --others --exclude-standard -- global.json Directory.Build.props Directory.Packages.props .editorconfig deploy/docker lucia.Settings lucia.ServiceDefaults lucia.AgentHost | xargs -0 cp --parents -t {folder}",
            Programs.Repository)).Well();
}
