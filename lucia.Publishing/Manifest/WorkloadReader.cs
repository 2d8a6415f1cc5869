using System.Text.Json;
using System.Text.RegularExpressions;
using Lucia.Publishing.Diagnostics;

namespace Lucia.Publishing.Manifest;

/// <summary>Reads the resources that run.</summary>
internal static partial class WorkloadReader
{
    public static ContainerResource Container(string name, string type, NodeShape shape)
    {
        var image = shape.String("image");
        var build = type == "container.v1" && shape.Object("build") is { } declared ? Build(declared) : null;
        if (type == "container.v0" && image is null && shape.Node["image"] is null)
            shape.Get("image", JsonTokenType.String, "an image reference", required: true);
        else if (shape.Node["image"] is null == shape.Node["build"] is null)
            shape.Diagnostics.Report(DiagnosticCatalogue.NoImage, shape.Node.At, image is null ? "There is neither 'image' nor 'build'." : "There are both 'image' and 'build'.");
        if (image is not null && !ImageReference().IsMatch(image))
            shape.Diagnostics.Report(DiagnosticCatalogue.InvalidImage, shape.Node["image"]!.At, $"'{image}' is no image reference.");
        return Common(name, shape, new ContainerResource
        {
            Name = name,
            Type = type,
            At = shape.Node.At,
            Image = image,
            Build = build,
            Entrypoint = shape.Text("entrypoint"),
        });
    }

    public static ContainerResource Dockerfile(string name, string type, NodeShape shape)
    {
        var path = shape.String("path", required: true);
        var context = shape.String("context", required: true);
        var build = new BuildDeclaration(Slashes(context ?? "."), Slashes(path ?? "Dockerfile"), null, BuildOnly: false, shape.NullableTextMap("buildArgs"), []);
        return Common(name, shape, new ContainerResource { Name = name, Type = type, At = shape.Node.At, Build = build });
    }

    public static ProjectResource? Project(string name, string type, NodeShape shape)
    {
        var path = shape.String("path", required: true);
        var project = Common(name, shape, new ProjectResource { Name = name, Type = type, At = shape.Node.At, Path = Slashes(path ?? "") });
        return path is null ? null : project;
    }

    public static ExecutableResource? Executable(string name, string type, NodeShape shape)
    {
        var command = shape.String("command", required: true);
        var folder = shape.String("workingDirectory", required: true);
        var executable = Common(name, shape, new ExecutableResource
        {
            Name = name,
            Type = type,
            At = shape.Node.At,
            Command = command ?? "",
            WorkingDirectory = Slashes(folder ?? "."),
        });
        return command is null ? null : executable;
    }

    private static T Common<T>(string name, NodeShape shape, T resource) where T : WorkloadResource
    {
        shape.Know("deployment", "containerFiles");
        if (shape.Node["deployment"] is { } deployment)
        {
            var kind = deployment["type"]?.Text ?? "another platform";
            shape.Diagnostics.Report(DiagnosticCatalogue.NotCarried, deployment.At, $"'deployment' describes {kind} and is not carried over.");
        }
        if (shape.Node["containerFiles"] is { Members.Count: > 0 } files)
        {
            var sources = string.Join(", ", files.Members.Select(static m => m.Key));
            shape.Diagnostics.Report(DiagnosticCatalogue.FilesNotCopied, files.At, $"The image of '{name}' is to receive files of {sources}.");
        }
        var environment = shape.TextMap("env");
        foreach (var (variable, text) in environment)
        {
            if (!VariableName().IsMatch(variable))
                shape.Diagnostics.Report(DiagnosticCatalogue.InvalidVariable, text.At, $"'{variable}' is no name for an environment variable.");
        }
        var mounts = new HashSet<string>(StringComparer.Ordinal);
        return resource with
        {
            ConnectionString = shape.Text("connectionString"),
            Inputs = ManifestReader.Inputs(shape),
            Args = shape.Texts("args"),
            Environment = environment,
            Bindings = [.. Bindings(shape)],
            Volumes = [.. Volumes(shape, mounts)],
            BindMounts = [.. BindMounts(shape, mounts)],
        };
    }

    private static IEnumerable<BindingDeclaration> Bindings(NodeShape shape)
    {
        foreach (var (name, binding) in shape.Objects("bindings"))
        {
            if (!BindingName().IsMatch(name))
                shape.Diagnostics.Report(DiagnosticCatalogue.InvalidName, binding.Node.At, $"'{name}' is no valid binding name.");
            var scheme = binding.String("scheme", required: true);
            if (scheme is not null && !Scheme().IsMatch(scheme))
                shape.Diagnostics.Report(DiagnosticCatalogue.UnknownWord, binding.Node["scheme"]!.At, $"'{scheme}' is no URI scheme.", "A scheme is letters, digits, '+', '-' and '.'.");
            var protocol = OneOf(binding, "protocol", "tcp", "udp");
            // Aspire writes the protocol where the scheme is not http, and what an AppHost set in its place.
            var transport = OneOf(binding, "transport", "http", "http2", "http3", "tcp", "udp");
            var port = binding.Number("port", 1, 65535, DiagnosticCatalogue.InvalidPort);
            // Before Aspire 8.0 the target port was called containerPort.
            var targetPort = binding.Number("targetPort", 1, 65535, DiagnosticCatalogue.InvalidPort)
                ?? binding.Number("containerPort", 1, 65535, DiagnosticCatalogue.InvalidPort);
            var external = binding.Flag("external") ?? false;
            binding.Finish(DiagnosticCatalogue.UnknownProperty);
            yield return new BindingDeclaration(name, scheme ?? "tcp", protocol, transport, port, targetPort, external, binding.Node.At);
        }
    }

    private static string OneOf(NodeShape shape, string name, params string[] words)
    {
        if (shape.String(name, required: true) is not { } word)
            return "tcp";
        if (!words.Contains(word))
            shape.Diagnostics.Report(DiagnosticCatalogue.UnknownWord, shape.Node[name]!.At, $"'{name}' is '{word}'.", $"It must be {string.Join(" or ", words)}.");
        return word;
    }

    private static IEnumerable<VolumeDeclaration> Volumes(NodeShape shape, HashSet<string> mounts)
    {
        foreach (var volume in shape.ObjectList("volumes"))
        {
            var name = volume.String("name");
            var target = Target(volume, mounts);
            var readOnly = volume.Flag("readOnly") ?? false;
            volume.Finish(DiagnosticCatalogue.UnknownProperty);
            if (target is not null)
                yield return new VolumeDeclaration(name, target, readOnly, volume.Node.At);
        }
    }

    private static IEnumerable<BindMountDeclaration> BindMounts(NodeShape shape, HashSet<string> mounts)
    {
        foreach (var mount in shape.ObjectList("bindMounts"))
        {
            var source = mount.String("source", required: true);
            var target = Target(mount, mounts);
            var readOnly = mount.Flag("readOnly") ?? false;
            mount.Finish(DiagnosticCatalogue.UnknownProperty);
            if (source is not null && target is not null)
                yield return new BindMountDeclaration(Slashes(source), target, readOnly, mount.Node.At);
        }
    }

    private static string? Target(NodeShape mount, HashSet<string> mounts)
    {
        if (mount.String("target", required: true) is not { } target)
            return null;
        var at = mount.Node["target"]!.At;
        var folder = target.TrimEnd('/');
        if (!target.StartsWith('/') || folder.Length == 0 || folder is "/proc" or "/sys" or "/dev" || folder.Split('/').Contains(".."))
            mount.Diagnostics.Report(DiagnosticCatalogue.InvalidMount, at, $"'{target}' is no place for a mount.", "Give an absolute path inside the container.");
        else if (!mounts.Add(folder))
            mount.Diagnostics.Report(DiagnosticCatalogue.InvalidMount, at, $"'{target}' is mounted twice.");
        return target;
    }

    private static BuildDeclaration Build(NodeShape shape)
    {
        var context = shape.String("context", required: true);
        var dockerfile = shape.String("dockerfile", required: true);
        var stage = shape.String("stage");
        var buildOnly = shape.Flag("buildOnly") ?? false;
        var secrets = new List<BuildSecretDeclaration>();
        foreach (var (id, secret) in shape.Objects("secrets"))
        {
            switch (secret.String("type", required: true))
            {
                case "env":
                    secrets.Add(new BuildSecretDeclaration(id, secret.Text("value", required: secret.Node["value"] is null), null));
                    break;
                case "file":
                    secrets.Add(new BuildSecretDeclaration(id, null, secret.String("source", required: true)));
                    break;
                case { } other:
                    secret.Diagnostics.Report(DiagnosticCatalogue.UnknownWord, secret.Node["type"]!.At, $"'type' is '{other}'.", "It must be env or file.");
                    secret.Know("value", "source");
                    break;
            }
            secret.Finish(DiagnosticCatalogue.UnknownProperty);
        }
        var build = new BuildDeclaration(
            Slashes(context ?? "."), Slashes(dockerfile ?? "Dockerfile"), stage, buildOnly, shape.NullableTextMap("args"), secrets);
        shape.Finish(DiagnosticCatalogue.UnknownProperty);
        return build;
    }

    private static string Slashes(string path) => path.Replace('\\', '/');

    [GeneratedRegex(@"^[^=\s\0-\x20'""]+$")]
    private static partial Regex VariableName();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]*$")]
    private static partial Regex BindingName();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*$")]
    private static partial Regex Scheme();

    // https://github.com/distribution/reference: optional host with port, path in lower case, tag, digest.
    [GeneratedRegex(@"^(?:(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d{1,5})?/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[a-f0-9]{64})?$")]
    private static partial Regex ImageReference();
}
