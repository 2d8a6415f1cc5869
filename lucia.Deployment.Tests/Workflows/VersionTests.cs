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

    [Theory]
    [InlineData("deploy/helm/lucia/Chart.yaml", "^version: \"(.+)\"$")]
    [InlineData("deploy/helm/lucia/Chart.yaml", "^appVersion: \"(.+)\"$")]
    [InlineData("deploy/helm/lucia/values.yaml", "^ +tag: \"([0-9]+\\.[0-9]+\\.[0-9]+[^\"]*)\"$")]
    [InlineData("deploy/compose/docker-compose.yml", ":-seiggy/lucia:(.+)}$")]
    [InlineData("deploy/kubernetes/base/kustomization.yaml", "^ +newTag: \"(.+)\"$")]
    [InlineData("deploy/kubernetes/base/agenthost-deployment.yaml", "image: seiggy/lucia:(.+)$")]
    [InlineData("deploy/systemd/build-bundle.sh", "^version='(.+)'$")]
    [InlineData("deploy/systemd/install.sh", "^version='(.+)'$")]
    [InlineData("deploy/docker/Dockerfile", "^ARG VERSION=(.+)$")]
    [InlineData("deploy/aspire-manifest.json", "\"version\": \"(.+)\"")]
    [InlineData("CHANGELOG.md", "^## \\[([0-9].*)\\]", true)]
    public async Task It_stands_on_what_is_deployed(string file, string pattern, bool newestOnly = false)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Programs.Repository, file), Cancellation);

        var found = Regex.Matches(text, pattern, RegexOptions.Multiline).Select(static match => match.Groups[1].Value).ToList();

        found.ShouldNotBeEmpty();
        if (newestOnly) found = found[..1];
        found.ShouldAllBe(version => version == Expected().Result);
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

    private static async Task<string> Expected() => (await Script.RunAsync("version.sh")).Well().Output.Trim();
}
