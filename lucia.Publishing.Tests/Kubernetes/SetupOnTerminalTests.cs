using Lucia.Publishing.Kubernetes;

namespace Lucia.Publishing.Tests.Kubernetes;

/// <summary>What <c>setup.sh</c> of the manifests asks a person for, on a terminal that script(1) makes.</summary>
public sealed class SetupOnTerminalTests
{
    private const string Manifest = """
        { "resources": {
          "app": { "type": "container.v0", "image": "acme/app:1" },
          "d": { "type": "lucia.deployment.v0", "application": "shop", "workloads": { "app": { "settings": {
            "Home__Url": { "section": "Home", "description": "Where the home is.", "example": "http://home:8123" },
            "Home__Token": { "section": "Home", "description": "A token of the home.", "secret": true },
            "Other": { "description": "Nobody asks for this." },
            "Model": { "section": "Model", "description": "The model.", "example": "Endpoint=http://model", "secret": true, "required": true } } } } } } }
        """;

    [Fact]
    public async Task A_person_is_asked_for_what_is_optional_and_for_the_address_that_a_token_is_for()
    {
        using var published = Published.OnDisk(Manifest, new KubernetesTarget());

        var said = await OnTerminalAsync(published, "http://my.home:8123\ntyped-token\ntyped-model\n");

        said.ShouldContain("Where the home is. Example: http://home:8123 (Optional; press Enter for none.)");
        said.ShouldContain("The model. Example: Endpoint=http://model");
        said.ShouldNotContain("Nobody asks for this.");
        Secret(published, "home-token").ShouldBe("typed-token");
        Secret(published, "model").ShouldBe("typed-model");
        Settings(published).ShouldContain("\nHOME_URL=http://my.home:8123\n");
    }

    [Fact]
    public async Task Enter_leaves_out_what_is_optional_and_nobody_is_asked_twice()
    {
        using var published = Published.OnDisk(Manifest, new KubernetesTarget());

        await OnTerminalAsync(published, "\n\ntyped-model\n");
        var again = await OnTerminalAsync(published, "");

        Secret(published, "home-token").ShouldBeEmpty();
        Settings(published).ShouldNotContain("\nHOME_URL=");
        again.ShouldNotContain("press Enter");
        again.ShouldContain("Ready:");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData(" \n\n")]
    public async Task A_required_secret_of_blanks_is_missing(string content)
    {
        using var published = Published.OnDisk(Manifest, new KubernetesTarget());
        var folder = Path.Combine(published.Root, "kubernetes");
        Directory.CreateDirectory(Path.Combine(folder, "base/secrets"));
        File.WriteAllText(Path.Combine(folder, "base/secrets/model"), content);

        var (_, error) = await ClusterTools.RunAsync(ClusterTools.OnPath("dash"), ["setup.sh"], folder, expected: 1);

        error.ShouldContain("MODEL: The model.");
    }

    private static async Task<string> OnTerminalAsync(Published published, string typed) => (await ClusterTools.RunAsync(
        ClusterTools.OnPath("script"), ["--quiet", "--return", "--command", $"{ClusterTools.OnPath("dash")} setup.sh", "/dev/null"],
        Path.Combine(published.Root, "kubernetes"), typed)).Output.ReplaceLineEndings("\n");

    private static string Secret(Published published, string key) => File.ReadAllText(Path.Combine(published.Root, "kubernetes/base/secrets", key));

    private static string Settings(Published published) => File.ReadAllText(Path.Combine(published.Root, "kubernetes/base/.env"));
}
