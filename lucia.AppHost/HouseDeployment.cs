#pragma warning disable ASPIREPIPELINES001, ASPIREPIPELINES004 // Aspire marks its pipeline as experimental.
using System.Reflection;
using Aspire.Hosting.Pipelines;
using Lucia.Publishing;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Profile;
using Lucia.Publishing.Targets;
using Lucia.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lucia.AppHost;

/// <summary>
/// What a manifest cannot say of Lucia's deployment, and the steps that turn the manifest into the targets: <c>publish-compose</c>,
/// <c>publish-kubernetes</c>, <c>publish-helm</c> and <c>publish-systemd</c>, each after <c>publish-manifest</c> and part of <c>publish</c>.
/// </summary>
internal static partial class HouseDeployment
{
    private const string Manifest = "aspire-manifest.json";

    private const string RedisPasswordFile = "/run/secrets/REDIS_PASSWORD";

    /// <summary>The step that looks at every chosen target before the first one is written.</summary>
    private const string Check = "check-deployment";

    /// <summary>The image on Docker Hub.</summary>
    private const string Image = "seiggy/lucia";

    /// <summary>Adds both; nothing in a run.</summary>
    public static void AddDeployment(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
            return;
        // The manifest is written only where a place for it is named; every other step has this one by default.
        builder.Configuration["Pipeline:OutputPath"] ??= Path.Combine(builder.AppHostDirectory, "aspire-output");

        var hasStockEnvironment = false;
        AddStockEnvironment(builder, ref hasStockEnvironment);
        if (hasStockEnvironment)
            return;

        // A model on the same machine, for those who have none: off unless asked for. Only our own targets can leave a workload to be asked for.
        builder.AddContainer("ollama", "ollama/ollama", "0.12.6")
            .WithVolume("ollama-models", "/root/.ollama")
            .WithHttpEndpoint(targetPort: 11434);
        builder.AddResource(new DeploymentResource("deployment"))
            .WithManifestPublishingCallback(context => Profile().WriteTo(context.Writer));
        // What is said of the plan is the same for every target, and said once.
        HashSet<Diagnostic> told = [];
        var chosen = PublishTargets.All.Where(target => builder.Configuration["Pipeline:Step"] == StepOf(target)).ToList();
        builder.Pipeline.AddStep(
            Check, context => Publish(context, chosen is [] ? PublishTargets.All : chosen, told, dryRun: true), dependsOn: "publish-manifest", requiredBy: WellKnownPipelineSteps.Publish);
        foreach (var target in PublishTargets.All)
            builder.Pipeline.AddStep(StepOf(target), context => Publish(context, [target], told), dependsOn: Check, requiredBy: WellKnownPipelineSteps.Publish);

        builder.Pipeline.AddStep("publish-docs", WriteDocsAsync, requiredBy: WellKnownPipelineSteps.Publish);
        builder.Pipeline.AddStep("publish-aspirate", WriteAspirateAsync, requiredBy: WellKnownPipelineSteps.Publish);
    }

    /// <summary>Aspire's own publishers in place of ours, where they are asked for; the embedded engine has none.</summary>
    static partial void AddStockEnvironment(IDistributedApplicationBuilder builder, ref bool isAdded);

    private static string StepOf(PublishTarget target) => $"publish-{target.Name}";

    private static Task Publish(PipelineStepContext context, IReadOnlyList<PublishTarget> targets, HashSet<Diagnostic> told, bool dryRun = false)
    {
        var output = context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
        var result = Publisher.Publish(Path.Combine(output, Manifest), new PublishRequest(targets, output, new PlanOptions("lucia"), dryRun));
        foreach (var diagnostic in result.Diagnostics.Where(told.Add))
            context.Logger.Log(LevelOf(diagnostic.Severity), "{Number} at {Place}: {Message} {Remedy}", diagnostic.Number, diagnostic.Place, diagnostic.Message, diagnostic.Remedy);
        if (!result.Succeeded)
            throw new InvalidOperationException($"{string.Join(", ", targets.Select(static t => t.Name))}: not published, as the problems above have to be solved first. Nothing was written.");
        foreach (var target in dryRun ? [] : targets)
            context.Summary.Add(target.Name, Path.Combine(output, target.Name));
        return Task.CompletedTask;
    }

    /// <summary>The pages that are generated from code: the settings, what each target supports, and what every diagnostic means.</summary>
    private static async Task WriteDocsAsync(PipelineStepContext context)
    {
        var folder = Path.Combine(context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory(), "docs");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "configuration-reference.md"), SettingsReference.Write(), context.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "publishing-support.md"), SupportPage.Render(PublishTargets.All), context.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "publishing-diagnostics.md"), DiagnosticPage.Render(), context.CancellationToken);
        context.Summary.Add("docs", folder);
    }

    private static async Task WriteAspirateAsync(PipelineStepContext context)
    {
        var folder = context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "aspirate.rsp");
        await File.WriteAllTextAsync(file, AspirateParameters.Write(), context.CancellationToken);
        context.Summary.Add("aspirate", file);
    }

    private static LogLevel LevelOf(Severity severity) => severity switch
    {
        Severity.Error => LogLevel.Error,
        Severity.Warning => LogLevel.Warning,
        _ => LogLevel.Information,
    };

    private static DeploymentProfile Profile() => new()
    {
        Application = "lucia",
        Description = "A privacy-first assistant for Home Assistant.",
        Version = Version,
        Url = "https://github.com/seiggy/lucia-dotnet",
        Workloads = new Dictionary<string, WorkloadProfile> { ["agenthost"] = AgentHost(), ["redis"] = Redis(), ["ollama"] = Ollama() },
        Parameters = SettingsCatalogue.All
            .Where(setting => setting.Scope == SettingScope.Service && setting != SettingsCatalogue.Redis && setting != SettingsCatalogue.SecretsDirectory)
            .ToDictionary(setting => setting.ParameterName, Describe),
    };

    /// <summary>The version that is built, without the commit: files that are generated twice are the same.</summary>
    private static string Version =>
        typeof(HouseDeployment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static WorkloadProfile AgentHost() => new()
    {
        Description = "The assistant: chat page, API, agents.",
        Image = $"{Image}:{Version}",
        Build = new("..", "docker/Dockerfile"),
        Aliases = new[] { SettingsCatalogue.ChatModel, SettingsCatalogue.EmbeddingModel }.ToDictionary(setting => setting.Key, setting => setting.ShellName),
        SecretFiles = new("/run/secrets", SettingsCatalogue.SecretsDirectory.Key),
        Health = new()
        {
            Check = new() { Command = ["dotnet", "lucia.AgentHost.dll", "--healthcheck"], IntervalSeconds = 15, TimeoutSeconds = 5, Failures = 3, GraceSeconds = 30 },
            Startup = new() { Path = "/alive", IntervalSeconds = 2, TimeoutSeconds = 2, Failures = 30 },
            Readiness = new() { Path = "/health/ready", IntervalSeconds = 10, TimeoutSeconds = 3, Failures = 3 },
            Liveness = new() { Path = "/alive", IntervalSeconds = 15, TimeoutSeconds = 5, Failures = 4 },
        },
        // It serves without Redis, from memory, and says Degraded: wait for it, but do not depend on it.
        DependsOn = new Dictionary<string, DependencyProfile> { ["redis"] = new(Healthy: true, Required: false) },
        Limits = new("2", "1Gi", 256),
        Requests = new("100m", "256Mi"),
        Scalable = true,
        Security = new() { User = 1654, Group = 1654, ReadOnlyRoot = true, Writable = ["/tmp"] },
        Endpoints = new Dictionary<string, EndpointProfile>
        {
            ["http"] = new()
            {
                External = true,
                ExternalPort = int.Parse(SettingsCatalogue.Port.Default!, System.Globalization.CultureInfo.InvariantCulture),
                PortVariable = SettingsCatalogue.Port.Key,
                BindVariable = SettingsCatalogue.Bind.Key,
                ServicePort = 80,
            },
        },
        StopGraceSeconds = 30,
        Systemd = new()
        {
            Unit = "lucia",
            Command = ["{bundle}/app/lucia.AgentHost"],
            Notify = true,
            WatchdogSeconds = 30,
            StartSeconds = 60,
            StopSeconds = 30,
            Doctor = ["doctor"],
            Jit = true,
        },
        Development = new()
        {
            Build = new("..", "../deploy/docker/Dockerfile.dev"),
            SourceTarget = "/source",
            Environment = new Dictionary<string, string> { ["DOTNET_ENVIRONMENT"] = "Development", ["Logging__LogLevel__Default"] = "Debug" },
        },
    };

    private static WorkloadProfile Redis() => new()
    {
        Description = "Keeps the conversations for a day.",
        // The password comes from a file over standard input: in no argument, in no environment, and Redis is process 1.
        Command = ["sh", "-c"],
        Args = [$"exec redis-server - <<EOF\n{HouseRedis.Settings}requirepass \"$(cat {RedisPasswordFile})\"\nEOF\n"],
        SecretFiles = new("/run/secrets"),
        Health = new()
        {
            // Anything but PONG, such as LOADING or NOAUTH, is no health.
            Check = new() { Command = ["sh", "-c", $"REDISCLI_AUTH=\"$(cat {RedisPasswordFile})\" redis-cli ping | grep -qx PONG"], IntervalSeconds = 5, TimeoutSeconds = 3, Failures = 5, GraceSeconds = 10 },
        },
        Limits = new("1", "512Mi", 64),
        Requests = new("50m", "64Mi"),
        Security = new() { User = 999, Group = 1000, ReadOnlyRoot = true, Writable = ["/tmp"] },
        Volumes = new Dictionary<string, VolumeProfile> { ["redis-data"] = new("1Gi", "The conversations.") },
        StopGraceSeconds = 15,
        Systemd = new()
        {
            Unit = "lucia-redis",
            Command = ["redis-server", "${CREDENTIALS_DIRECTORY}/redis.conf"],
            Packages = ["redis-server", "redis", "valkey"],
            Ports = new Dictionary<string, int> { ["tcp"] = 6380 },
            Notify = true,
            After = ["redis.service", "redis-server.service", "valkey.service"],
            Files =
            [
                new("/etc/redis.conf", $$"""
                    bind 127.0.0.1
                    port {redis.bindings.tcp.targetPort}
                    supervised systemd
                    daemonize no
                    dir /var/lib/lucia-redis
                    requirepass "{redis-password.value}"
                    {{HouseRedis.Settings}}
                    """),
            ],
        },
    };

    private static WorkloadProfile Ollama() => new()
    {
        Description = "A model server of one's own, on this machine.",
        Optional = true,
        Targets = ["compose"],
        Egress = true,
        Health = new() { Check = new() { Command = ["ollama", "ls"], GraceSeconds = 30 } },
        // The image runs as root and keeps the models in root's home.
        Security = new() { User = 0, ReadOnlyRoot = false, Capabilities = ["DAC_OVERRIDE"] },
        Limits = new("4", "8Gi"),
        Volumes = new Dictionary<string, VolumeProfile> { ["ollama-models"] = new("20Gi", "The models that were pulled.") },
    };

    private static SettingProfile Describe(Setting setting) => new()
    {
        Description = setting.Description,
        Section = Heading(setting.Group),
        Required = setting.Requirement == Requirement.Required || setting == SettingsCatalogue.AuthApiKey,
        Default = setting.Secret ? null : setting.Default,
        Allowed = setting.AllowedValues.Count > 0 ? setting.AllowedValues : [setting.Kind],
        Example = setting.Examples.Count > 0 ? setting.Examples[0].Value : null,
        Variable = setting.ShellName,
    };

    /// <summary>A group's heading in the reference and in the examples of every target.</summary>
    internal static string Heading(SettingGroup group) => group switch
    {
        SettingGroup.HomeAssistant => "Home Assistant",
        SettingGroup.Sessions => "Conversations",
        SettingGroup.Observation => "Logs and telemetry",
        _ => group.ToString(),
    };

    private sealed class DeploymentResource(string name) : Resource(name);
}
