using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Kubernetes;

/// <summary>
/// The deployments against a real API server, the one of the kubeconfig that LUCIA_KUBECONFIG names; no pod has to run there. The current context is
/// not taken for it: a run of the tests must not reach for a cluster that somebody works with.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ControlPlaneTests : IAsyncLifetime
{
    private readonly string _namespace = $"lucia-test-{Guid.NewGuid():N}"[..24];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-control-plane-");
    private bool _hasNamespace;

    private static string Previous { get; } = Path.Combine(Programs.Repository, "lucia.Publishing.Tests/Upgrade/Fixtures");

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("LUCIA_KUBECONFIG") is { Length: > 0 }, "LUCIA_KUBECONFIG names no kubeconfig of a cluster for tests.");
        ClusterPrograms.Need();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("kustomize")]
    [InlineData("helm")]
    public async Task Every_object_and_every_pod_is_admitted(string with)
    {
        var ran = await ClusterAsync(["bash", Path.Combine(Programs.Repository, "deploy/scripts/verify-kubernetes.sh"), "--dry-run", "--with", with, "--namespace", _namespace], seconds: 300);

        ran.ExitCode.ShouldBe(0, ran.Output + ran.Error);
        ran.Output.ShouldContain(" 0 failed");
    }

    [Fact]
    public async Task The_chart_is_upgraded_from_the_version_before_and_keeps_its_passwords()
    {
        await MakeNamespaceAsync();
        string[] values = ["--namespace", _namespace, "--set-string", "secrets.connectionStringsChatModel=Endpoint=http://model/v1"];
        const string secrets = "{{.data}}";

        (await ClusterAsync(["helm", "install", "lucia", Path.Combine(Previous, "chart-0.1.0"), .. values])).Well();
        var before = await ReadAsync("get", "secret", "lucia-secrets", "-o", $"go-template={secrets}");
        (await ClusterAsync(["helm", "upgrade", "lucia", Path.Combine(Programs.Repository, "deploy/helm/lucia"), .. values, "--set", "agenthost.replicas=2"])).Well();
        var upgraded = await ReadAsync("get", "secret", "lucia-secrets", "-o", $"go-template={secrets}");
        (await ClusterAsync(["helm", "uninstall", "lucia", "--namespace", _namespace])).Well();
        (await ClusterAsync(["helm", "install", "lucia", Path.Combine(Programs.Repository, "deploy/helm/lucia"), .. values])).Well();
        var again = await ReadAsync("get", "secret", "lucia-secrets", "-o", $"go-template={secrets}");

        before.ShouldContain("redis-password");
        upgraded.ShouldBe(before);
        again.ShouldBe(before, "the volume that stays was written with the password that stays");
        (await ReadAsync("get", "deployment,statefulset", "-o", "name")).ShouldContain("statefulset.apps/lucia-redis");
    }

    [Fact]
    public async Task The_manifests_are_applied_over_those_of_the_version_before()
    {
        await MakeNamespaceAsync();
        foreach (var source in (string[])[Path.Combine(Previous, "manifests-0.1.0"), Path.Combine(Programs.Repository, "deploy/kubernetes")])
        {
            var ran = await ClusterAsync(["bash", "-c", """
                set -e
                mkdir -p base overlays/test
                cp "$0"/base/*.yaml "$0"/base/*.env "$0"/base/.env.example base/
                cp "$0"/setup.sh .
                printf 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: %s\nresources: [../../base]\n' "$1" >overlays/test/kustomization.yaml
                ConnectionStrings__chat_model='Endpoint=http://model/v1' ./setup.sh
                kubectl apply -k overlays/test
                """, source, _namespace]);
            ran.Well();
        }

        (await ReadAsync("get", "statefulset", "-o", "name")).ShouldBe("statefulset.apps/redis");
    }

    public async ValueTask DisposeAsync()
    {
        if (_hasNamespace) await ClusterAsync(["kubectl", "delete", "namespace", _namespace, "--wait=false"]);
        _folder.Delete(recursive: true);
    }

    private async Task MakeNamespaceAsync()
    {
        (await ClusterAsync(["kubectl", "create", "namespace", _namespace])).Well();
        _hasNamespace = true;
    }

    private async Task<string> ReadAsync(params string[] arguments) => (await ClusterAsync(["kubectl", "--namespace", _namespace, .. arguments])).Well().Output.Trim();

    private Task<Ran> ClusterAsync(string[] command, int seconds = 120) => Ran.ToEndAsync(
        "env", [$"KUBECONFIG={Environment.GetEnvironmentVariable("LUCIA_KUBECONFIG")}", $"PATH={ClusterPrograms.Path}", .. command], folder: _folder.FullName, seconds: seconds);
}
