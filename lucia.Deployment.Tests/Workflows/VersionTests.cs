using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Workflows;

/// <summary>One version, written in Directory.Build.props, on everything that is made.</summary>
public sealed class VersionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The files that publishing writes it into, each with how it stands there.</summary>
    private static readonly (string File, string Pattern)[] Published =
    [
        ("deploy/helm/lucia/Chart.yaml", "^version: \"(.+)\"$"),
        ("deploy/helm/lucia/Chart.yaml", "^appVersion: \"(.+)\"$"),
        ("deploy/helm/lucia/values.yaml", "^ +tag: \"([0-9]+\\.[0-9]+\\.[0-9]+[^\"]*)\"$"),
        ("deploy/compose/docker-compose.yml", ":-seiggy/lucia:(.+)}$"),
        ("deploy/kubernetes/base/kustomization.yaml", "^ +newTag: \"(.+)\"$"),
        ("deploy/kubernetes/base/agenthost-deployment.yaml", "image: seiggy/lucia:(.+)$"),
        ("deploy/systemd/build-bundle.sh", "^version='(.+)'$"),
        ("deploy/systemd/install.sh", "^version='(.+)'$"),
        ("deploy/aspire-manifest.json", "\"version\": \"(.+)\""),
    ];

    public static TheoryData<string, string> Places() => [.. Published];

    [Theory, MemberData(nameof(Places))]
    public async Task It_stands_on_what_is_deployed(string file, string pattern) =>
        (await StandingIn(Programs.Repository, file, pattern)).ShouldBe([await Expected()]);

    [Fact]
    public async Task The_changelog_tells_of_it() =>
        (await StandingIn(Programs.Repository, "CHANGELOG.md", "^## \\[([0-9].*)\\]")).First().ShouldBe(await Expected());

    [Fact]
    public async Task Nobody_writes_it_into_the_recipe_of_the_image()
    {
        var recipe = await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "deploy/docker/Dockerfile"), Cancellation);

        recipe.ShouldContain("ARG VERSION=\n");
        recipe.ShouldNotMatch(@"VERSION=[0-9]");
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Changed_in_the_one_place_and_published_it_is_changed_everywhere()
    {
        Script.SkipElsewhere();
        const string next = "9.8.7";
        var before = await Expected();
        await using var tree = new TreeCopy();
        await tree.PrepareAsync();
        var properties = Path.Combine(tree.Root, "Directory.Build.props");
        var text = await File.ReadAllTextAsync(properties, Cancellation);
        text.ShouldContain($"<VersionPrefix>{before}</VersionPrefix>");
        await File.WriteAllTextAsync(properties, text.Replace($"<VersionPrefix>{before}</VersionPrefix>", $"<VersionPrefix>{next}</VersionPrefix>"), Cancellation);

        (await Ran.ToEndAsync(Path.Combine(tree.Root, "lucia"), ["publish"], folder: tree.Root, seconds: 420)).Well();

        (await Ran.ToEndAsync(Path.Combine(tree.Root, "eng/version.sh"), [], folder: tree.Root)).Well().Output.Trim().ShouldBe(next);
        foreach (var (file, pattern) in Published) (await StandingIn(tree.Root, file, pattern)).ShouldBe([next], $"{file}: {pattern}");
        // Wherever else a published file names the image or the release, it is not of before.
        var left = await Ran.ToEndAsync("grep", ["-rniE", $@"(lucia[:-]|version[^a-z0-9]{{1,4}}){Regex.Escape(before)}", "compose", "kubernetes", "helm", "systemd", "docker", "scripts", "aspire-manifest.json"], folder: Path.Combine(tree.Root, "deploy"));
        left.Output.ShouldBeEmpty();
        left.ExitCode.ShouldBe(1, left.Error);
    }

    [Fact]
    public async Task The_service_says_it_on_the_command_line_and_in_its_health()
    {
        var service = Path.Combine(Programs.Repository, "lucia.AgentHost/bin/Debug/net10.0/lucia.AgentHost.dll");
        Assert.SkipUnless(File.Exists(service), "The service is built in another configuration.");
        (await Ran.ToEndAsync("dotnet", [service, "--version"])).Well().Output.Trim().ShouldMatch($@"^{Regex.Escape(await Expected())} \(([0-9a-f]{{40}}|unknown commit)\)$");

        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var start = new ProcessStartInfo("dotnet", [service, "--urls", $"{address}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ConnectionStrings__chat_model"] = "Endpoint=http://127.0.0.1:9/v1;Model=none;Provider=openai-compatible";
        using var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            using var client = new HttpClient { BaseAddress = address };
            (await FirstAnswerAsync(client, process))["version"]!.GetValue<string>().ShouldBe(await Expected());
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Packages_carry_it_with_licence_and_repository()
    {
        var printed = (await Ran.ToEndAsync("dotnet",
        [
            "msbuild", "lucia.Publishing/lucia.Publishing.csproj", "-nologo",
            "-getProperty:Version,PackageVersion,Description,Authors,Copyright,PackageLicenseExpression,PackageProjectUrl,RepositoryUrl,RepositoryType,PackageReadmeFile",
        ])).Well().Output;

        var properties = JsonNode.Parse(printed)!["Properties"]!.AsObject().ToDictionary(static pair => pair.Key, static pair => pair.Value!.GetValue<string>());
        properties["Version"].ShouldBe(await Expected());
        properties["PackageVersion"].ShouldBe(await Expected());
        properties["PackageLicenseExpression"].ShouldBe("MIT");
        properties["PackageProjectUrl"].ShouldBe("https://github.com/seiggy/lucia-dotnet");
        properties["RepositoryUrl"].ShouldBe("https://github.com/seiggy/lucia-dotnet.git");
        properties["RepositoryType"].ShouldBe("git");
        properties.ShouldAllBe(static pair => pair.Value.Length > 0);
    }

    [Fact]
    public async Task Every_project_says_what_it_is_and_none_has_a_version_of_its_own()
    {
        foreach (var project in Directory.EnumerateFiles(Programs.Repository, "*.csproj", SearchOption.AllDirectories).Where(static path => !path.Contains("/obj/") && !path.Contains("/artifacts/")))
        {
            var text = await File.ReadAllTextAsync(project, Cancellation);
            text.ShouldNotMatch("<(Version|VersionPrefix|AssemblyVersion|FileVersion|PackageVersion)>", project);
            if (!project.EndsWith(".Tests.csproj", StringComparison.Ordinal)) text.ShouldContain("<Description>", customMessage: project);
        }
    }

    [Fact]
    public async Task The_image_is_labelled_with_version_revision_source_and_licence()
    {
        var dockerfile = await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "deploy/docker/Dockerfile"), Cancellation);

        // A stage knows only the arguments that it names itself.
        var final = dockerfile[dockerfile.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];
        foreach (var line in (string[])["ARG VERSION=", "ARG COMMIT=", "org.opencontainers.image.version=\"${VERSION}\"", "org.opencontainers.image.revision=\"${COMMIT}\"",
            "org.opencontainers.image.licenses=\"MIT\"", "org.opencontainers.image.source=\"https://github.com/seiggy/lucia-dotnet\"", "org.opencontainers.image.title=", "org.opencontainers.image.description="])
        {
            final.ShouldContain(line);
        }
    }

    /// <summary>What the first answer of <c>/health</c> says; at most half a minute, or until the service ends.</summary>
    private static async Task<JsonNode> FirstAnswerAsync(HttpClient client, Process process)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            process.HasExited.ShouldBeFalse("The service ended.");
            try
            {
                return JsonNode.Parse(await client.GetStringAsync(new Uri("/health", UriKind.Relative), limit.Token))!;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, limit.Token);
            }
        }
    }

    /// <summary>What a pattern's first group finds in a file, each once.</summary>
    private static async Task<IReadOnlyList<string>> StandingIn(string root, string file, string pattern) =>
        [.. Regex.Matches(await File.ReadAllTextAsync(Path.Combine(root, file), Cancellation), pattern, RegexOptions.Multiline).Select(static match => match.Groups[1].Value).Distinct()];

    private static async Task<string> Expected() => (await Script.RunAsync("version.sh")).Well().Output.Trim();
}
