using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>The way from systemd to compose, which the runnable blocks leave out for want of an installed service: with one below another root.</summary>
public sealed class MigrationTests(TreeCopy tree) : IClassFixture<TreeCopy>
{
    private const string Model = "Endpoint=http://192.168.1.30:11434;Model=qwen3:8b;Provider=ollama";

    [Fact]
    public async Task From_systemd_to_compose_in_a_fresh_clone_everything_comes_along()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's");
        await ComposeProgram.NeedAsync();
        await tree.PrepareAsync();
        var block = Guide.Read("deploy/docs/migration.md").Fences.Single(fence => fence.IsShell && fence.Text.Contains("docker compose up", StringComparison.Ordinal)).Text;
        var systemd = Target.In("systemd", Directory.CreateDirectory(Path.Combine(tree.Scratch, "host")));
        var installed = await systemd.ConfigureAsync(Model, "a-key-of-the-model");
        var root = Path.Combine(tree.Scratch, "host/systemd/root");
        await File.AppendAllTextAsync(Path.Combine(root, "etc/lucia/lucia.env"), "HomeAssistant__BaseUrl=http://192.168.1.20:8123\n", TestContext.Current.CancellationToken);
        var deploy = Path.Combine(tree.Root, "deploy");
        var script = block
            .Replace("/etc/lucia", $"{root}/etc/lucia", StringComparison.Ordinal)
            .Replace("./setup.sh", "./setup.sh --non-interactive --no-engine-check", StringComparison.Ordinal)
            .Replace("docker compose up -d --wait", "docker compose config --format json", StringComparison.Ordinal);

        // Who runs the test is root enough for files of his own.
        var config = (await Shell.RunAsync($"set -e; sudo() {{ \"$@\"; }}\n{script}", deploy)).Well().Output;

        config.ShouldContain("http://192.168.1.20:8123");
        var secrets = Directory.EnumerateFiles(Path.Combine(deploy, "compose/secrets")).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText);
        foreach (var credential in Directory.EnumerateFiles(Path.Combine(root, "etc/lucia/credentials")))
            secrets[Path.GetFileName(credential)].ShouldBe(await File.ReadAllTextAsync(credential, TestContext.Current.CancellationToken), Path.GetFileName(credential));
        secrets["chat-model"].ShouldBe(Model);
        secrets["auth-api-key"].ShouldBe(installed["Auth__ApiKey"]);
    }
}
