using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>The pod of a workload: one container, as little allowed as its image bears.</summary>
internal sealed class PodTemplate(ObjectDialect dialect, ContainerConfiguration configuration)
{
    private readonly Workload _workload = configuration.Workload;
    private readonly HashSet<string> _names = [.. configuration.Workload.Volumes.Select(static v => v.Name)];
    private readonly YamlList _volumes = new();
    private readonly YamlList _mounts = new();

    public YamlMap Write()
    {
        AddStorage();
        AddWritable();
        AddConfiguration();

        var metadata = new YamlMap { { "labels", dialect.PodLabels(_workload) } };
        dialect.DescribePod(metadata, _workload, configuration);
        var pod = new YamlMap
        {
            { "automountServiceAccountToken", false },
            { "enableServiceLinks", false },
            { "terminationGracePeriodSeconds", _workload.StopGraceSeconds },
            { "securityContext", PodSecurity() },
        };
        dialect.PlacePod(pod, _workload);
        pod.Add("containers", new YamlList(Container()));
        if (_volumes.Count > 0)
            pod.Add("volumes", _volumes);
        return new YamlMap { { "metadata", metadata }, { "spec", pod } };
    }

    private YamlMap Container()
    {
        var container = new YamlMap { { "name", _workload.Name } };
        dialect.SetImage(container, _workload);
        if (_workload.Entrypoint is { } entrypoint)
            container.Add("command", YamlList.Of(entrypoint.Select(v => dialect.Expanded(v, configuration.Names))));
        if (_workload.Args is { } args)
            container.Add("args", YamlList.Of(args.Select(v => dialect.Expanded(v, configuration.Names))));
        if (configuration.Fixed.Any(FitsConfigMap))
            container.Add("envFrom", new YamlList(new YamlMap { { "configMapRef", new YamlMap { { "name", dialect.Name(_workload.Name + "-env") } } } }));
        dialect.AddExtraEnvironment(container, Environment(), _workload);
        if (_workload.Ports.Any())
        {
            container.Add("ports", new YamlList(ServicePorts.Of(_workload).Select(static p => new YamlMap
            {
                { "name", p.Name },
                { "containerPort", p.Endpoint.TargetPort },
                { "protocol", p.Endpoint.Protocol == "udp" ? "UDP" : "TCP" },
            })));
        }
        container.Add("startupProbe", Probe(_workload.Health.Startup, started: false));
        container.Add("livenessProbe", Probe(_workload.Health.Liveness, started: _workload.Health.Startup is not null));
        container.Add("readinessProbe", Probe(_workload.Health.Readiness, started: _workload.Health.Startup is not null));
        container.Add("resources", dialect.Resources(_workload));
        container.Add("securityContext", ContainerSecurity());
        if (_mounts.Count > 0)
            container.Add("volumeMounts", _mounts);
        return container;
    }

    /// <summary>Whether a variable can stand in a ConfigMap that is read from an environment file: one line, and a name that is a key.</summary>
    public static bool FitsConfigMap(EnvironmentVariable variable) =>
        variable.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && variable.Value.Parts.OfType<Expressions.LiteralPart>().All(static p => p.Text.AsSpan().IndexOfAny('\n', '\r') < 0);

    private YamlList Environment()
    {
        var environment = new YamlList();
        foreach (var variable in configuration.Fixed.Where(static v => !FitsConfigMap(v)))
        {
            dialect.AddVariable(
                environment, _workload, variable.Name, new YamlMap { { "name", variable.Name }, { "value", dialect.Expanded(variable.Value, configuration.Names) } }, variable.Value);
        }
        foreach (var variable in configuration.Variables)
        {
            dialect.AddVariable(environment, _workload, variable.Name, variable switch
            {
                { Joined: { } joined } => new YamlMap { { "name", variable.Name }, { "value", dialect.Expanded(joined, configuration.Names) } },
                { Derived: { } derived } => FromSecret(variable.Name, derived.Key),
                { Parameter: { IsSecret: true } secret } => FromSecret(variable.Name, secret.Key, ContainerConfiguration.MayBeMissing(dialect.Plan, secret)),
                _ => FromSettings(variable.Name, variable.Parameter!),
            }, variable.Joined);
        }
        return environment;
    }

    private YamlMap FromSecret(string name, string secretKey, bool mayBeMissing = false)
    {
        var key = new YamlMap { { "name", dialect.SecretName(_workload) }, { "key", secretKey } };
        if (mayBeMissing)
            key.Add("optional", true);
        return new YamlMap { { "name", name }, { "valueFrom", new YamlMap { { "secretKeyRef", key } } } };
    }

    private YamlMap FromSettings(string name, PlanParameter parameter)
    {
        var key = new YamlMap { { "name", dialect.SettingsName }, { "key", parameter.Variable } };
        if (!parameter.Required && !dialect.Joined.Contains(parameter.Name))
            key.Add("optional", true);
        return new YamlMap { { "name", name }, { "valueFrom", new YamlMap { { "configMapKeyRef", key } } } };
    }

    private YamlMap? Probe(Probe? probe, bool started)
    {
        if (probe is null)
            return null;
        var how = new YamlMap();
        if (probe.Kind == ProbeKind.Command)
        {
            how.Add("exec", new YamlMap { { "command", YamlList.Of(probe.Command.Select(c => dialect.Escape(Expansion.Escape(c)))) } });
        }
        else
        {
            var endpoint = _workload.Endpoints.First(e => e.Name == probe.Endpoint);
            var port = ServicePorts.For(_workload, endpoint).Name;
            if (probe.Kind == ProbeKind.Http)
                how.Add("httpGet", new YamlMap { { "path", dialect.Escape(probe.Path ?? "/") }, { "port", port }, { "scheme", endpoint.Scheme == "https" ? "HTTPS" : "HTTP" } });
            else
                how.Add("tcpSocket", new YamlMap { { "port", port } });
        }
        // Liveness and readiness begin when the start-up probe has succeeded.
        if (!started && probe.GraceSeconds > 0)
            how.Add("initialDelaySeconds", probe.GraceSeconds);
        return how
            .Add("periodSeconds", probe.IntervalSeconds)
            .Add("timeoutSeconds", probe.TimeoutSeconds)
            .Add("failureThreshold", probe.Failures);
    }

    public YamlMap PodSecurity()
    {
        var security = new YamlMap();
        if (_workload.Security.IsNonRoot)
            security.Add("runAsNonRoot", true);
        if (_workload.Security.User is { } user)
            security.Add("runAsUser", user);
        if (_workload.Security.Group is { } group)
        {
            security.Add("runAsGroup", group);
            security.Add("fsGroup", group);
            security.Add("fsGroupChangePolicy", "OnRootMismatch");
        }
        return security.Add("seccompProfile", new YamlMap { { "type", "RuntimeDefault" } });
    }

    public YamlMap ContainerSecurity()
    {
        var security = new YamlMap
        {
            { "allowPrivilegeEscalation", false },
            { "readOnlyRootFilesystem", _workload.Security.ReadOnlyRoot },
        };
        if (_workload.Security.DropCapabilities)
        {
            var capabilities = new YamlMap { { "drop", YamlList.Of(["ALL"]) } };
            if (_workload.Security.Capabilities.Count > 0)
                capabilities.Add("add", YamlList.Of(_workload.Security.Capabilities));
            security.Add("capabilities", capabilities);
        }
        return security;
    }

    private void AddStorage()
    {
        foreach (var volume in _workload.Volumes)
        {
            var mount = new YamlMap { { "name", volume.Name }, { "mountPath", volume.Target } };
            // mysqld refuses a data folder that holds lost+found, as the root of a volume does.
            if (_workload.Image.Repository.Split('/')[^1] is "mysql" or "mariadb")
                mount.Add("subPath", "data");
            if (volume.ReadOnly)
                mount.Add("readOnly", true);
            _mounts.Add(mount);
        }
        foreach (var volume in _workload.Volumes.Where(v => !StorageObjects.IsOwn(dialect.Plan, _workload, v)).DistinctBy(static v => v.Name))
        {
            _volumes.Add(new YamlMap
            {
                { "name", volume.Name },
                { "persistentVolumeClaim", new YamlMap { { "claimName", dialect.Name(volume.Name) } } },
            });
        }
        foreach (var mount in _workload.BindMounts)
        {
            var name = Volume("mount-" + mount.Name);
            var entry = new YamlMap { { "name", name }, { "mountPath", mount.Target } };
            if (BindMounts.IsFile(mount))
                entry.Add("subPath", BindMounts.FileName(mount));
            _mounts.Add(entry.Add("readOnly", true));
            _volumes.Add(new YamlMap
            {
                { "name", name },
                { "secret", new YamlMap { { "secretName", dialect.MountSecretName(_workload, mount) }, { "defaultMode", Mode } } },
            });
        }
    }

    private void AddWritable()
    {
        foreach (var path in _workload.Security.Writable)
        {
            var name = Volume("writable" + path.TrimEnd('/').Replace('/', '-'));
            _mounts.Add(new YamlMap { { "name", name }, { "mountPath", path } });
            _volumes.Add(new YamlMap { { "name", name }, { "emptyDir", new YamlMap() } });
        }
    }

    private void AddConfiguration()
    {
        if (configuration.SecretFiles.Count > 0)
        {
            var name = Volume("secrets");
            _mounts.Add(new YamlMap { { "name", name }, { "mountPath", _workload.SecretFiles!.Directory }, { "readOnly", true } });
            _volumes.Add(SecretFiles(name));
        }
        AddFiles("files", "configMap", configuration.Files.Where(static f => !f.IsSecret), _ => new YamlMap { { "name", dialect.Name(_workload.Name + "-files") } });
        AddFiles("secret-files", "secret", configuration.Files.Where(static f => f.IsSecret), files => Secret(files.Select(static f => (f.Key, f.Key))));
    }

    private void AddFiles(string volume, string kind, IEnumerable<ConfigurationFile> some, Func<IReadOnlyList<ConfigurationFile>, YamlMap> source)
    {
        IReadOnlyList<ConfigurationFile> files = [.. some];
        if (files.Count == 0)
            return;
        var name = Volume(volume);
        foreach (var file in files)
            _mounts.Add(new YamlMap { { "name", name }, { "mountPath", file.File.Path }, { "subPath", file.Key }, { "readOnly", true } });
        _volumes.Add(new YamlMap { { "name", name }, { kind, source(files) } });
    }

    // `optional` counts for all items of a source, and a missing key of one that is not keeps the pod from starting.
    private YamlMap SecretFiles(string name)
    {
        var items = configuration.SecretFiles.ToLookup(i => i.Parameter is { } secret && ContainerConfiguration.MayBeMissing(dialect.Plan, secret));
        if (!items[true].Any())
            return new YamlMap { { "name", name }, { "secret", Secret(items[false].Select(static i => (i.Key, i.FileName))) } };
        var sources = new YamlList();
        foreach (var mayBeMissing in items.Select(static i => i.Key).Order())
        {
            var source = new YamlMap { { "name", dialect.SecretName(_workload) }, { "items", Items(items[mayBeMissing].Select(static i => (i.Key, i.FileName))) } };
            if (mayBeMissing)
                source.Add("optional", true);
            sources.Add(new YamlMap { { "secret", source } });
        }
        return new YamlMap { { "name", name }, { "projected", new YamlMap { { "defaultMode", Mode }, { "sources", sources } } } };
    }

    private YamlMap Secret(IEnumerable<(string Key, string Path)> items) => new()
    {
        { "secretName", dialect.SecretName(_workload) },
        { "defaultMode", Mode },
        { "items", Items(items) },
    };

    private static YamlList Items(IEnumerable<(string Key, string Path)> items) =>
        new(items.Select(static i => new YamlMap { { "key", i.Key }, { "path", i.Path } }));

    // With fsGroup the files belong to the group; without one, only root and everybody are left. YAML 1.1 and 1.2 differ on octal.
    private YamlNode Mode => _workload.Security.Group is null ? 292 : 288;

    private string Volume(string name) => Naming.Unique(Naming.Label(name), _names, '-');
}
