using System.Globalization;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>What deploy/README.md says that Lucia and Redis need at least is enough: with no more than that they serve.</summary>
[Collection(ComposeTests.Name)]
[Trait("Speed", "Slow")]
public sealed partial class LeastMachineTests(ComposeHouse house)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_serves_several_at_once_on_the_least_machine_that_the_page_names()
    {
        await house.NeedEngineAsync();
        var least = Least().Match(Row("compose"));
        least.Success.ShouldBeTrue("the row of compose says how many cores and how much memory");
        var (cores, megabytes) = (least.Groups[1].Value, int.Parse(least.Groups[2].Value, CultureInfo.InvariantCulture));
        await using var deployment = new ComposeDeployment(await house.ImageAsync());
        // A quarter is Redis's, as it is with the limits that a deployment sets by itself.
        foreach (var (service, memory) in new[] { ("AGENTHOST", megabytes * 3 / 4), ("REDIS", megabytes / 4) })
        {
            deployment.Set($"{service}_CPUS", cores);
            deployment.Set($"{service}_MEMORY", $"{memory}m");
        }

        await deployment.StartAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(one => deployment.ChatAsync("turn on the desk lamp", $"caller-{one}")));

        foreach (var reply in replies) reply["actions"]!.AsArray().ShouldHaveSingleItem()!["success"]!.GetValue<bool>().ShouldBeTrue();
        (await deployment.HealthAsync())["status"]!.GetValue<string>().ShouldBe("Healthy");
        foreach (var service in new[] { "agenthost", "redis" })
        {
            var container = await deployment.InspectAsync(service);
            container["State"]!["OOMKilled"]!.GetValue<bool>().ShouldBeFalse(service);
            container["RestartCount"]!.GetValue<int>().ShouldBe(0, service);
        }
    }

    /// <summary>A scheduler places a pod where what it reserves is free.</summary>
    [Fact]
    public async Task A_cluster_needs_what_the_pods_reserve()
    {
        var manifests = string.Join('\n', await Task.WhenAll(new[] { "agenthost-deployment.yaml", "redis-statefulset.yaml" }
            .Select(file => File.ReadAllTextAsync(Path.Combine(Programs.Repository, "deploy/kubernetes/base", file), Cancellation))));
        var requests = Request().Matches(manifests);
        requests.Count.ShouldBe(2);

        Row("Helm").ShouldContain(string.Create(CultureInfo.InvariantCulture,
            $"{requests.Sum(one => int.Parse(one.Groups[1].Value, CultureInfo.InvariantCulture)) / 1000.0} CPUs and {requests.Sum(one => int.Parse(one.Groups[2].Value, CultureInfo.InvariantCulture))} MiB"));
        Row("Helm").ShouldContain($"a volume of {Volume().Match(manifests).Groups[1].Value} GiB");
    }

    private static string Row(string method) => Guide.Read("deploy/README.md").Text.Split('\n').Single(line => line.StartsWith('|') && line.Contains($"| **{method}**:", StringComparison.Ordinal));

    [GeneratedRegex(@"\| (\d+) cores?, (\d+) MB of memory,")]
    private static partial Regex Least();

    [GeneratedRegex(@"requests:\s+cpu: ""?(\d+)m""?\s+memory: (\d+)Mi")]
    private static partial Regex Request();

    [GeneratedRegex(@"storage: (\d+)Gi")]
    private static partial Regex Volume();
}
