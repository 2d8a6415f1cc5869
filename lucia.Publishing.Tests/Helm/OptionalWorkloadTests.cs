using Lucia.Publishing.Helm;
using Lucia.Publishing.Tests.Kubernetes;

namespace Lucia.Publishing.Tests.Helm;

/// <summary>A chart of an application with a workload that others use and that is off unless asked for.</summary>
public sealed class OptionalWorkloadTests
{
    private const string Manifest = """
        { "resources": {
          "web": { "type": "container.v0", "image": "nginx:1.29", "args": ["--cache", "{redis.bindings.tcp.host}"],
            "env": { "CACHE": "{redis.bindings.tcp.host}", "LEVEL_AND_CACHE": "{level.value}@{redis.bindings.tcp.host}", "OTHER": "1" } },
          "redis": { "type": "container.v0", "image": "redis:8.2-alpine",
            "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 6379 } } },
          "level": { "type": "parameter.v0", "value": "{level.inputs.value}", "inputs": { "value": { "type": "string", "default": { "value": "Info" } } } },
          "d": { "type": "lucia.deployment.v0", "workloads": { "redis": { "optional": true } } } } }
        """;

    [Fact]
    public async Task It_is_rendered_as_its_readme_says_and_with_every_example_of_values()
    {
        using var published = Published.OnDisk(Manifest, new HelmTarget());
        var chart = Path.Combine(published.Root, "helm/shop");

        await ClusterTools.ValidateAsync(await TemplateAsync(chart));
        var examples = Directory.EnumerateFiles(Path.Combine(chart, "ci")).ToList();
        examples.Select(Path.GetFileName).ShouldContain("open-network-values.yaml");
        foreach (var values in examples)
            await ClusterTools.ValidateAsync(await TemplateAsync(chart, "-f", values));
    }

    [Fact]
    public async Task What_is_off_is_named_in_no_variable()
    {
        using var published = Published.OnDisk(Manifest, new HelmTarget());

        var off = await TemplateAsync(Path.Combine(published.Root, "helm/shop"));

        off.ShouldNotContain("CACHE", Case.Sensitive);
        off.ShouldContain("OTHER: \"1\"");
        off.ShouldNotContain("port: 6379");
    }

    [Theory]
    [InlineData("redis.enabled=true", "rel-shop-redis")]
    [InlineData("redis.external.host=cache.example.org", "cache.example.org")]
    public async Task What_is_on_or_elsewhere_is_named_by_its_address(string values, string host)
    {
        using var published = Published.OnDisk(Manifest, new HelmTarget());

        var rendered = await TemplateAsync(Path.Combine(published.Root, "helm/shop"), "--set", values);

        rendered.ShouldContain($"CACHE: \"{host}\"");
        rendered.ShouldContain($"value: \"$(PARAMETER_LEVEL)@{host}\"");
        rendered.ShouldContain("port: 6379");
    }

    private static async Task<string> TemplateAsync(string chart, params string[] arguments) =>
        (await ClusterTools.RunAsync(ClusterTools.Helm, ["template", "rel", chart, .. arguments])).Output;
}
