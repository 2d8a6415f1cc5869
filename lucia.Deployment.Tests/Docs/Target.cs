using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>
/// One target as its guide says to configure it: the values go in by its own set-up, and come out as the service would meet them, by the target's
/// own reader where there is one (compose, kustomize, helm).
/// </summary>
internal abstract partial class Target(string name, string folder)
{
    public static IReadOnlyList<string> Names { get; } = ["compose", "kubernetes", "helm", "systemd"];

    public override string ToString() => name;

    protected string Folder => folder;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Target In(string name, DirectoryInfo scratch)
    {
        var source = name == "helm" ? "helm/lucia" : name;
        var folder = Path.Combine(scratch.FullName, name);
        Copy(Path.Combine(Programs.Repository, "deploy", source), folder);
        return name switch
        {
            "compose" => new Compose(folder),
            "kubernetes" => new Kubernetes(folder),
            "helm" => new Helm(folder),
            _ => new Systemd(folder),
        };
    }

    /// <summary>Sets up the deployment with a chat model and, where one is given, an embedding model; their keys may be empty.</summary>
    /// <returns>What the service finds in its folder of secrets: content by file name.</returns>
    public Task<IReadOnlyDictionary<string, string>> ConfigureAsync(string chatModel, string accessKey, string embeddingModel = "", string embeddingKey = "") => ConfigureAsync(
    [
        .. new Given[]
        {
            new("chat-model", "ConnectionStrings__chat_model", "connectionStringsChatModel", chatModel),
            new("chat-model-access-key", "ChatModel__AccessKey", "chatModelAccessKey", accessKey),
            new("embedding-model", "ConnectionStrings__embedding_model", "connectionStringsEmbeddingModel", embeddingModel),
            new("embedding-model-access-key", "EmbeddingModel__AccessKey", "embeddingModelAccessKey", embeddingKey),
        }.Where(given => given.Content.Length > 0),
    ]);

    /// <summary>Sets up the deployment with these secrets.</summary>
    protected abstract Task<IReadOnlyDictionary<string, string>> ConfigureAsync(IReadOnlyList<Given> secrets);

    /// <summary>Runs a set-up script; the values are in its environment, as the guides say, and nobody answers questions.</summary>
    protected static async Task SetUpAsync(string script, IReadOnlyList<Given> secrets, params string[] arguments) =>
        (await Ran.ToEndAsync("sh", [script, .. arguments], environment: secrets.ToDictionary(given => given.Setting, given => (string?)given.Content))).Well();

    /// <summary>The Secret and the volume that mounts it, out of rendered manifests.</summary>
    protected static Dictionary<string, string> MountedSecret(string manifests)
    {
        var objects = manifests.Split("\n---\n");
        var deployment = objects.Single(text => text.Contains("\nkind: Deployment\n", StringComparison.Ordinal) || text.StartsWith("kind: Deployment\n", StringComparison.Ordinal));
        var secretName = SecretName().Match(deployment).Groups[1].Value;
        var secret = objects.Single(text => KindSecret().IsMatch(text) && Regex.IsMatch(text, $"^  name: {Regex.Escape(secretName)}$", RegexOptions.Multiline));
        var data = Data().Matches(secret[secret.IndexOf("\ndata:", StringComparison.Ordinal)..] is var from ? from.Split("\nkind:")[0] : "")
            .ToDictionary(match => match.Groups[1].Value, match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[2].Value.Trim('"', '|').Trim())));
        var items = Item().Matches(deployment).Select(match => (Key: match.Groups[1].Value, Path: match.Groups[2].Value)).ToList();
        items.Count.ShouldBeGreaterThan(5);
        return items.ToDictionary(item => item.Path, item => data[item.Key]);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(from, file).Replace('\\', '/');
            // What somebody set up here for himself is no part of it.
            if (OwnFile().IsMatch(relative)) continue;
            var target = Path.Combine(to, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>A secret as a person gives it.</summary>
    /// <param name="Name">Of its file.</param>
    /// <param name="Setting">Of its variable.</param>
    /// <param name="Value">Of the chart, below <c>secrets</c>.</param>
    /// <param name="Content">What it is.</param>
    protected sealed record Given(string Name, string Setting, string Value, string Content);

    private sealed class Compose(string folder) : Target("compose", folder)
    {
        protected override async Task<IReadOnlyDictionary<string, string>> ConfigureAsync(IReadOnlyList<Given> secrets)
        {
            await ComposeProgram.NeedAsync();
            await SetUpAsync(Path.Combine(Folder, "setup.sh"), secrets, "--non-interactive", "--no-engine-check");
            var config = JsonNode.Parse((await Ran.ToEndAsync("docker", ["compose", "config", "--format", "json"], folder: Folder)).Well().Output)!;
            Dictionary<string, string> files = [];
            foreach (var mounted in config["services"]!["agenthost"]!["secrets"]!.AsArray())
            {
                var source = mounted!["source"]!.GetValue<string>();
                var target = mounted["target"]!.GetValue<string>();
                target.ShouldStartWith("/run/secrets/");
                files[Path.GetFileName(target)] = await File.ReadAllTextAsync(config["secrets"]![source]!["file"]!.GetValue<string>(), Cancellation);
            }

            return files;
        }
    }

    private sealed class Kubernetes(string folder) : Target("kubernetes", folder)
    {
        protected override async Task<IReadOnlyDictionary<string, string>> ConfigureAsync(IReadOnlyList<Given> secrets)
        {
            Assert.SkipWhen(ClusterPrograms.Kubectl is null, "kubectl is not installed");
            await SetUpAsync(Path.Combine(Folder, "setup.sh"), secrets);
            return MountedSecret((await Ran.ToEndAsync(ClusterPrograms.Kubectl!, ["kustomize", Path.Combine(Folder, "base")])).Well().Output);
        }
    }

    private sealed class Helm(string folder) : Target("helm", folder)
    {
        protected override async Task<IReadOnlyDictionary<string, string>> ConfigureAsync(IReadOnlyList<Given> secrets)
        {
            Assert.SkipWhen(ClusterPrograms.Helm is null, "helm is not installed");
            List<string> values = [];
            foreach (var secret in secrets)
            {
                var file = Path.Combine(Folder, $"{secret.Name}.txt");
                await File.WriteAllTextAsync(file, secret.Content, Cancellation);
                values.AddRange(["--set-file", $"secrets.{secret.Value}={file}"]);
            }

            return MountedSecret((await Ran.ToEndAsync(ClusterPrograms.Helm!, ["template", "lucia", Folder, "--namespace", "lucia", .. values])).Well().Output);
        }
    }

    private sealed class Systemd(string folder) : Target("systemd", folder)
    {
        protected override async Task<IReadOnlyDictionary<string, string>> ConfigureAsync(IReadOnlyList<Given> secrets)
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's");
            // The installer wants a complete bundle; what the program is does not matter below another root.
            var (root, program) = (Path.Combine(Folder, "root"), Path.Combine(Folder, "app", "lucia.AgentHost"));
            Directory.CreateDirectory(Path.GetDirectoryName(program)!);
            await File.WriteAllTextAsync(program, "#!/bin/sh\n", Cancellation);
            if (OperatingSystem.IsLinux()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var install = Path.Combine(Folder, "install.sh");
            (await Ran.ToEndAsync("sh", [install, "--root", root, "--no-start"])).Well();
            foreach (var secret in secrets) (await Ran.ToEndAsync("sh", [install, "--root", root, "set", secret.Name], new MemoryStream(Encoding.UTF8.GetBytes(secret.Content)))).Well();

            var unit = await File.ReadAllTextAsync(Path.Combine(root, "etc/systemd/system/lucia.service"), Cancellation);
            Dictionary<string, string> files = [];
            foreach (Match credential in Credential().Matches(unit)) files[credential.Groups[1].Value] = await File.ReadAllTextAsync(root + credential.Groups[2].Value, Cancellation);
            return files;
        }
    }

    [GeneratedRegex(@"^\s*name: ""?([^""\s]+-secrets(?:-[0-9a-z]{10})?)""?$", RegexOptions.Multiline)]
    private static partial Regex SecretName();

    [GeneratedRegex("^kind: Secret$", RegexOptions.Multiline)]
    private static partial Regex KindSecret();

    /// <summary>Base64 on the key's line, or, when it is long, on lines of its own below.</summary>
    [GeneratedRegex(@"^  ([a-z][a-z0-9-]*): ?(\|\n(?:    [A-Za-z0-9+/=]+\n)+|""?[A-Za-z0-9+/=]*""?$)", RegexOptions.Multiline)]
    private static partial Regex Data();

    [GeneratedRegex(@"- key: ([a-z-]+)\s+path: (\S+)")]
    private static partial Regex Item();

    [GeneratedRegex("^LoadCredential=([^:]+):(.+)$", RegexOptions.Multiline)]
    private static partial Regex Credential();

    [GeneratedRegex(@"(^|/)(\.env|secrets/.*|values\.local\.yaml|docker-compose\.override\.yml)$")]
    private static partial Regex OwnFile();
}
