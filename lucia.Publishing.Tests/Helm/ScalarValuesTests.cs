using Lucia.Publishing.Helm;
using Lucia.Publishing.Tests.Kubernetes;

namespace Lucia.Publishing.Tests.Helm;

/// <summary>Values as people write them: numbers and flags without quotes, a list emptied, a group taken away.</summary>
public sealed class ScalarValuesTests
{
    private const string Manifest = """
        { "resources": {
          "web": { "type": "container.v0", "image": "nginx:1.29", "env": { "LIMIT": "{limit.value}", "JOINED": "at most {limit.value}" },
            "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 80, "external": true } } },
          "limit": { "type": "parameter.v0", "value": "{limit.inputs.value}", "inputs": { "value": { "type": "string", "default": { "value": "5" } } } },
          "d": { "type": "lucia.deployment.v0", "application": "shop", "workloads": { "web": {
            "settings": {
              "FLAG": { "allowed": ["true", "false"] }, "LEVEL": { "allowed": ["Debug", "Info"], "default": "Info" }, "COUNT": { "allowed": ["whole number, 1 to 9"] } },
            "secretFiles": { "directory": "/run/secrets" } } } } } }
        """;

    public static TheoryData<string, string> Written => new()
    {
        { "settings.limit=1000000", "LIMIT: \"1000000\"" },
        { "settings.limit=0", "LIMIT: \"0\"" },
        { "settings.flag=true", "FLAG: \"true\"" },
        { "settings.flag=false", "FLAG: \"false\"" },
        { "settings.count=48", "COUNT: \"48\"" },
        { "settings.level=Debug", "LEVEL: \"Debug\"" },
        { "web.extraEnv.LARGE=12345678", "value: \"12345678\"" },
        { "web.extraEnv.ON=false", "value: \"false\"" },
    };

    [Theory, MemberData(nameof(Written))]
    public async Task A_number_and_a_flag_arrive_as_they_were_written(string value, string expected)
    {
        using var published = Published.OnDisk(Manifest, new HelmTarget());

        (await TemplateAsync(published, "--set", value)).ShouldContain(expected);

        // A file gives other types than the command line does: every number is a float there.
        var file = Path.Combine(published.Root, "own.yaml");
        var (path, text) = value.Split('=') is [var p, var t] ? (p.Split('.'), t) : throw new InvalidOperationException(value);
        File.WriteAllText(file, string.Concat(path.Select((part, i) => $"{new string(' ', i * 2)}{part}:{(i == path.Length - 1 ? " " + text : "")}\n")));
        (await TemplateAsync(published, "-f", file)).ShouldContain(expected);
    }

    [Theory]
    [InlineData("settings.level=Loud", "/settings/level")]
    [InlineData("settings.flag=maybe", "/settings/flag")]
    [InlineData("settings.limit={1}", "/settings/limit")]
    public async Task A_value_that_is_not_allowed_is_refused_by_its_name(string value, string name)
    {
        using var published = Published.OnDisk(Manifest, new HelmTarget());

        var (_, error) = await ClusterTools.RunAsync(ClusterTools.Helm, ["template", "rel", Chart(published), "--set", value], expected: 1);

        error.Replace("settings.", "/settings/").ShouldContain(name);
    }

    [Fact]
    public async Task What_is_set_to_nothing_counts_as_not_set()
    {
        using var published = Published.OnDisk(Manifest, new HelmTarget());

        var rendered = await TemplateAsync(published, "--set", "settings.level=,settings.flag=");

        rendered.ShouldNotContain("LEVEL:");
        rendered.ShouldNotContain("FLAG:");
    }

    [Fact]
    public async Task A_chart_without_extra_variables_and_controllers_makes_valid_objects()
    {
        using var published = Published.OnDisk(Manifest, new HelmTarget());

        var rendered = await TemplateAsync(published, "--set", "web.extraEnv=null,web.ingress.host=shop.example.org", "--set-json", "networkPolicy.ingressNamespaces=[]");

        rendered.ShouldContain("name: LIMIT");
        rendered.ShouldNotContain("operator: In");
        await ClusterTools.ValidateAsync(rendered);
    }

    private static string Chart(Published published) => Path.Combine(published.Root, "helm/shop");

    private static async Task<string> TemplateAsync(Published published, params string[] arguments) =>
        (await ClusterTools.RunAsync(ClusterTools.Helm, ["template", "rel", Chart(published), .. arguments])).Output;
}
