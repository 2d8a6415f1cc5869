using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>
/// The blocks of migration.md that need root or a cluster, run as they stand: what only root may see is not there for anybody else, and the cluster's
/// answers are those of its own client to what the chart renders.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class MigrationTests : IDisposable
{
    private static readonly Guide Page = Guide.Read("deploy/docs/migration.md");

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("lucia-migration-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Delete(recursive: true);

    [Fact]
    public async Task What_root_alone_may_see_moves_from_systemd_to_compose()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's");
        var old = Directory.CreateDirectory(Path.Combine(_scratch.FullName, "of-root"));
        var secrets = await NamesOfSecretsAsync();
        foreach (var name in secrets) await WriteAsync($"of-root/credentials/{name}", $"the secret {name} of systemd");
        var settings = Setting().Matches(await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "deploy/systemd/lucia.env.example"), Cancellation))
            .Select(match => $"{match.Groups[1].Value}={match.Groups[2].Value}").ToList();
        settings.Count.ShouldBeGreaterThan(12);
        await WriteAsync("of-root/lucia.env", string.Join('\n', ["# mine", .. settings, ""]));
        CopyOfTarget("compose");
        var seen = Path.Combine(_scratch.FullName, "etc-lucia");
        await StubAsync("sudo", $"""mv "{old.FullName}" "{seen}"; "$@"; code=$?; mv "{seen}" "{old.FullName}"; exit $code""");
        await StubAsync("docker", """case "$*" in 'compose version --short') echo 2.40.0;; info*) echo 8;; 'compose up '*) echo started;; *) exit 9;; esac""");

        var ran = await RunAsync(Block("moving="), Block("/etc/lucia/credentials").Replace("/etc/lucia", seen, StringComparison.Ordinal), Block("cat \"$moving/settings\" >>compose/.env"), Block("rm -rf \"$moving\""));

        ran.Output.ShouldContain("started");
        await ShouldHoldAsync("compose/secrets", secrets.ToDictionary(name => name, name => $"the secret {name} of systemd"));
        var env = await File.ReadAllLinesAsync(Path.Combine(_scratch.FullName, "compose/.env"), Cancellation);
        foreach (var setting in settings) env.ShouldContain(setting);
    }

    [Fact]
    public async Task What_the_cluster_holds_of_Helm_moves_to_kustomize()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the set-up is a shell script");
        ClusterPrograms.Need();
        await WriteAsync("token.txt", "a token\twith \"quotes\" and 'quotes'");
        var chart = Path.Combine(Programs.Repository, "deploy/helm/lucia");
        foreach (var (kind, template) in new[] { ("secret", "templates/secret.yaml"), ("configmap", "templates/settings.yaml") })
        {
            var rendered = (await Ran.ToEndAsync(ClusterPrograms.Helm!,
            [
                "template", "lucia", chart, "--kube-version", "1.28.0", "--namespace", "lucia", "--show-only", template, "--set-string", "secrets.connectionStringsChatModel=Model=m;Provider=ollama",
                "--set-file", $"secrets.homeAssistantAccessToken={_scratch.FullName}/token.txt", "--set", "settings.homeAssistantBaseUrl=http://192.168.1.20:8123",
                "--set-string", "settings.sessionsTtlHours=48", "--set", "settings.otelExporterOtlpEndpoint=http://192.168.1.40:4317", "--set", "secrets.redisPassword=a", "--set", "secrets.authApiKey=b",
            ])).Well().Output;
            await WriteAsync($"cluster/{kind}/{NameOfObject().Match(rendered).Groups[1].Value}", rendered);
        }

        CopyOfTarget("kubernetes");
        // `label --local` prints an object of a file as `get` prints one of a cluster.
        await StubAsync("kubectl", $$"""
            if [ "$1" = kustomize ]; then exec "{{ClusterPrograms.Kubectl}}" "$@"; fi
            [ "$1 $2 $3" = '-n lucia get' ] || exit 9
            object={{_scratch.FullName}}/cluster/$4/$5
            shift 5
            exec "{{ClusterPrograms.Kubectl}}" label --local -f "$object" a=b "$@"
            """);

        var ran = await RunAsync(Block("moving="), Block("get secret lucia-secrets"), Block("kubernetes/setup.sh"), Block("rm -rf \"$moving\""));

        ran.Output.ShouldContain("HomeAssistant__BaseUrl: http://192.168.1.20:8123");
        await ShouldHoldAsync("kubernetes/base/secrets", new Dictionary<string, string>
        {
            ["chat-model"] = "Model=m;Provider=ollama",
            ["home-assistant-access-token"] = "a token\twith \"quotes\" and 'quotes'",
            ["redis-password"] = "a",
            ["auth-api-key"] = "b",
            ["embedding-model"] = "",
        });
        var env = await File.ReadAllLinesAsync(Path.Combine(_scratch.FullName, "kubernetes/base/.env"), Cancellation);
        foreach (var setting in new[] { "Sessions__TtlHours=48", "OTEL_EXPORTER_OTLP_ENDPOINT=http://192.168.1.40:4317" }) env.ShouldContain(setting);
    }

    /// <summary>The block that holds these words.</summary>
    private static string Block(string words) => Page.Fences.Where(fence => fence.IsShell && fence.Text.Contains(words, StringComparison.Ordinal)).ShouldHaveSingleItem().Text;

    /// <summary>In the folder <c>deploy/</c>, with the stubs before everything else on PATH.</summary>
    private async Task<Ran> RunAsync(params IEnumerable<string> blocks)
    {
        await WriteAsync("guide.sh", string.Join('\n', ["set -euo pipefail", .. blocks]));
        return (await Ran.ToEndAsync("env", [$"PATH={_scratch.FullName}/bin:{Environment.GetEnvironmentVariable("PATH")}", $"TMPDIR={_scratch.FullName}", "bash", "guide.sh"], folder: _scratch.FullName)).Well();
    }

    private async Task ShouldHoldAsync(string folder, Dictionary<string, string> files)
    {
        foreach (var (name, text) in files) (await File.ReadAllTextAsync(Path.Combine(_scratch.FullName, folder, name), Cancellation)).ShouldBe(text, name);
        (File.GetUnixFileMode(Path.Combine(_scratch.FullName, folder)) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)).ShouldBe(UnixFileMode.None, folder);
        _scratch.EnumerateDirectories("tmp.*").ShouldBeEmpty("the secrets are not left lying about");
    }

    private async Task StubAsync(string program, string script)
    {
        await WriteAsync($"bin/{program}", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(Path.Combine(_scratch.FullName, "bin", program), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task WriteAsync(string path, string text)
    {
        var file = new FileInfo(Path.Combine(_scratch.FullName, path));
        file.Directory!.Create();
        await File.WriteAllTextAsync(file.FullName, text, Cancellation);
    }

    /// <summary>What a clone has of a target: its set-up and the examples.</summary>
    private void CopyOfTarget(string target)
    {
        var source = Path.Combine(Programs.Repository, "deploy", target);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(file => !OfTheUser().IsMatch(file)))
        {
            var copy = new FileInfo(Path.Combine(_scratch.FullName, target, Path.GetRelativePath(source, file)));
            copy.Directory!.Create();
            File.Copy(file, copy.FullName);
        }
    }

    private static async Task<List<string>> NamesOfSecretsAsync()
    {
        var names = SecretFile().Matches(await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "deploy/compose/docker-compose.yml"), Cancellation)).Select(match => match.Groups[1].Value).ToList();
        names.Count.ShouldBeGreaterThan(5);
        return names;
    }

    [GeneratedRegex(@"^    file: \./secrets/([a-z-]+)$", RegexOptions.Multiline)]
    private static partial Regex SecretFile();

    [GeneratedRegex(@"^#([A-Za-z_]+)=(.*)$", RegexOptions.Multiline)]
    private static partial Regex Setting();

    [GeneratedRegex(@"^  name: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex NameOfObject();

    [GeneratedRegex(@"/\.env$|/secrets/")]
    private static partial Regex OfTheUser();
}
