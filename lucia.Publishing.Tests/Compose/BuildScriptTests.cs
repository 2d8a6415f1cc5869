namespace Lucia.Publishing.Tests.Compose;

public sealed class BuildScriptTests : IDisposable
{
    private readonly ComposeOutput _output = ComposeOutput.Of("everything");
    private readonly string _sources = Directory.CreateTempSubdirectory("lucia-sources-").FullName;

    public BuildScriptTests()
    {
        foreach (var path in new[] { "app/assets/Dockerfile", "app/worker/Dockerfile", "app/native/Dockerfile", "app/key.pem", "Web/Web.csproj", "Admin/Admin.csproj", "bin/docker", "bin/dotnet" })
        {
            var file = Path.Combine(_sources, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            // The fakes print what they are called with, and what a secret's file holds.
            File.WriteAllText(file, "#!/bin/sh\necho \"${0##*/} $*\"\nfor a; do case $a in id=TOKEN,src=*) echo \"secret $(cat \"${a#*src=}\")\" ;; esac; done\n");
            Command.SetMode(file, Lucia.Publishing.Output.OutputFile.Executable);
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        Directory.Delete(_sources, recursive: true);
    }

    [Fact]
    public async Task Projects_and_Dockerfiles_are_built_those_first_that_others_copy_from()
    {
        await SetUpAsync();

        var run = await RunAsync("--sources", $"{_sources}/app", "--registry", "ghcr.io/me/", "--tag", "1.2", "--push");

        run.ExitCode.ShouldBe(0, run.Error);
        var calls = run.Output.Replace(_sources, "$S").Split('\n').Where(static l => l.StartsWith("docker ", StringComparison.Ordinal) || l.StartsWith("dotnet ", StringComparison.Ordinal)).ToList();
        calls[0].ShouldBe("docker build --tag ghcr.io/me/assets:1.2 --file $S/app/assets/Dockerfile $S/app/assets");
        calls.ShouldContain("docker build --tag ghcr.io/me/worker:1.2 --file $S/app/worker/Dockerfile --build-arg LEVEL=Info $S/app/worker");
        calls.ShouldContain("dotnet publish $S/app/../Web/Web.csproj --configuration Release --os linux -t:PublishContainer -p:ContainerRepository=ghcr.io/me/web -p:ContainerImageTag=1.2");
        calls.ShouldContain("docker push ghcr.io/me/web:1.2");
        run.Output.ShouldContain("WEB_IMAGE=ghcr.io/me/web:1.2");
        run.Error.ShouldContain("TOOL_IMAGE=");
    }

    [Fact]
    public async Task A_build_secret_goes_by_a_file()
    {
        await SetUpAsync();

        var run = await RunAsync("--sources", $"{_sources}/app", "native");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain("secret s3cret");
        var call = run.Output.Split('\n').Single(static l => l.StartsWith("docker ", StringComparison.Ordinal));
        call.ShouldNotContain("s3cret");
        call.ShouldContain($"--target final --build-arg A=b --secret id=TOKEN,src=");
        call.ShouldContain($"--secret id=PEM,src={_sources}/app/key.pem");
        run.Output.ShouldNotContain("web:latest", customMessage: "only what is named is built");
    }

    [Fact]
    public async Task What_is_built_without_a_tag_is_what_the_compose_file_runs()
    {
        await SetUpAsync();
        var image = _output.Get("services.worker.image")!.ToString()!;

        var run = await RunAsync("--sources", $"{_sources}/app", "worker");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain($"docker build --tag {image[(image.IndexOf(":-", StringComparison.Ordinal) + 2)..^1]} ");
    }

    [Fact]
    public async Task Nothing_is_built_with_a_value_that_is_missing()
    {
        var run = await RunAsync("--sources", $"{_sources}/app");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldBe("build-images.sh: nothing was built, as values are missing:\n  secrets/token\nRun ./setup.sh first, which makes them or asks for them.\n");
        run.Output.ShouldBeEmpty();
        var readme = _output.Text("README.md");
        readme.IndexOf("./setup.sh ", StringComparison.Ordinal).ShouldBeLessThan(readme.IndexOf("./build-images.sh ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_has_no_value_comes_from_the_environment_of_whoever_builds()
    {
        using var output = ComposeOutput.Of("""
            { "resources": { "native": { "type": "container.v1", "build": { "context": ".", "dockerfile": "native/Dockerfile",
              "args": { "PROXY": null }, "secrets": { "NPM_TOKEN": { "type": "env", "value": null } } } } } }
            """);
        Task<Command> BuildAsync(params (string, string)[] environment) => Command.RunAsync(
            "dash", ["build-images.sh", "--sources", $"{_sources}/app"], output.Folder, TestContext.Current.CancellationToken,
            path: $"{_sources}/bin:{Environment.GetEnvironmentVariable("PATH")}", environment: environment);

        (await BuildAsync()).Error.ShouldContain("NPM_TOKEN in the environment");
        var run = await BuildAsync(("NPM_TOKEN", "t0ken"));

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain(" --build-arg PROXY --secret id=NPM_TOKEN,env=NPM_TOKEN ");
        run.Output.ShouldNotContain("t0ken");
    }

    [Fact]
    public async Task Sources_that_are_not_there_are_named()
    {
        var run = await RunAsync("web");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("'../../Web/Web.csproj' is not there. Say where the Aspire manifest lies: --sources DIR");
    }

    private Task SetUpAsync() => _output.SetUpAsync(TestContext.Current.CancellationToken, ("TOKEN", "s3cret"), ("OUTSIDE_TCP_HOST", "h"));

    private Task<Command> RunAsync(params string[] arguments) => Command.RunAsync(
        "dash", ["build-images.sh", .. arguments], _output.Folder, TestContext.Current.CancellationToken, path: $"{_sources}/bin:{Environment.GetEnvironmentVariable("PATH")}");
}
