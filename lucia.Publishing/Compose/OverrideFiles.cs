using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Compose;

/// <summary>Writes the files that are laid over <c>docker-compose.yml</c> with <c>-f</c>.</summary>
internal sealed class OverrideFiles(DeploymentPlan plan, ComposeNames names, SecretStore secrets)
{
    private const string Masquerade = "com.docker.network.bridge.enable_ip_masquerade";
    private const string Home = "/home/dev";

    /// <summary>For working on the sources, or null when the profile says nothing of development.</summary>
    public string? Development()
    {
        var developed = plan.Workloads.Where(static w => w.Development is not null).ToList();
        if (developed.Count == 0)
            return null;
        var service = new ComposeService(plan, names, secrets);
        var services = new YamlMap();
        foreach (var workload in plan.Workloads)
        {
            if (workload.Development is { } development)
                services.Add(workload.Name, Develop(workload, development, service));
            else if (Relaxed(workload, developed) is { } relaxed)
                services.Add(workload.Name, relaxed);
        }
        return YamlText.Write(
            new YamlMap().AddComment("").Add("services", services),
            "Runs the sources as they are while one edits them.",
            "  docker compose -f docker-compose.yml -f docker-compose.dev.yml up --build");
    }

    /// <summary>Cuts the way out of the house, or null when nothing has one.</summary>
    public string? Offline()
    {
        if (!ComposeFile.UsesEdge(plan))
            return null;
        var services = new YamlMap();
        foreach (var workload in plan.Workloads.Where(workload => ComposeService.UsesEdge(plan, workload)))
        {
            services.Add(workload.Name, new YamlMap
            {
                // The engine itself answers for the names of services; whatever it does not know, it asks there: nobody.
                { "dns", new YamlList("127.0.0.1") },
                // Enough for a browser in the house, too little for any router behind the first.
                { "sysctls", new YamlMap { { "net.ipv4.ip_default_ttl", YamlScalar.Quoted("2") } } },
            });
        }

        return YamlText.Write(
            new YamlMap().AddComment("").Add("services", services).Add("networks", new YamlMap
            {
                // An internal network would publish no ports; without masquerading, nothing beyond this machine can answer.
                { ComposeService.EdgeNetwork, new YamlMap { { "driver_opts", new YamlMap { { Masquerade, YamlScalar.Quoted("false") } } } } },
            }),
            "No service asks for a name outside, gets an answer from beyond this machine or gets a packet beyond the house;",
            "published ports and what runs on this machine are still reached.",
            "  docker compose down",
            "  docker compose -f docker-compose.yml -f docker-compose.offline.yml up -d --wait");
    }

    private YamlMap Develop(Workload workload, Profile.DevelopmentProfile development, ComposeService service)
    {
        var context = development.Build is { } build ? new YamlScalar(service.SourcePath(build.Context)) : null;
        var environment = new YamlMap();
        foreach (var (name, value) in development.Environment)
            environment.Add(name, ComposeValues.Escape(value));
        // Nothing may be written to the home folder of a user the image does not know.
        if (!development.Environment.ContainsKey("HOME"))
            environment.Add("HOME", Home);
        return new YamlMap
        {
            { "image", development.Build is null ? null : new YamlScalar($"{plan.Name}-{workload.Name}:dev") },
            {
                "build", development.Build is { } from
                    ? new YamlMap { { "context", service.SourcePath(from.Context) }, { "dockerfile", Dockerfile(from) }, { "target", from.Stage is { } stage ? (YamlNode)stage : null } }
                    : null
            },
            { "entrypoint", workload.Entrypoint is null ? null : YamlScalar.Raw("!reset null") },
            { "command", workload.Args is null ? null : YamlScalar.Raw("!reset null") },
            { "restart", "no" },
            { "user", ComposeValues.WithDefault(names.DevelopmentUser, "1000:1000") },
            { "read_only", false },
            // Packages hold programs, and memory file systems are mounted without the right to run any.
            { "tmpfs", new YamlList($"{Home}:exec,mode=1777") },
            { "environment", environment },
            {
                "volumes", development.SourceTarget is { } target && context is not null
                    ? new YamlList(new YamlMap { { "type", "bind" }, { "source", context }, { "target", target } })
                    : null
            },
            { "healthcheck", ComposeService.HasHealthCheck(workload) ? new YamlMap { { "disable", true } } : null },
            {
                "deploy", new YamlMap
                {
                    {
                        "resources", new YamlMap
                        {
                            { "limits", new YamlMap { { "memory", ComposeValues.WithDefault(names.Limits(workload).Memory, "4g") }, { "pids", 4096 } } },
                        }
                    },
                }
            },
        };
    }

    /// <summary>Compose looks for the Dockerfile from the context on, not from the folder of the manifest.</summary>
    private static string Dockerfile(Profile.BuildProfile build) => ComposeValues.Escape(RelativePath.From(build.Context, build.Dockerfile)!);

    /// <summary>Who waits for the health of what has no check in development, waits for its start instead.</summary>
    private static YamlMap? Relaxed(Workload workload, List<Workload> developed)
    {
        var waits = workload.DependsOn.Where(d => d.Healthy && developed.Exists(w => w.ResourceName == d.Workload)).ToList();
        if (waits.Count == 0)
            return null;
        var relaxed = new YamlMap();
        foreach (var wait in waits)
            relaxed.Add(developed.First(w => w.ResourceName == wait.Workload).Name, new YamlMap { { "condition", "service_started" } });
        return new YamlMap { { "depends_on", relaxed } };
    }
}
