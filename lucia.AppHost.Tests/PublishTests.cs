using System.Diagnostics;
using System.Text.Json;
using Lucia.AgentHost.Tests.Support;
using Lucia.AppHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.AppHost.Tests;

/// <summary>What the model publishes: <c>deploy/</c> in the repository is that, byte for byte.</summary>
public sealed class PublishTests : IDisposable
{
    // Beside deploy/, because the manifest names projects relative to where it lies.
    private readonly string _output = Path.Combine(Programs.Repository, "artifacts-" + Guid.NewGuid().ToString("N"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_output)) Directory.Delete(_output, recursive: true);
    }

    [Fact]
    public async Task The_deploy_folder_is_what_the_model_makes()
    {
        await PublishAsync("publish");

        var deploy = Path.Combine(Programs.Repository, "deploy");
        var made = Files(_output);
        made.Count.ShouldBeGreaterThan(50);
        foreach (var file in made)
        {
            var kept = Path.Combine(deploy, file);
            File.Exists(kept).ShouldBeTrue($"deploy/{file} is missing: run ./lucia publish");
            var (before, now) = (await File.ReadAllBytesAsync(kept, Cancellation), await File.ReadAllBytesAsync(Path.Combine(_output, file), Cancellation));
            before.AsSpan().SequenceEqual(now).ShouldBeTrue($"deploy/{file} is not what is published: run ./lucia publish");
            if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(kept).ShouldBe(File.GetUnixFileMode(Path.Combine(_output, file)), file);
        }

        foreach (var target in new[] { "compose", "kubernetes", "helm", "systemd" })
            Files(Path.Combine(deploy, target)).Where(IsGenerated).ShouldBeSubsetOf(Files(Path.Combine(_output, target)), $"deploy/{target} has files that nothing makes");
    }

    [Fact]
    public async Task One_target_is_published_alone()
    {
        await PublishAsync("publish-compose");

        Directory.EnumerateDirectories(_output).Select(Path.GetFileName).ShouldBe(["compose"]);
        File.Exists(Path.Combine(_output, "aspire-manifest.json")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Compose")]
    [InlineData("Kubernetes")]
    [InlineData("Helm")]
    [InlineData("Systemd")]
    public async Task A_build_target_writes_its_deployment_and_nothing_else(string target)
    {
        var project = Path.Combine(Programs.Repository, "lucia.AppHost");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

        // A folder is meant relative to where the command is typed.
        (await Ran.ToEndAsync(
            "dotnet", ["publish", project, "--nologo", "--no-build", "--configuration", configuration, "-t:" + target, "-p:LuciaPackages=" + PackageSet.Name, "-p:LuciaOutput=" + Path.GetFileName(_output)])).Well();

        var folder = target.ToLowerInvariant();
        Directory.EnumerateFileSystemEntries(_output).Select(Path.GetFileName).Order().ShouldBe(["aspire-manifest.json", folder]);
        var (deploy, made) = (Path.Combine(Programs.Repository, "deploy", folder), Path.Combine(_output, folder));
        Files(made).ShouldBe(Files(deploy).Where(IsGenerated));
        foreach (var file in Files(made))
            (await File.ReadAllTextAsync(Path.Combine(made, file), Cancellation)).ShouldBe(await File.ReadAllTextAsync(Path.Combine(deploy, file), Cancellation), file);
    }

    [Fact]
    public async Task Publishing_again_keeps_what_a_user_wrote()
    {
        await PublishAsync("publish-compose");
        var (settings, secret) = (Path.Combine(_output, "compose", ".env"), Path.Combine(_output, "compose", "secrets", "auth-api-key"));
        Directory.CreateDirectory(Path.GetDirectoryName(secret)!);
        await File.WriteAllTextAsync(settings, "LUCIA_PORT=5005\n", Cancellation);
        await File.WriteAllTextAsync(secret, "a-key-of-ones-own", Cancellation);

        await PublishAsync("publish-compose");

        (await File.ReadAllTextAsync(settings, Cancellation)).ShouldBe("LUCIA_PORT=5005\n");
        (await File.ReadAllTextAsync(secret, Cancellation)).ShouldBe("a-key-of-ones-own");
    }

    [Fact]
    public async Task One_target_that_cannot_be_written_keeps_every_other_from_being_written()
    {
        Directory.CreateDirectory(Path.Combine(_output, "systemd"));
        await File.WriteAllTextAsync(Path.Combine(_output, "systemd", "README.md"), "mine", Cancellation);

        var (code, said) = await TryPublishAsync("publish");

        code.ShouldBe(1);
        said.ShouldContain("LUCIA1605");
        Directory.EnumerateDirectories(_output).Select(Path.GetFileName).ShouldNotContain("compose");
        await PublishAsync("publish-compose");
        File.Exists(Path.Combine(_output, "compose", "docker-compose.yml")).ShouldBeTrue("who publishes one target is not kept by another");
    }

    [Fact]
    public async Task The_older_form_of_the_command_writes_the_manifest_and_is_silent_on_standard_error()
    {
        // azd and Aspirate call it so, and Aspirate takes any word there for a failure.
        var (file, configuration) = (Path.Combine(_output, "m.json"), new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name);

        var ran = (await Ran.ToEndAsync(
            "dotnet",
            ["run", "--no-build", "--configuration", configuration, "-p:LuciaPackages=" + PackageSet.Name, "--project", Path.Combine(Programs.Repository, "lucia.AppHost"),
                "--", "--publisher", "manifest", "--output-path", file])).Well();

        ran.Error.ShouldBeEmpty();
        (await File.ReadAllTextAsync(file, Cancellation)).TrimEnd().ShouldBe(
            (await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "deploy", "aspire-manifest.json"), Cancellation)).TrimEnd());
    }

    [Fact]
    public async Task Aspirate_is_given_every_setting_it_would_otherwise_make_a_password_of()
    {
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "deploy", "aspire-manifest.json"), Cancellation));
        Dictionary<string, string> expected = [];
        foreach (var resource in manifest.RootElement.GetProperty("resources").EnumerateObject().Where(resource => resource.Value.GetProperty("type").GetString() == "parameter.v0"))
        {
            var input = resource.Value.GetProperty("inputs").GetProperty("value");
            var isGenerated = input.TryGetProperty("default", out var preset) && preset.TryGetProperty("generate", out _);
            if (!isGenerated) expected[resource.Name] = preset.ValueKind == JsonValueKind.Object ? preset.GetProperty("value").GetString()! : "";
        }

        var given = (await File.ReadAllLinesAsync(Path.Combine(Programs.Repository, "deploy", "aspirate.rsp"), Cancellation))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 3)).ToList();

        // One word a line: that is how both "dotnet aspirate" and "dotnet tool run aspirate" read a response file.
        given.ShouldAllBe(parts => parts[0] == "--parameter" && !parts[2].Contains(' '));
        expected.Remove("chat-model").ShouldBeTrue("it has no default and must not be empty: Aspirate asks for it");
        given.ToDictionary(parts => parts[1], parts => parts[2]).ShouldBe(expected, ignoreOrder: true);
    }

    /// <summary>What somebody makes who follows the guides inside the repository is no part of it.</summary>
    private static bool IsGenerated(string file) =>
        !file.StartsWith("secrets/", StringComparison.Ordinal) && Path.GetFileName(file) is not ".env" && !file.Contains(".local.", StringComparison.Ordinal);

    private static List<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    private async Task PublishAsync(string step)
    {
        var (code, said) = await TryPublishAsync(step);
        code.ShouldBe(0, said);
    }

    private async Task<(int ExitCode, string Said)> TryPublishAsync(string step)
    {
        var start = new ProcessStartInfo(AppHostProgram.Of("lucia.AppHost"), ["--operation", "publish", "--step", step, "--output-path", _output])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What is published must not depend on who publishes.
        start.Environment["HomeAssistant__BaseUrl"] = "http://publisher.example:8123";
        start.Environment["ConnectionStrings__chat_model"] = "Endpoint=http://publisher.example;Model=m";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var error = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output + error);
    }
}
