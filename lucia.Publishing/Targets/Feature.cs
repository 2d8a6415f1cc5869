using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Targets;

/// <summary>A resource type or construct of the manifest or the profile that a target may or may not support.</summary>
public enum Feature
{
    /// <summary><c>container.v0/v1</c> with an image.</summary>
    Container,

    /// <summary><c>container.v1</c> with a build, <c>dockerfile.v0</c>.</summary>
    Dockerfile,

    /// <summary><c>project.v0/v1</c>.</summary>
    Project,

    /// <summary><c>executable.v0</c>.</summary>
    Executable,

    /// <summary>Secret parameters.</summary>
    Secrets,

    /// <summary>Secrets joined with other text, such as connection strings.</summary>
    ComposedSecrets,

    /// <summary>Secrets that have to be percent-encoded.</summary>
    EncodedSecrets,

    /// <summary>Secrets read from files.</summary>
    SecretFiles,

    /// <summary>Generated passwords.</summary>
    GeneratedSecrets,

    /// <summary>Plain parameters and settings.</summary>
    Parameters,

    /// <summary>HTTP endpoints.</summary>
    HttpEndpoints,

    /// <summary>TCP endpoints.</summary>
    TcpEndpoints,

    /// <summary>UDP endpoints.</summary>
    UdpEndpoints,

    /// <summary>Endpoints for users outside.</summary>
    ExternalEndpoints,

    /// <summary>Entrypoint and arguments.</summary>
    Commands,

    /// <summary>Volumes.</summary>
    Volumes,

    /// <summary>Bind mounts.</summary>
    BindMounts,

    /// <summary>Configuration files.</summary>
    Files,

    /// <summary>Build arguments and build secrets.</summary>
    BuildArguments,

    /// <summary>Health checks.</summary>
    HealthChecks,

    /// <summary>Limits and requests.</summary>
    Limits,

    /// <summary>More than one replica.</summary>
    Replicas,

    /// <summary>Waits between workloads.</summary>
    Dependencies,

    /// <summary>User, read-only root, capabilities.</summary>
    Hardening,

    /// <summary>Workloads that are off unless asked for.</summary>
    OptionalWorkloads,
}

/// <summary>Which features a plan uses.</summary>
public static class FeatureUse
{
    /// <summary>How often a plan uses each feature; features that are not used are left out, the others in order.</summary>
    public static IReadOnlyDictionary<Feature, int> Of(DeploymentPlan plan)
    {
        var uses = new OrderedDictionary<Feature, int>();
        void Count(Feature feature, int number)
        {
            if (number > 0)
                uses[feature] = number;
        }
        int Workloads(Func<Workload, bool> which) => plan.Workloads.Count(which);
        var endpoints = plan.Workloads.SelectMany(static w => w.Endpoints).ToList();
        var secretValues = plan.Workloads.SelectMany(static w => w.Environment).Where(static e => e.IsSecret).ToList();

        Count(Feature.Container, Workloads(static w => w.Kind == WorkloadKind.Container));
        Count(Feature.Dockerfile, Workloads(static w => w.Kind == WorkloadKind.Dockerfile));
        Count(Feature.Project, Workloads(static w => w.Kind == WorkloadKind.Project));
        Count(Feature.Executable, Workloads(static w => w.Kind == WorkloadKind.Executable));
        Count(Feature.Secrets, plan.Secrets.Count());
        Count(Feature.ComposedSecrets, secretValues.Count(static e => e.Value.Parts.Count > 1));
        Count(Feature.EncodedSecrets, plan.Secrets.Count(static p => p.NeedsUriEncoding));
        Count(Feature.SecretFiles, Workloads(static w => w.SecretFiles is not null));
        Count(Feature.GeneratedSecrets, plan.Secrets.Count(static p => p.Generate is not null));
        Count(Feature.Parameters, plan.Settings.Count());
        Count(Feature.HttpEndpoints, endpoints.Count(static e => e.IsHttp));
        Count(Feature.TcpEndpoints, endpoints.Count(static e => !e.IsHttp && e.Protocol == "tcp"));
        Count(Feature.UdpEndpoints, endpoints.Count(static e => e.Protocol == "udp"));
        Count(Feature.ExternalEndpoints, endpoints.Count(static e => e.External));
        Count(Feature.Commands, Workloads(static w => w.Entrypoint is not null || w.Args is not null));
        Count(Feature.Volumes, plan.Workloads.Sum(static w => w.Volumes.Count));
        Count(Feature.BindMounts, plan.Workloads.Sum(static w => w.BindMounts.Count));
        Count(Feature.Files, plan.Workloads.Sum(static w => w.Files.Count));
        Count(Feature.BuildArguments, plan.Builds.Sum(static b => b.Args.Count + b.Secrets.Count));
        Count(Feature.HealthChecks, Workloads(static w => w.Health.Check is not null || w.Health.Readiness is not null));
        Count(Feature.Limits, plan.Workloads.Count);
        Count(Feature.Replicas, Workloads(static w => w.Replicas > 1));
        Count(Feature.Dependencies, plan.Workloads.Sum(static w => w.DependsOn.Count));
        Count(Feature.Hardening, Workloads(static w => w.Security.DropCapabilities || w.Security.ReadOnlyRoot));
        Count(Feature.OptionalWorkloads, Workloads(static w => w.Optional));
        return uses;
    }
}
