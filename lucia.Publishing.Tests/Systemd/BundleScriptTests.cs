using static Lucia.Publishing.Tests.Systemd.SystemdSamples;

namespace Lucia.Publishing.Tests.Systemd;

/// <summary>The script that puts programs and images into the bundle, with a builder that only says what it is called with.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class BundleScriptTests : IDisposable
{
    private const string Built = """
        { "resources": {
          "native": { "type": "container.v1", "build": { "context": ".", "dockerfile": "Dockerfile",
            "args": { "LEVEL": "{level.value}", "PROXY": null },
            "secrets": { "key": { "type": "env", "value": "{token.value}" }, "NPM_TOKEN": { "type": "env", "value": null } } } },
          "level": { "type": "parameter.v0", "value": "{level.inputs.value}", "inputs": { "value": { "type": "string", "default": { "value": "In $fo" } } } },
          "token": { "type": "parameter.v0", "value": "{token.inputs.value}", "inputs": { "value": { "type": "string", "secret": true } } } } }
        """;

    private readonly TemporaryFolder _folder = new();

    private string Sources => Path.Combine(_folder.Path, "sources");

    public BundleScriptTests()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The bundle is for Linux.");
        Directory.CreateDirectory(Sources);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_value_that_is_missing_is_named_before_anything_is_built()
    {
        var ran = await BundleAsync(Built, new());

        ran.ExitCode.ShouldBe(1);
        ran.Error.ShouldContain("values are missing in the environment: TOKEN NPM_TOKEN;");
        ran.Output.ShouldBeEmpty();
        Directory.Exists(Path.Combine(_folder.Path, "bundle")).ShouldBeFalse();
    }

    [Fact]
    public async Task Help_names_the_values()
    {
        var help = (await BundleAsync(Built, new(), "--help")).Well().Output;

        help.ShouldContain("  LEVEL                   The parameter 'level'. Default: In $fo\n");
        help.ShouldContain("  TOKEN                   The parameter 'token'. Required.\n");
        help.ShouldContain("  NPM_TOKEN               A build secret of native. Required.\n");
        help.ShouldContain("  PROXY                   A build argument of native.\n");
    }

    [Fact]
    public async Task Values_reach_the_build_and_secrets_no_argument()
    {
        var ran = (await BundleAsync(Built, new() { ["TOKEN"] = "s3cret", ["NPM_TOKEN"] = "t0ken" })).Well();

        var call = ran.Output.Split('\n').Single(static l => l.StartsWith("podman build ", StringComparison.Ordinal));
        call.ShouldContain("--build-arg LEVEL=In $fo --build-arg PROXY --secret id=key,src=");
        call.ShouldContain(" --secret id=NPM_TOKEN,env=NPM_TOKEN ");
        call.ShouldNotContain("s3cret");
        call.ShouldNotContain("t0ken");
        ran.Output.ShouldContain("\nsecret s3cret\n");
    }

    [Fact]
    public async Task A_program_beside_its_manifest_is_copied_without_the_bundle_that_is_made_there()
    {
        await File.WriteAllTextAsync(Path.Combine(Sources, "x.js"), "1", TestContext.Current.CancellationToken);
        const string json = """{ "resources": { "a": { "type": "executable.v0", "workingDirectory": ".", "command": "node", "args": [ "x.js" ] } } }""";

        for (var times = 0; times < 2; times++)
            (await BundleAsync(json, new(), "--output", Path.Combine(Sources, "bundle"))).Well();

        var made = Directory.EnumerateDirectories(Path.Combine(Sources, "bundle")).Single();
        Directory.EnumerateFileSystemEntries(Path.Combine(made, "app", "a")).Select(Path.GetFileName).ShouldBe(["x.js"]);
        File.Exists(Path.Combine(made, "install.sh")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{ "resources": { "a": { "type": "container.v0", "image": "acme/a:1" } } }""")]
    [InlineData("""{ "resources": { "a": { "type": "executable.v0", "workingDirectory": ".", "command": "node", "env": { "A": "x$y`z`" } } } }""")]
    [InlineData(Built)]
    public async Task Shellcheck_has_nothing_to_say(string json)
    {
        var bundle = Path.Combine(_folder.Path, "systemd");
        PublishedJson(json).WriteTo(bundle);

        (await Ran.ToEndAsync("shellcheck", ["--shell=sh", "--severity=style", .. Directory.EnumerateFiles(bundle, "*.sh")])).All.ShouldBeEmpty();
    }

    private async Task<Ran> BundleAsync(string json, Dictionary<string, string> environment, params string[] options)
    {
        var bundle = Path.Combine(_folder.Path, "systemd");
        PublishedJson(json).WriteTo(bundle);
        var programs = Directory.CreateDirectory(Path.Combine(_folder.Path, "bin")).FullName;
        var podman = Path.Combine(programs, "podman");
        await File.WriteAllTextAsync(
            podman, "#!/bin/sh\necho \"podman $*\"\nfor a; do case $a in id=key,src=*) echo \"secret $(cat \"${a#*src=}\")\" ;; esac; done\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(podman, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        environment["PATH"] = programs + ":" + Environment.GetEnvironmentVariable("PATH");
        string[] output = options.Contains("--output") ? [] : ["--output", Path.Combine(_folder.Path, "bundle")];
        return await Ran.ToEndAsync("sh", [Path.Combine(bundle, "build-bundle.sh"), "--sources", Sources, .. output, .. options], environment: environment);
    }
}
