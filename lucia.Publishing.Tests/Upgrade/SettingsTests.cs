using Lucia.Publishing.Tests.Kubernetes;

namespace Lucia.Publishing.Tests.Upgrade;

/// <summary>Which value a container of this repository's own deployments gets where several places speak of it.</summary>
public sealed class SettingsTests
{
    private const string LogLevel = "Logging__LogLevel__Default";

    private static string Chart => Path.Combine(ClusterTools.Root, "deploy/helm/lucia");

    [Fact]
    public async Task A_variable_of_the_users_own_takes_the_place_of_the_setting_of_its_name()
    {
        var usual = await TemplateAsync();
        var own = await TemplateAsync("--set", $"agenthost.extraEnv.{LogLevel}=Warning");

        Lines(usual).ShouldBe([$"- name: {LogLevel}", "valueFrom:"]);
        Lines(own).ShouldBe([$"- name: {LogLevel}", "value: \"Warning\""], "a name that stands twice is dropped when it is applied again");
    }

    [Fact]
    public async Task The_chart_logs_more_in_development()
    {
        var rendered = await TemplateAsync("-f", Path.Combine(Chart, "values.dev.yaml"));

        rendered.ShouldContain($"  {LogLevel}: \"Debug\"");
        Lines(rendered).ShouldBe([$"- name: {LogLevel}", "valueFrom:"]);
    }

    [Fact]
    public async Task The_manifests_log_more_in_development()
    {
        var rendered = await SetUpManifests.RenderAsync(Path.Combine(ClusterTools.Root, "deploy/kubernetes"), "overlays/dev");

        var settings = rendered.Split("\n---\n").Single(static d => d.Contains("kind: ConfigMap") && d.Contains("name: settings-"));
        settings.ShouldContain($"  {LogLevel}: Debug\n");
        rendered.Split("\n---\n").Where(static d => d.Contains("kind: ConfigMap") && d.Contains("name: agenthost-env-")).ShouldHaveSingleItem()
            .ShouldNotContain(LogLevel, customMessage: "the setting would hide it");
    }

    // Where the containers' lists name it, each with the line after.
    private static string[] Lines(string rendered)
    {
        var lines = rendered.Split('\n').Select(static l => l.Trim()).ToList();
        return [.. lines.Index().Where(l => l.Item == $"- name: {LogLevel}").SelectMany(l => lines.GetRange(l.Index, 2))];
    }

    private static async Task<string> TemplateAsync(params string[] options) => (await ClusterTools.RunAsync(
        ClusterTools.Helm, ["template", "rel", Chart, "-f", Path.Combine(Chart, "ci/default-values.yaml"), .. options])).Output;
}
