using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Profile;

namespace Lucia.Publishing.Plan;

/// <summary>Plans one workload: manifest first, then the profile, then the defaults.</summary>
internal sealed class WorkloadPlanner(
    DeploymentProfileResource? profileResource, ExpressionResolver expressions, ParameterTable parameters,
    EndpointPlanner endpointPlanner, BuildPlanner builds, DiagnosticBag diagnostics)
{
    private readonly SecurityPlanner _security = new(diagnostics);
    private readonly Dictionary<string, string> _volumes = [];

    /// <summary>The workload, or null for a build that nothing runs.</summary>
    public Workload? Plan(WorkloadResource resource, string label)
    {
        var profile = profileResource?.Profile.Workloads.GetValueOrDefault(resource.Name) ?? new WorkloadProfile();
        var node = profileResource?.Node["workloads"]?[resource.Name];
        var image = builds.Image(resource, label, profile);
        if (resource is ContainerResource { Build.BuildOnly: true })
            return null;

        var known = resource is ProjectResource ? KnownImage.DotNetProject : image.IsBuilt ? null : KnownImage.Find(image);
        var endpoints = endpointPlanner.Plan(resource, profile);
        var entrypoint = Entrypoint(resource, profile, node);
        var args = Args(resource, profile, node);
        if (RedisCommand.Improve(entrypoint, args) is { } better)
        {
            args = [args![0], better];
            diagnostics.Report(DiagnosticCatalogue.CommandImproved, resource.At, $"'{resource.Name}' reads its password from standard input.");
        }
        var environment = Environment(resource, profile, node, endpoints);
        var volumes = resource.Volumes.Select(v => Volume(v, label, profile, known)).ToList();
        var mounts = BindMounts(resource, profile).ToList();
        string[] mounted = [.. volumes.Select(static v => v.Target.TrimEnd('/')), .. mounts.Select(static m => m.Target.TrimEnd('/'))];

        return new Workload
        {
            Name = label,
            ResourceName = resource.Name,
            At = resource.At,
            Kind = resource switch
            {
                ProjectResource => WorkloadKind.Project,
                ExecutableResource => WorkloadKind.Executable,
                _ => image.IsBuilt ? WorkloadKind.Dockerfile : WorkloadKind.Container,
            },
            Description = profile.Description,
            Image = image,
            Executable = resource is ExecutableResource program ? new ExecutableSource(program.WorkingDirectory, program.Command) : null,
            Optional = profile.Optional,
            Targets = profile.Targets,
            Entrypoint = entrypoint,
            Args = args,
            Environment = environment,
            SecretFiles = profile.SecretFiles,
            Files = Files(profile.Files, node?["files"]),
            Endpoints = endpoints,
            Volumes = volumes,
            BindMounts = mounts,
            Replicas = profile.Replicas ?? 1,
            Scalable = profile.Scalable ?? (profile.Replicas > 1 || (resource is ProjectResource && volumes.Count == 0)),
            Egress = profile.Egress,
            Health = _security.Health(resource, profile, known, endpoints),
            Limits = SecurityPlanner.Limits(profile, known),
            Requests = SecurityPlanner.Requests(profile),
            Security = _security.Security(resource, profile, known, mounted),
            StopGraceSeconds = profile.StopGraceSeconds ?? 30,
            Systemd = profile.Systemd is { } systemd
                ? new SystemdPlan(systemd, Variables(systemd.Environment, profile, node?["systemd"]?["environment"]), Files(systemd.Files, node?["systemd"]?["files"]))
                : null,
            Development = profile.Development,
        };
    }

    private IReadOnlyList<ValueExpression>? Entrypoint(WorkloadResource resource, WorkloadProfile profile, JsonNode? node)
    {
        if (profile.Command is { } command)
            return Resolved(Texts(command, node?["command"]), resource);
        return resource switch
        {
            ContainerResource { Entrypoint: { } entrypoint } => Resolved([entrypoint], resource),
            ExecutableResource executable => [ValueExpression.FromLiteral(executable.Command)],
            _ => null,
        };
    }

    private IReadOnlyList<ValueExpression>? Args(WorkloadResource resource, WorkloadProfile profile, JsonNode? node)
    {
        if (profile.Args is { } args)
            return Resolved(Texts(args, node?["args"]), resource);
        // A new command without arguments of its own does not want the old one's.
        return profile.Command is not null || resource.Args.Count == 0 ? null : Resolved(resource.Args, resource);
    }

    private List<ValueExpression> Resolved(IEnumerable<ManifestText> texts, WorkloadResource resource)
    {
        var values = new List<ValueExpression>();
        foreach (var text in texts)
        {
            if (expressions.Resolve(text) is not { } value)
                continue;
            if (value.IsSecret)
            {
                var secrets = string.Join(", ", value.Parameters.Where(static p => p.IsSecret).Select(static p => $"'{p.Name}'"));
                diagnostics.Report(DiagnosticCatalogue.SecretArgument, text.At, $"The secret {secrets} flows into an argument of '{resource.Name}'.");
            }
            values.Add(value);
        }
        return values;
    }

    private List<EnvironmentVariable> Environment(
        WorkloadResource resource, WorkloadProfile profile, JsonNode? node, IReadOnlyList<Endpoint> endpoints)
    {
        var variables = new List<EnvironmentVariable>();
        foreach (var (name, text) in resource.Environment)
        {
            if (!profile.Environment.ContainsKey(name) && expressions.Resolve(text) is { } value)
                variables.Add(Variable(name, value, profile));
        }
        variables.AddRange(Variables(profile.Environment, profile, node?["environment"]));
        foreach (var (name, setting) in profile.Settings)
        {
            if (variables.Exists(v => v.Name == name))
            {
                diagnostics.Report(
                    DiagnosticCatalogue.ProfileInvalid, node!["settings"]![name]!.At, $"'{name}' is a setting, but the model sets it already.",
                    "Describe the parameter it comes from under 'parameters', or remove one of the two.");
                continue;
            }
            var parameter = ParameterPlanner.Describe(new PlanParameter
            {
                Name = name,
                At = node?["settings"]?[name]?.At ?? profileResource!.At,
                IsSecret = setting.Secret || setting.Generate is not null,
                Origin = ParameterOrigin.Setting,
            }, setting);
            var part = parameters.ForSetting(parameter with { Required = setting.Required ?? false });
            variables.Add(Variable(name, ValueExpression.Of([part]), profile));
        }
        if (profile.SecretFiles is { Variable: { } directory } files && !variables.Exists(v => v.Name == directory))
            variables.Add(Variable(directory, ValueExpression.FromLiteral(files.Directory), profile));
        return resource is ProjectResource ? HttpPorts.WithoutHttps(variables, resource.Name, endpoints) : variables;
    }

    private List<EnvironmentVariable> Variables(IReadOnlyDictionary<string, string> texts, WorkloadProfile profile, JsonNode? node)
    {
        var variables = new List<EnvironmentVariable>();
        foreach (var (name, text) in texts)
        {
            if (expressions.Resolve(new ManifestText(text, node?[name]?.At ?? profileResource!.At)) is { } value)
                variables.Add(Variable(name, value, profile));
        }
        return variables;
    }

    private static EnvironmentVariable Variable(string name, ValueExpression value, WorkloadProfile profile) =>
        new(name, profile.Aliases.GetValueOrDefault(name) ?? (Naming.IsShellName(name) ? name : Naming.ShellSafe(name)), value);

    private List<PlannedFile> Files(IReadOnlyList<FileProfile> files, JsonNode? node)
    {
        var planned = new List<PlannedFile>();
        for (var i = 0; i < files.Count; i++)
        {
            var at = node?.Items.ElementAtOrDefault(i)?["content"]?.At ?? profileResource!.At;
            if (expressions.Resolve(new ManifestText(files[i].Content, at)) is { } content)
                planned.Add(new PlannedFile(files[i].Path, content, node?.Items.ElementAtOrDefault(i)?.At ?? at));
        }
        return planned;
    }

    private static IEnumerable<ManifestText> Texts(IReadOnlyList<string> texts, JsonNode? node) =>
        texts.Select((text, i) => new ManifestText(text, node?.Items.ElementAtOrDefault(i)?.At ?? SourceLocation.Manifest));

    private VolumeMount Volume(VolumeDeclaration volume, string workload, WorkloadProfile profile, KnownImage? known)
    {
        var manifestName = volume.Name;
        var name = Naming.Label(manifestName is null ? $"{workload}{volume.Target.Replace('/', '-')}" : Naming.WithoutAppHost(manifestName));
        var source = manifestName ?? $"{workload}:{volume.Target}";
        if (!_volumes.TryAdd(name, source) && _volumes[name] != source)
            diagnostics.Report(DiagnosticCatalogue.NameCollision, volume.At, $"The volumes '{source}' and '{_volumes[name]}' both become '{name}'.");
        var told = manifestName is null ? null : profile.Volumes.GetValueOrDefault(manifestName);
        return new VolumeMount(name, manifestName, volume.Target, volume.ReadOnly, told?.Size ?? known?.Size ?? "1Gi", told?.Description, volume.At);
    }

    private IEnumerable<BindMount> BindMounts(WorkloadResource resource, WorkloadProfile profile)
    {
        var names = new HashSet<string>();
        foreach (var mount in resource.BindMounts)
        {
            var planned = new BindMount(Naming.Unique(Naming.Label(mount.Target), names, '-'), mount.Source, mount.Target, mount.ReadOnly, mount.At);
            if (planned.IsAbsolute)
                diagnostics.Report(DiagnosticCatalogue.MachinePath, mount.At, $"'{resource.Name}' mounts '{mount.Source}', which is a path of one machine.");
            yield return planned with { IsFile = profile.BindMounts.GetValueOrDefault(mount.Target)?.File };
        }
    }
}
