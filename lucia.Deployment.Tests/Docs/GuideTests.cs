using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;
using Lucia.Settings;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>What the guides name is there, and what is there is in the guides.</summary>
public sealed partial class GuideTests
{
    private const string Troubleshooting = "deploy/docs/troubleshooting.md";

    /// <summary>One page each; a reader who was told of one finds it.</summary>
    private static readonly string[] Pages =
    [
        "deploy/README.md", "deploy/docs/docker.md", "deploy/docs/kubernetes.md", "deploy/docs/systemd.md", "deploy/docs/configuration-reference.md",
        "deploy/docs/llm-providers.md", "deploy/docs/home-assistant.md", "deploy/docs/troubleshooting.md", "deploy/docs/security-hardening.md",
        "deploy/docs/observability.md", "deploy/docs/upgrading.md", "deploy/docs/testing.md", "deploy/docs/migration.md", "deploy/docs/architecture.md",
        "deploy/docs/contributing.md", "deploy/docs/deployment-comparison.md", "deploy/docs/publishing-diagnostics.md", "deploy/docs/publishing-support.md",
    ];

    [Fact]
    public void Every_page_is_there_and_can_be_reached_from_the_README()
    {
        HashSet<string> reached = ["README.md"];
        Queue<string> open = new(reached);
        while (open.TryDequeue(out var page))
        {
            var guide = Guide.Read(page);
            foreach (var target in guide.Links.Where(IsRelative).Select(link => Resolve(guide, link.Split('#')[0])).Where(path => path.EndsWith(".md", StringComparison.Ordinal)))
                if (File.Exists(Path.Combine(Programs.Repository, target)) && reached.Add(target)) open.Enqueue(target);
        }

        foreach (var page in Pages) reached.ShouldContain(page);
        Guide.All.Select(guide => guide.Path).Where(path => !reached.Contains(path)).ShouldBeEmpty("no link leads there");
    }

    [Fact]
    public void Every_link_leads_somewhere()
    {
        List<string> broken = [];
        foreach (var guide in Guide.AllOfRepository)
        {
            foreach (var link in guide.Links.Where(IsRelative))
            {
                var (path, anchor) = link.Split('#') is [var first, var second] ? (first, second) : (link, null);
                var target = path.Length == 0 ? guide.Path : Resolve(guide, path);
                if (!Path.Exists(Path.Combine(Programs.Repository, target))) broken.Add($"{guide}: {link}");
                else if (anchor is not null && target.EndsWith(".md", StringComparison.Ordinal) && !Guide.Read(target).Anchors.Contains(anchor)) broken.Add($"{guide}: {link} (no such heading)");
            }
        }

        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Every_address_outside_is_well_formed()
    {
        var addresses = Guide.AllOfRepository.SelectMany(guide => guide.Links.Where(link => !IsRelative(link)).Select(link => (guide, link))).ToList();

        addresses.ShouldNotBeEmpty();
        foreach (var (guide, link) in addresses)
            (Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "mailto" && !link.Contains(' ', StringComparison.Ordinal))
                .ShouldBeTrue($"{guide}: {link}");
    }

    [Fact]
    public void Every_path_that_is_named_is_there()
    {
        List<string> missing = [];
        foreach (var guide in Guide.All)
            foreach (var path in guide.Code.Where(IsPath))
                if (!Candidates(guide, path).Any(candidate => Path.Exists(Path.Combine(Programs.Repository, candidate)))) missing.Add($"{guide}: {path}");

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Every_setting_that_is_named_is_in_the_catalogue()
    {
        List<string> unknown = [];
        var count = 0;
        foreach (var guide in Guide.All)
        {
            foreach (var name in SettingName().Matches(guide.Text).Select(match => match.Value.TrimEnd('_')).Distinct())
            {
                count++;
                if (SettingsCatalogue.Find(name) is null && !name.StartsWith("Logging__", StringComparison.Ordinal)) unknown.Add($"{guide}: {name}");
            }
        }

        unknown.ShouldBeEmpty();
        count.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Every_setting_of_the_catalogue_is_documented()
    {
        var reference = Guide.Read("deploy/docs/configuration-reference.md");
        foreach (var setting in SettingsCatalogue.All.Where(setting => setting.Scope != SettingScope.DevelopmentRun))
        {
            reference.Anchors.ShouldContain(setting.ShellName.ToLowerInvariant());
            reference.Text.ShouldContain(setting.Description);
            foreach (var example in setting.Examples) reference.Text.ShouldContain(example.Value);
            foreach (var alias in setting.Aliases) reference.Text.ShouldContain(alias);
        }
    }

    /// <summary>Variables of scripts, images and workflows: each is used by some file that is no guide.</summary>
    [Fact]
    public void Every_variable_that_is_named_is_read_somewhere()
    {
        string[] ofOthers = ["DOCKER_HOST", "XDG_RUNTIME_DIR", "KUBECONFIG", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_RESOURCE_ATTRIBUTES",
            "OLLAMA_HOST", "OLLAMA_CONTEXT_LENGTH", "OLLAMA_KEEP_ALIVE"];
        var sources = string.Join('\n', new[] { "lucia", "deploy", ".github", "lucia.Settings", "lucia.AppHost", "lucia.AgentHost", "lucia.ServiceDefaults", "lucia.Publishing", "lucia.Publishing.Tests", "lucia.Deployment.Tests", "eng" }
            .Select(name => Path.Combine(Programs.Repository, name)).Where(Path.Exists)
            .SelectMany(path => File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
            .Where(file => !file.EndsWith(".md", StringComparison.Ordinal) && !BuildFolder().IsMatch(file) && !file.EndsWith("GuideTests.cs", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        // A pattern, such as NAME_IMAGE, is no name.
        var named = Guide.All.SelectMany(guide => guide.Code.Where(code => !code.Contains("NAME_", StringComparison.Ordinal)).SelectMany(code => Variable().Matches(code)).Select(match => (guide, match.Value))).Distinct().ToList();

        named.ShouldNotBeEmpty();
        named.Where(name => !ofOthers.Contains(name.Value) && !sources.Contains(name.Value, StringComparison.Ordinal)).Select(name => $"{name.guide}: {name.Value}").ShouldBeEmpty();
    }

    [Fact]
    public void Every_diagnostic_is_documented_and_every_one_that_is_named_exists()
    {
        var inSources = Directory.EnumerateFiles(Path.Combine(Programs.Repository, "lucia.Publishing"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Diagnostic().Matches(File.ReadAllText(file)).Select(match => match.Value)).ToHashSet();
        var page = Guide.Read("deploy/docs/publishing-diagnostics.md");
        var troubleshooting = Guide.Read(Troubleshooting);

        inSources.Count.ShouldBeGreaterThan(40);
        foreach (var number in inSources.Where(number => page.Text.Contains($"[{number}]", StringComparison.Ordinal) || !number.EndsWith("000", StringComparison.Ordinal)))
        {
            page.Anchors.ShouldContain(number.ToLowerInvariant());
            troubleshooting.Links.ShouldContain($"publishing-diagnostics.md#{number.ToLowerInvariant()}");
        }

        foreach (var guide in Guide.All)
            foreach (var number in Diagnostic().Matches(guide.Text).Select(match => match.Value))
                page.Anchors.ShouldContain(number.ToLowerInvariant(), guide.Path);
    }

    /// <summary>A reader looks for the words on the screen; so they have to be those that are written there.</summary>
    [Fact]
    public void Every_message_that_is_quoted_as_a_symptom_is_one_of_ours_or_of_a_program_that_is_known()
    {
        string[] ofOthers = ["address already in use", "port is already allocated", "toomanyrequests", "range of CPUs is from", "Additional property", "Watchdog timeout", "You have reached your pull rate limit", "no such file"];
        var sources = string.Join('\n', new[] { "lucia", "deploy", "lucia.Settings", "lucia.AgentHost", "lucia.ServiceDefaults", "lucia.Hosting" }.Select(name => Path.Combine(Programs.Repository, name))
            .SelectMany(path => File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
            .Where(file => (file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".sh", StringComparison.Ordinal) || Path.GetExtension(file).Length == 0) && !BuildFolder().IsMatch(file))
            .Select(File.ReadAllText));
        var quoted = Guide.Read(Troubleshooting).Prose.Split('\n').Select(line => SymptomOf().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToList();

        quoted.Count.ShouldBeGreaterThan(25);
        // What a message fills in, numbers and the names of settings and secrets, parts it into the pieces that the sources hold.
        var pieces = quoted.SelectMany(text => Variable().Replace(FilledIn().Replace(text, "…"), "…").Split('…', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Where(piece => piece.Contains(' ', StringComparison.Ordinal)).ToList();
        pieces.Where(piece => !ofOthers.Any(other => piece.Contains(other, StringComparison.Ordinal)) && !sources.Contains(piece, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_JSON_example_is_JSON()
    {
        var examples = Guide.All.SelectMany(guide => guide.Fences.Where(fence => fence.Language == "json").Select(fence => (guide, fence))).ToList();

        examples.ShouldNotBeEmpty();
        foreach (var (guide, fence) in examples)
            Should.NotThrow(() => JsonNode.Parse(fence.Text, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = false }), $"{guide}, line {fence.Line}");
    }

    /// <summary>What is to come is no guide's matter: nobody can use it.</summary>
    [Theory]
    [InlineData("/api/conversation")]
    [InlineData("/v1/chat/completions")]
    [InlineData("/ollama/")]
    [InlineData("/.well-known/agent-card")]
    [InlineData("/a2a")]
    public void Nothing_is_promised_that_is_not_there(string route) =>
        Guide.All.Where(guide => guide.Text.Contains(route, StringComparison.Ordinal)).ShouldBeEmpty(route);

    private static bool IsRelative(string link) => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal);

    private static string Resolve(Guide guide, string path) => Uri.UnescapeDataString(
        Path.GetRelativePath(Programs.Repository, Path.GetFullPath(Path.Combine(Programs.Repository, guide.Folder, path)))).Replace('\\', '/');

    /// <summary>A file or folder of the repository, by the look of it: without gaps, and beginning where something of the repository begins.</summary>
    private static bool IsPath(string code) => RepositoryPath().IsMatch(code) && !OfTheUser().IsMatch(code);

    /// <summary>Where a path of a guide may begin: at the root, or at the page.</summary>
    private static IEnumerable<string> Candidates(Guide guide, string path) => [path, Path.Combine(guide.Folder, path), Path.Combine("deploy", path), Path.Combine("deploy/kubernetes", path)];

    [GeneratedRegex(@"^(deploy|lucia\.[A-Z][A-Za-z.]+|eng|docs|\.github|compose|helm/lucia|kubernetes|systemd|scripts|overlays|components)(/[A-Za-z0-9._-]+)+/?$|^lucia\.[A-Z][A-Za-z]+$")]
    private static partial Regex RepositoryPath();

    /// <summary>What a set-up makes or a person writes, and no repository holds.</summary>
    [GeneratedRegex(@"/\.env$|/secrets(/|$)|\.local\.yaml$|^overlays/home/")]
    private static partial Regex OfTheUser();

    [GeneratedRegex("[A-Z][A-Za-z]+__[A-Za-z_-]+")]
    private static partial Regex SettingName();

    [GeneratedRegex(@"(?<![A-Za-z_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z_])")]
    private static partial Regex Variable();

    [GeneratedRegex(@"LUCIA\d{4}")]
    private static partial Regex Diagnostic();

    [GeneratedRegex(@"^\| (?:\d{3} )?`([^`]+)`")]
    private static partial Regex SymptomOf();

    [GeneratedRegex(@"\d+|^(error|redis|homeAssistant|chatModel): |[A-Z][A-Za-z]+__[A-Za-z_-]+|chat-model|libicuuc|redis-server|\blucia\b")]
    private static partial Regex FilledIn();

    [GeneratedRegex(@"[/\\](bin|obj|node_modules)[/\\]")]
    private static partial Regex BuildFolder();
}
