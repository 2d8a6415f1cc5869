using System.Text.RegularExpressions;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>No secret, and nothing that brings one, stands where others than its workload can read it.</summary>
public sealed partial class SecrecyTests
{
    private const string Value = "S3cr3t-default-of-a-parameter";

    public static TheoryData<string, string> Outputs => ParitySample.All;

    public static TheoryData<string, string, string, string, string> Leaks => new()
    {
        { "compose", ".env.example", "# CACHE_CPUS=1", "# CACHE_PASSWORD=hunter2", ".env.example: CACHE_PASSWORD" },
        { "compose", "docker-compose.yml", "\"$$REDIS_PASSWORD\"\n        save", "\"${CACHE_PASSWORD}\"\n        save", "command of cache: CACHE_PASSWORD" },
        { "kubernetes", "base/web.env", "HTTP_PORTS=8080", "ConnectionStrings__cache=cache:6379,password=hunter2", "base/web.env: ConnectionStrings__cache" },
        { "kubernetes", "base/cache-statefulset.yaml", "requirepass \"$REDIS_PASSWORD", "requirepass \"$(REDIS_PASSWORD)", "args of StatefulSet cache: REDIS_PASSWORD" },
        { "helm", "shop/values.yaml", "  signingKey: \"\"", "  signingKey: \"{signing-key.value}\"", "values.yaml: {signing-key.value}" },
        { "helm", "shop/templates/web/configmap.yaml", "HTTP_PORTS: \"8080\"", "HTTP_PORTS: {{ $.Values.secrets.cachePassword | quote }}", "{cache-password.value}" },
        { "systemd", "shop.env.example", "#Level=Info", "SIGNING_KEY=hunter2", "shop.env.example: SIGNING_KEY" },
        { "systemd", "units/shop-web.service", "/opt/shop/current/app/web/Web\n", "/opt/shop/current/app/web/Web ${ConnectionStrings__cache}\n", "ExecStart= of units/shop-web.service: ConnectionStrings__cache" },
        { "systemd", "quadlet/shop-worker.container", "Environment=SECRETS=/run/secrets", "Environment=Signing__Key=hunter2", "Environment= of quadlet/shop-worker.container: Signing__Key" },
    };

    [Theory, MemberData(nameof(Outputs))]
    public async Task No_secret_is_in_a_ConfigMap_an_argument_the_values_a_unit_or_an_example(string sample, string target)
    {
        var published = ParitySample.Of(sample);

        (await OpenPlaces.LeaksAsync(target, published.Plan.For(target), published.Files[target])).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Leaks))]
    public async Task A_secret_in_the_open_is_found(string target, string file, string text, string leak, string found)
    {
        var published = ParitySample.Of("shop");
        published.Change(target, file, text, leak);

        (await OpenPlaces.LeaksAsync(target, published.Plan.For(target), published.Files[target])).ShouldContain(l => l.EndsWith(found, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Outputs))]
    public void A_secrets_value_in_the_manifest_is_in_no_file(string sample, string target)
    {
        var published = ParitySample.Of(sample, static json => Secret().Replace(json, $"\"secret\": true, \"default\": {{ \"value\": \"{Value}\" }} }}"));

        published.Manifest.ShouldContain(Value);
        published.Files[target].Where(static f => f.Value.Contains(Value)).Select(static f => f.Key).ShouldBeEmpty();
    }

    // An input that has no default yet.
    [GeneratedRegex(@"""secret"": true\s*\}")]
    private static partial Regex Secret();
}
