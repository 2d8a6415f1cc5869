using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;

namespace Lucia.Publishing.Profile;

/// <summary>Reads a profile and reports every value that does not fit, with its place.</summary>
internal static partial class DeploymentProfileReader
{
    private static readonly DiagnosticDefinition Invalid = DiagnosticCatalogue.ProfileInvalid;

    public static DeploymentProfileResource Read(string name, NodeShape manifestShape)
    {
        var shape = new NodeShape(manifestShape.Node, manifestShape.Diagnostics, Invalid);
        shape.Know("type");
        var profile = new DeploymentProfile
        {
            Application = Matching(shape, "application", Label(), "lower-case letters, digits and hyphens, at most 63"),
            Description = shape.String("description"),
            Version = Matching(shape, "version", Version(), "a semantic version such as 0.1.0"),
            Url = shape.String("url"),
            Workloads = Map(shape, "workloads", Workload),
            Parameters = Map(shape, "parameters", Setting),
        };
        shape.Finish(Invalid);
        return new DeploymentProfileResource
        {
            Name = name,
            Type = DeploymentProfile.ResourceType,
            At = shape.Node.At,
            Profile = profile,
            Node = shape.Node,
        };
    }

    private static WorkloadProfile Workload(NodeShape shape) => new()
    {
        Description = shape.String("description"),
        Image = shape.String("image"),
        Build = Child(shape, "build", Build),
        Optional = shape.Flag("optional") ?? false,
        Targets = Optional(shape, "targets"),
        Command = Optional(shape, "command"),
        Args = Optional(shape, "args"),
        Environment = TextMap(shape, "environment"),
        Aliases = Aliases(shape),
        Settings = Map(shape, "settings", Setting),
        Health = Child(shape, "health", static health => new HealthProfile
        {
            Check = Child(health, "check", Probe),
            Startup = Child(health, "startup", Probe),
            Readiness = Child(health, "readiness", Probe),
            Liveness = Child(health, "liveness", Probe),
        }),
        DependsOn = Map(shape, "dependsOn", static dependency =>
            new DependencyProfile(dependency.Flag("healthy") ?? true, dependency.Flag("required") ?? true)),
        Limits = Child(shape, "limits", Resources),
        Requests = Child(shape, "requests", Resources),
        Replicas = shape.Number("replicas", 0, 1000, Invalid),
        Scalable = shape.Flag("scalable"),
        Egress = shape.Flag("egress"),
        Security = Child(shape, "security", Security),
        SecretFiles = Child(shape, "secretFiles", static files => new SecretFilesProfile(
            Path(files, "directory") ?? "/run/secrets", Matching(files, "variable", ShellName(), "letters, digits and underscores"))),
        Files = Files(shape),
        Endpoints = Map(shape, "endpoints", static endpoint => new EndpointProfile
        {
            External = endpoint.Flag("external"),
            ExternalPort = Port(endpoint, "externalPort"),
            PortVariable = Matching(endpoint, "portVariable", ShellName(), "letters, digits and underscores"),
            BindVariable = Matching(endpoint, "bindVariable", ShellName(), "letters, digits and underscores"),
            ServicePort = Port(endpoint, "servicePort"),
        }),
        Volumes = Map(shape, "volumes", static volume => new VolumeProfile(Quantity(volume, "size"), volume.String("description"))),
        BindMounts = Map(shape, "bindMounts", static mount => new BindMountProfile(mount.Flag("file"))),
        StopGraceSeconds = Seconds(shape, "stopGraceSeconds"),
        Systemd = Child(shape, "systemd", Systemd),
        Development = Child(shape, "development", static development => new DevelopmentProfile
        {
            Build = Child(development, "build", Build),
            SourceTarget = Path(development, "sourceTarget"),
            Environment = TextMap(development, "environment"),
        }),
    };

    private static BuildProfile Build(NodeShape shape) =>
        new(shape.String("context", required: true) ?? ".", shape.String("dockerfile", required: true) ?? "Dockerfile", shape.String("stage"));

    private static ProbeProfile Probe(NodeShape shape) => new()
    {
        Path = Path(shape, "path"),
        Endpoint = shape.String("endpoint"),
        Command = Optional(shape, "command"),
        IntervalSeconds = Seconds(shape, "intervalSeconds"),
        TimeoutSeconds = Seconds(shape, "timeoutSeconds"),
        Failures = shape.Number("failures", 1, 1000, Invalid),
        GraceSeconds = shape.Number("graceSeconds", 0, 86400, Invalid),
    };

    private static ResourceProfile Resources(NodeShape shape) => new(
        Matching(shape, "cpu", Cpu(), "cores such as 2, 0.5 or 500m"), Quantity(shape, "memory"), shape.Number("pids", 1, 1_000_000, Invalid));

    private static SecurityProfile Security(NodeShape shape) => new()
    {
        User = shape.Number("user", 0, int.MaxValue, Invalid),
        Group = shape.Number("group", 0, int.MaxValue, Invalid),
        ReadOnlyRoot = shape.Flag("readOnlyRoot"),
        Writable = Optional(shape, "writable") ?? [],
        Capabilities = Optional(shape, "capabilities") ?? [],
    };

    private static SystemdProfile Systemd(NodeShape shape)
    {
        var ports = new Dictionary<string, int>();
        foreach (var (name, node) in shape.Get("ports", JsonTokenType.StartObject, "an object of ports")?.Members ?? [])
        {
            if (int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535)
                ports[name] = port;
            else
                shape.Diagnostics.Report(Invalid, node.At, $"'{name}' is no port.", "Give a whole number from 1 to 65535.");
        }
        return new SystemdProfile
        {
            Unit = Matching(shape, "unit", Label(), "lower-case letters, digits and hyphens, at most 63"),
            Command = Optional(shape, "command"),
            Packages = Optional(shape, "packages") ?? [],
            Ports = ports,
            Notify = shape.Flag("notify") ?? false,
            WatchdogSeconds = Seconds(shape, "watchdogSeconds"),
            StartSeconds = Seconds(shape, "startSeconds"),
            StopSeconds = Seconds(shape, "stopSeconds"),
            After = Optional(shape, "after") ?? [],
            Doctor = Optional(shape, "doctor") ?? [],
            Jit = shape.Flag("jit") ?? false,
            Environment = TextMap(shape, "environment"),
            Files = Files(shape),
        };
    }

    private static SettingProfile Setting(NodeShape shape)
    {
        var setting = new SettingProfile
        {
            Description = shape.String("description"),
            Section = shape.String("section"),
            Required = shape.Flag("required"),
            Default = shape.String("default"),
            Allowed = Optional(shape, "allowed") ?? [],
            Example = shape.String("example"),
            Secret = shape.Flag("secret") ?? false,
            Variable = Matching(shape, "variable", ShellName(), "letters, digits and underscores"),
            Generate = shape.Object("generate") is { } recipe ? ManifestReader.Recipe(recipe) : null,
        };
        if (setting is { Secret: true, Default: not null })
            shape.Diagnostics.Report(Invalid, shape.Node["default"]!.At, "A secret has a default value.", "Remove 'default'; use 'generate'.");
        return setting;
    }

    private static IReadOnlyList<FileProfile> Files(NodeShape shape)
    {
        var files = new List<FileProfile>();
        var paths = new HashSet<string>();
        foreach (var file in shape.ObjectList("files"))
        {
            if (Path(file, "path", required: true) is not { } path || file.String("content", required: true) is not { } content)
                file.Know("content");
            else if (!paths.Add(path.TrimEnd('/')))
                file.Diagnostics.Report(Invalid, file.Node["path"]!.At, $"The file '{path}' occurs twice.", "Join the two, or give one another path.");
            else
                files.Add(new FileProfile(path, content));
            file.Finish(Invalid);
        }
        return files;
    }

    private static Dictionary<string, string> Aliases(NodeShape shape)
    {
        var aliases = TextMap(shape, "aliases");
        foreach (var (name, alias) in aliases)
        {
            if (!ShellName().IsMatch(alias))
                shape.Diagnostics.Report(Invalid, shape.Node["aliases"]![name]!.At, $"'{alias}' is no name a shell takes.", "Use letters, digits and underscores.");
        }
        return aliases;
    }

    private static string? Matching(NodeShape shape, string name, Regex pattern, string expected)
    {
        if (shape.String(name) is not { } text)
            return null;
        if (pattern.IsMatch(text))
            return text;
        shape.Diagnostics.Report(Invalid, shape.Node[name]!.At, $"'{name}' is '{text}'.", $"It must be {expected}.");
        return null;
    }

    private static string? Path(NodeShape shape, string name, bool required = false)
    {
        if (shape.String(name, required) is not { } path)
            return null;
        if (path.StartsWith('/') && !path.Contains("/../", StringComparison.Ordinal))
            return path;
        shape.Diagnostics.Report(Invalid, shape.Node[name]!.At, $"'{name}' is '{path}'.", "It must be an absolute path.");
        return null;
    }

    private static string? Quantity(NodeShape shape, string name) => Matching(shape, name, Memory(), "bytes such as 256Mi or 1Gi");

    private static int? Port(NodeShape shape, string name) => shape.Number(name, 1, 65535, Invalid);

    private static int? Seconds(NodeShape shape, string name) => shape.Number(name, 1, 86400, Invalid);

    private static IReadOnlyList<string>? Optional(NodeShape shape, string name)
    {
        var texts = shape.Texts(name);
        return shape.Node[name] is { Kind: JsonTokenType.StartArray } ? [.. texts.Select(static t => t.Text)] : null;
    }

    private static Dictionary<string, string> TextMap(NodeShape shape, string name) =>
        shape.TextMap(name).DistinctBy(static t => t.Key).ToDictionary(static t => t.Key, static t => t.Value.Text);

    private static T? Child<T>(NodeShape shape, string name, Func<NodeShape, T> read) where T : class
    {
        if (shape.Object(name) is not { } child)
            return null;
        var value = read(child);
        child.Finish(Invalid);
        return value;
    }

    private static Dictionary<string, T> Map<T>(NodeShape shape, string name, Func<NodeShape, T> read)
    {
        var map = new Dictionary<string, T>();
        foreach (var (key, child) in shape.Objects(name))
        {
            map[key] = read(child);
            child.Finish(Invalid);
        }
        return map;
    }

    [GeneratedRegex("^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$")]
    private static partial Regex Version();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex ShellName();

    [GeneratedRegex(@"^(?:\d+(?:\.\d+)?|\d+m)$")]
    private static partial Regex Cpu();

    [GeneratedRegex(@"^[1-9]\d*(?:Ki|Mi|Gi|Ti|k|M|G|T)?$")]
    private static partial Regex Memory();
}
