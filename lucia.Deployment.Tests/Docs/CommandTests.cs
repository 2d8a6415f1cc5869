using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>
/// Every command of the guides, those too that no test can run (a registry, a cluster): it is a shell's language, and what it names exists: commands
/// and options of the project's scripts by their own help, services, units, values of the chart, files.
/// </summary>
public sealed partial class CommandTests
{
    /// <summary>Programs of others whose arguments are theirs; whatever is not here and no file of the repository is a slip.</summary>
    private static readonly HashSet<string> OfOthers =
    [
        "[", "apt-get", "awk", "base64", "basename", "bash", "brew", "cat", "cd", "chmod", "chown", "cosign", "cp", "curl", "cut", "date", "dig", "diff", "dnf", "echo", "export", "false", "gh", "git", "grep",
        "head", "id", "install", "jq", "kind", "ln", "loginctl", "ls", "lms", "mkdir", "mktemp", "mount", "mv", "nano", "npm", "nft", "ollama", "openssl", "printf", "rm", "rmdir", "rsync", "scp", "sed", "seq", "set", "sh", "sha256sum", "sleep",
        "sort", "source", "ssh", "stat", "tail", "tar", "tee", "test", "timedatectl", "touch", "tr", "true", "umask", "unset", "wc", "wget", "dockerd-rootless-setuptool.sh", "systemd-analyze", "rg", "code",
    ];

    private static readonly ConcurrentDictionary<string, Task<string>> Helps = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages => [.. Guide.All.Where(guide => guide.Fences.Any(fence => fence.IsShell)).Select(guide => guide.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_shell_block_is_a_shells_language(string page)
    {
        Assert.SkipWhen(Programs.Find("bash") is null, "bash is not on PATH");
        foreach (var fence in Guide.Read(page).Fences.Where(fence => fence.IsShell))
        {
            var parsed = await Ran.ToEndAsync("bash", ["-n"], new MemoryStream(System.Text.Encoding.UTF8.GetBytes(fence.Script)));
            parsed.ExitCode.ShouldBe(0, $"{page}, line {fence.Line}: {parsed.Error}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_command_names_what_exists(string page)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the scripts are for bash and sh");
        var guide = Guide.Read(page);
        List<string> wrong = [];
        foreach (var fence in guide.Fences.Where(fence => fence.IsShell))
        {
            var functions = Function().Matches(fence.Script).Select(match => match.Groups[1].Value).ToHashSet();
            // A block may go elsewhere; the blocks that follow it go on from there.
            foreach (var command in ShellCommands.Of(fence.Script).Where(command => !functions.Contains(command.Program)))
                wrong.AddRange((await FaultsAsync(guide, command)).Select(fault => $"{page}, line {fence.Line}: {command}: {fault}"));
        }

        // Commands in running text and tables, where they begin like one of the project's own.
        foreach (var code in guide.Code.Where(code => OwnCommand().IsMatch(code) && !code.Contains('…', StringComparison.Ordinal)))
            foreach (var command in ShellCommands.Of(code))
                wrong.AddRange((await FaultsAsync(guide, command)).Select(fault => $"{page}: {command}: {fault}"));

        wrong.ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(Guide guide, ShellCommand command)
    {
        switch (Path.GetFileName(command.Program))
        {
            case "docker" when command.Words is [_, "compose", ..]:
                return await ComposeFaultsAsync(guide, command);
            case "docker":
                return [];
            case "helm":
                return await HelmFaultsAsync(guide, command);
            case "kubectl":
                return await KubectlFaultsAsync(guide, command);
            case "systemctl" or "journalctl":
                return UnitFaults(command);
            case "dotnet":
                return DotnetFaults(command);
            case "lucia.AgentHost":
                return await ServiceFaultsAsync(command);
        }

        if (OfOthers.Contains(command.Program)) return [];
        if (command.Program.StartsWith('$') || command.Program.StartsWith('/')) return [];
        if (FileOf(guide, command.Program) is not { } script) return ["no such program or file"];
        return await ScriptFaultsAsync(script, command);
    }

    /// <summary>The script's own help knows every option and every command; the arguments of options are not looked at.</summary>
    private static async Task<IReadOnlyList<string>> ScriptFaultsAsync(string script, ShellCommand command)
    {
        var help = await HelpAsync(script, script == Path.Combine(Programs.Repository, "lucia") ? "help" : "--help");
        List<string> faults = [.. command.Options.Where(option => !Knows(help, option)).Select(option => $"{option} is not in its help")];
        if (Path.GetFileName(script) is "lucia" or "install.sh" && command.Arguments.FirstOrDefault() is { } first && !first.StartsWith('-') && !Regex.IsMatch(help, $@"^  {Regex.Escape(first)}\b", RegexOptions.Multiline))
            faults.Add($"it has no command {first}");
        if (Path.GetFileName(script) is "install.sh" && command.Words is [_, "set", var name] && name != "NAME" && !name.Contains('$', StringComparison.Ordinal) && !(await File.ReadAllTextAsync(script, Cancellation)).Contains($"\"$1\" {name} ", StringComparison.Ordinal))
            faults.Add($"there is no secret {name}");
        return faults;
    }

    private static async Task<IReadOnlyList<string>> ComposeFaultsAsync(Guide guide, ShellCommand command)
    {
        HashSet<string> withValue = ["-f", "--file", "-p", "--project-name", "--profile", "--tail", "--timeout", "-t", "--since", "--env-file", "-e", "--user", "-u", "--wait-timeout", "--scale", "-n"];
        List<string> faults = [];
        string? verb = null;
        List<string> operands = [];
        var words = command.Words.Skip(2).ToArray();
        for (var i = 0; i < words.Length; i++)
        {
            // What follows the service of exec and run is the program inside.
            if (verb is "exec" or "run" && operands.Count > 0) break;
            if (withValue.Contains(words[i]) && !(words[i] == "-f" && verb == "logs"))
            {
                if (words[i] is "-f" or "--file" && FileOf(guide, words[i + 1], "deploy/compose") is null && !words[i + 1].Contains("override", StringComparison.Ordinal)) faults.Add($"no file {words[i + 1]}");
                i++;
            }
            else if (!words[i].StartsWith('-'))
            {
                if (verb is null) verb = words[i];
                else operands.Add(words[i]);
            }
        }

        var services = Regex.Matches(await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "deploy/compose/docker-compose.yml"), Cancellation), "^  ([a-z0-9-]+):$", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value).ToHashSet();
        if (verb is "exec" or "run" or "logs" or "restart" or "stop" or "start" or "up" or "ps" or "kill" or "pull")
            faults.AddRange(operands.Where(name => !services.Contains(name) && !name.Contains('$', StringComparison.Ordinal)).Select(name => $"there is no service {name}"));
        if (verb is not null && await ComposeProgram.IsThereAsync())
        {
            var help = await HelpAsync("docker", "compose", "--help");
            if (!Knows(help, verb)) return [$"compose has no command {verb}"];
            help += await HelpAsync("docker", "compose", verb, "--help");
            faults.AddRange(OptionsBefore(command, verb is "exec" or "run" ? operands.FirstOrDefault() : null).Where(option => !Knows(help, option)).Select(option => $"compose {verb} has no {option}"));
        }

        return faults;
    }

    private static async Task<IReadOnlyList<string>> HelmFaultsAsync(Guide guide, ShellCommand command)
    {
        List<string> faults = [];
        var words = command.Words;
        for (var i = 1; i < words.Count - 1; i++)
        {
            if (words[i] is "--set" or "--set-file" or "--set-string" or "--set-json")
                faults.AddRange(await ValueFaultsAsync(words[i + 1].Split('=')[0]));
            else if (words[i] is "-f" or "--values" && !words[i + 1].Contains("local", StringComparison.Ordinal) && FileOf(guide, words[i + 1], "deploy/helm/lucia") is null)
                faults.Add($"no file {words[i + 1]}");
        }

        if (ClusterPrograms.Helm is { } helm && words.Count > 1 && !words[1].StartsWith('-'))
        {
            var help = await HelpAsync(helm, words[1], "--help");
            faults.AddRange(command.Options.Where(option => !Knows(help, option)).Select(option => $"helm {words[1]} has no {option}"));
        }

        return faults;
    }

    /// <summary>A key of the chart by its own schema.</summary>
    private static async Task<IReadOnlyList<string>> ValueFaultsAsync(string key)
    {
        var schema = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "deploy/helm/lucia/values.schema.json"), Cancellation));
        foreach (var part in key.Split('.').Select(part => part.Split('[')[0]))
        {
            var open = schema?["additionalProperties"] is not JsonValue closed || closed.GetValueKind() != System.Text.Json.JsonValueKind.False;
            if (schema?["properties"]?[part] is { } next) schema = next;
            else if (open && schema?["type"]?.GetValue<string>() == "object") return [];
            else return [$"the chart has no value {key}"];
        }

        return [];
    }

    private static async Task<IReadOnlyList<string>> KubectlFaultsAsync(Guide guide, ShellCommand command)
    {
        List<string> faults = [];
        var words = command.Words.TakeWhile(word => word != "--").ToList();
        for (var i = 1; i < words.Count - 1; i++)
            if (words[i] is "-k" or "--kustomize" or "kustomize" && !words[i + 1].Contains("home", StringComparison.Ordinal) && FileOf(guide, words[i + 1], "deploy/kubernetes") is null) faults.Add($"no folder {words[i + 1]}");
        string[] objects = ["deployment/agenthost", "deployment/lucia-agenthost", "service/agenthost", "service/lucia-agenthost", "statefulset/redis", "statefulset/lucia-redis", "deploy/agenthost", "deployment/lucia", "service/lucia"];
        faults.AddRange(words.Where(word => Regex.IsMatch(word, "^(deployment|service|statefulset|deploy|svc)/[a-z]")).Where(word => !objects.Contains(word)).Select(word => $"{word} is not made by the chart or the manifests"));
        var verb = words.Skip(1).SkipWhile(word => word.StartsWith('-') || word is "lucia" or "lucia-dev").FirstOrDefault();
        if (ClusterPrograms.Kubectl is { } kubectl && verb is not null)
        {
            var help = await HelpAsync(kubectl, verb is "rollout" or "create" ? [.. words.Skip(words.IndexOf(verb)).Take(verb is "create" && words.Contains("secret") ? 3 : 2), "--help"] : [verb, "--help"]) + await HelpAsync(kubectl, "options");
            faults.AddRange(OptionsBefore(command, null).Where(option => !Knows(help, option)).Select(option => $"kubectl {verb} has no {option}"));
        }

        return faults;
    }

    private static List<string> UnitFaults(ShellCommand command)
    {
        var units = Directory.EnumerateFiles(Path.Combine(Programs.Repository, "deploy/systemd/units")).Select(Path.GetFileName)
            .Concat(["redis-server", "redis", "redis-server.service"]).ToHashSet()!;
        return [.. command.Arguments.Where(word => word.StartsWith("lucia", StringComparison.Ordinal) && !word.Contains('*', StringComparison.Ordinal) && !units.Contains(word) && !units.Contains($"{word}.service")).Select(word => $"there is no unit {word}")];
    }

    private static List<string> DotnetFaults(ShellCommand command) =>
        [.. command.Arguments.Where(word => word.StartsWith("lucia.", StringComparison.Ordinal)).Where(word => !Path.Exists(Path.Combine(Programs.Repository, word))).Select(word => $"there is no {word}")];

    private static async Task<IReadOnlyList<string>> ServiceFaultsAsync(ShellCommand command)
    {
        var service = Path.Combine(Programs.Repository, "lucia.AgentHost", "bin", "Debug", "net10.0", "lucia.AgentHost.dll");
        var help = await HelpAsync("dotnet", service, "--help");
        return [.. command.Arguments.Where(word => (word.StartsWith('-') || word == "doctor") && !Knows(help, word)).Select(word => $"{word} is not in its help")];
    }

    /// <summary>A command's options, up to a word whose own arguments follow it.</summary>
    private static IEnumerable<string> OptionsBefore(ShellCommand command, string? word) =>
        new ShellCommand([.. command.Words.TakeWhile(one => word is null || one != word)]).Options;

    private static bool Knows(string help, string word) => Regex.IsMatch(help, $@"(?<![\w-]){Regex.Escape(word)}(?![\w-])");

    private static Task<string> HelpAsync(string program, params string[] arguments) => Helps.GetOrAdd($"{program} {string.Join(' ', arguments)}", async _ =>
    {
        var said = await Ran.ToEndAsync(program, arguments, seconds: 30);
        return said.Output + said.Error;
    });

    /// <summary>A file that a page names: beside the page, in a target's folder, or at the root.</summary>
    private static string? FileOf(Guide guide, string path, params string[] folders) =>
        new[] { guide.Folder, "", "deploy", "deploy/compose", "deploy/kubernetes", "deploy/systemd", "deploy/scripts", "deploy/helm/lucia" }.Concat(folders)
            .Select(folder => Path.GetFullPath(Path.Combine(Programs.Repository, folder, path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path)))
            .FirstOrDefault(Path.Exists);

    [GeneratedRegex(@"^(?:sudo )?(\./|docker compose |helm |kubectl |deploy/scripts/|systemctl |journalctl |dotnet |lucia\.AgentHost )")]
    private static partial Regex OwnCommand();

    [GeneratedRegex(@"^\s*([a-z_][a-z0-9_]*)\s*\(\)", RegexOptions.Multiline)]
    private static partial Regex Function();
}
