using System.Text;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;
using Lucia.Publishing.Tests.Compose;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>A manifest published to all targets, as texts by path that a test may change before they are read back.</summary>
internal sealed class ParitySample
{
    private readonly DeploymentPlan _plan;
    private readonly Dictionary<string, Dictionary<string, string>> _files;

    private ParitySample(string manifest)
    {
        Manifest = manifest;
        var result = Publisher.Publish(Encoding.UTF8.GetBytes(manifest), new PublishRequest(PublishTargets.All, null, new PlanOptions("parity")));
        result.Diagnostics.Where(static d => d.Severity == Diagnostics.Severity.Error).ShouldBeEmpty();
        _plan = result.Plan!;
        _files = result.Folders.ToDictionary(static f => f.Name, static f => f.Files.ToDictionary(static file => file.Path, static file => file.Text));
    }

    /// <summary>The manifest that the repository itself is published from, and own ones.</summary>
    public static IReadOnlyList<string> Names { get; } = ["repository", "shop", "everything", "house"];

    public static TheoryData<string, string> All { get; } =
    [
        .. from sample in Names
           from target in PublishTargets.All
           select new TheoryDataRow<string, string>(sample, target.Name),
    ];

    /// <summary>The public manifests that every target can express.</summary>
    public static TheoryData<string, string> Public { get; } =
    [
        .. from number in (string[])["07", "10", "11", "12", "13", "17", "19"]
           from target in PublishTargets.All
           select new TheoryDataRow<string, string>(number, target.Name),
    ];

    public IReadOnlyDictionary<string, Dictionary<string, string>> Files => _files;

    public DeploymentPlan Plan => _plan;

    public string Manifest { get; }

    /// <param name="name">One of <see cref="Names"/>, or the number of a public manifest.</param>
    /// <param name="edit">Changes the manifest before it is published.</param>
    public static ParitySample Of(string name, Func<string, string>? edit = null)
    {
        var manifest = name switch
        {
            "shop" => Shop,
            "everything" => Samples.Everything,
            "house" => HouseSample.Json,
            [>= '0' and <= '9', ..] => Kubernetes.Published.PublicManifest(name),
            _ => File.ReadAllText(Path.Combine(Repository.Root, "deploy", "aspire-manifest.json"), Encoding.UTF8),
        };
        return new ParitySample(edit?.Invoke(manifest) ?? manifest);
    }

    /// <summary>Changes the first place of a text in a file of an output.</summary>
    public void Change(string target, string file, string text, string changed)
    {
        var files = _files[target];
        files.ShouldContainKey(file);
        var at = files[file].IndexOf(text, StringComparison.Ordinal);
        at.ShouldBeGreaterThanOrEqualTo(0, $"{file} does not hold '{text}'.");
        files[file] = files[file][..at] + changed + files[file][(at + text.Length)..];
    }

    /// <summary>In what the output of a target differs from the manifest.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(string target)
    {
        var plan = _plan.For(target);
        var glossary = new Glossary(plan);
        // Read first: the output says at which addresses its workloads call each other.
        var said = (await ReadAsync(target, glossary)).WithoutUnasked(plan);
        return [.. Comparison.Differences(ManifestFacts.Expected(target, glossary), said), .. new ManifestJson(Manifest).Missing(plan, said)];
    }

    /// <summary>What the output of a target says.</summary>
    public Task<TargetFacts> ReadAsync(string target) => ReadAsync(target, new Glossary(_plan.For(target)));

    private async Task<TargetFacts> ReadAsync(string target, Glossary glossary)
    {
        var files = _files[target];
        return target switch
        {
            "compose" => new ComposeReader(glossary, files).Read(),
            "kubernetes" => new KustomizeReader(glossary, files).Read(),
            "helm" => await HelmReader.ReadAsync(glossary, files),
            _ => new SystemdReader(glossary, files).Read(),
        };
    }

    /// <summary>Redis, a project and two containers; secrets joined with addresses, in the environment and in files; joined settings; a volume each.</summary>
    public const string Shop = """
        { "resources": {
          "cache": { "type": "container.v0", "image": "docker.io/library/redis:8.2-alpine", "entrypoint": "/bin/sh",
            "args": ["-c", "redis-server --requirepass $REDIS_PASSWORD --save 60 1"],
            "connectionString": "{cache.bindings.tcp.host}:{cache.bindings.tcp.port},password={cache-password.value}",
            "volumes": [ { "name": "cache-data", "target": "/data", "readOnly": false } ],
            "env": { "REDIS_PASSWORD": "{cache-password.value}" },
            "bindings": { "tcp": { "scheme": "redis", "protocol": "tcp", "transport": "tcp", "targetPort": 6379 } } },
          "web": { "type": "project.v0", "path": "../Web/Web.csproj",
            "env": { "HTTP_PORTS": "{web.bindings.http.targetPort}", "ConnectionStrings__cache": "{cache.connectionString}",
              "Cache__Address": "{cache.bindings.tcp.host}:{cache.bindings.tcp.port}", "Level": "{level.value}", "Region": "{region.value}",
              "Greeting": "at level {level.value} in 100% of 'cases'", "Jobs": "{worker.bindings.http.url}/jobs" },
            "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "external": true } } },
          "worker": { "type": "container.v0", "image": "registry.example/worker:3.1",
            "env": { "Queue": "redis://:{cache-password.value}@{cache.bindings.tcp.host}:{cache.bindings.tcp.port}/1", "Signing__Key": "{signing-key.value}",
              "Level": "{level.value}", "Archive": "{archive.bindings.tcp.host}:{archive.bindings.tcp.port}" },
            "volumes": [ { "name": "jobs", "target": "/var/jobs", "readOnly": false }, { "name": "models", "target": "/models", "readOnly": true } ],
            "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 9000 } } },
          "archive": { "type": "container.v0", "image": "registry.example/archive:1.0",
            "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 7000 } } },
          "shop": { "type": "lucia.deployment.v0", "application": "shop", "version": "1.2.3",
            "workloads": {
              "web": { "health": { "readiness": { "path": "/ready" }, "liveness": { "path": "/alive" } }, "limits": { "cpu": "1500m", "memory": "300Mi", "pids": 90 },
                "files": [ { "path": "/etc/shop/web.ini", "content": "offers = 100%\nprice = $5\n" } ],
                "dependsOn": { "cache": { "healthy": true, "required": true } } },
              "worker": { "secretFiles": { "directory": "/run/secrets", "variable": "SECRETS" }, "limits": { "cpu": "500m", "memory": "1G", "pids": 40 },
                "files": [ { "path": "/etc/worker/rules.ini", "content": "retries = 3\n" } ],
                "health": { "check": { "command": ["sh", "-c", "test -s \"$HOME/alive\" && echo '100%'"] }, "readiness": { "path": "/ready" } } } } },
          "level": { "type": "parameter.v0", "value": "{level.inputs.value}", "inputs": { "value": { "type": "string", "default": { "value": "Info" } } } },
          "region": { "type": "parameter.v0", "value": "{region.inputs.value}", "inputs": { "value": { "type": "string" } } },
          "signing-key": { "type": "parameter.v0", "value": "{signing-key.inputs.value}", "inputs": { "value": { "type": "string", "secret": true } } },
          "cache-password": { "type": "parameter.v0", "value": "{cache-password.inputs.value}",
            "inputs": { "value": { "type": "string", "secret": true, "default": { "generate": { "minLength": 22, "special": false } } } } } } }
        """;
}
