using Lucia.Publishing.Diagnostics;
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
    /// <summary>Where a plan uses each feature; features that are not used are left out, the others in order.</summary>
    public static IReadOnlyDictionary<Feature, IReadOnlyList<SourceLocation>> Of(DeploymentPlan plan)
    {
        var uses = new OrderedDictionary<Feature, IReadOnlyList<SourceLocation>>();
        void Use(Feature feature, IEnumerable<SourceLocation> places)
        {
            if (places.ToList() is { Count: > 0 } found)
                uses[feature] = found;
        }
        IEnumerable<SourceLocation> Workloads(Func<Workload, bool> which) => plan.Workloads.Where(which).Select(static w => w.At);
        IEnumerable<SourceLocation> Endpoints(Func<Endpoint, bool> which) => plan.Workloads.SelectMany(static w => w.Endpoints).Where(which).Select(static e => e.At);
        IEnumerable<SourceLocation> Secrets(Func<PlanParameter, bool> which) => plan.Secrets.Where(which).Select(static p => p.At);
        var secretValues = plan.Workloads.SelectMany(static w => w.Environment.Where(static e => e.IsSecret).Select(e => (w.At, e.Value)));

        Use(Feature.Container, Workloads(static w => w.Kind == WorkloadKind.Container));
        Use(Feature.Dockerfile, Workloads(static w => w.Kind == WorkloadKind.Dockerfile));
        Use(Feature.Project, Workloads(static w => w.Kind == WorkloadKind.Project));
        Use(Feature.Executable, Workloads(static w => w.Kind == WorkloadKind.Executable));
        Use(Feature.Secrets, Secrets(static _ => true));
        Use(Feature.ComposedSecrets, secretValues.Where(static v => v.Value.Parts.Count > 1).Select(static v => v.At));
        Use(Feature.EncodedSecrets, Secrets(static p => p.NeedsUriEncoding));
        Use(Feature.SecretFiles, Workloads(static w => w.SecretFiles is not null));
        Use(Feature.GeneratedSecrets, Secrets(static p => p.Generate is not null));
        Use(Feature.Parameters, plan.Settings.Select(static p => p.At));
        Use(Feature.HttpEndpoints, Endpoints(static e => e.IsHttp));
        Use(Feature.TcpEndpoints, Endpoints(static e => !e.IsHttp && e.Protocol == "tcp"));
        Use(Feature.UdpEndpoints, Endpoints(static e => e.Protocol == "udp"));
        Use(Feature.ExternalEndpoints, Endpoints(static e => e.External));
        Use(Feature.Commands, Workloads(static w => w.Entrypoint is not null || w.Args is not null));
        Use(Feature.Volumes, plan.Workloads.SelectMany(static w => w.Volumes).Select(static v => v.At));
        Use(Feature.BindMounts, plan.Workloads.SelectMany(static w => w.BindMounts).Select(static m => m.At));
        Use(Feature.Files, plan.Workloads.SelectMany(static w => w.Files).Select(static f => f.At));
        Use(Feature.BuildArguments, plan.Builds.SelectMany(static b => Enumerable.Repeat(b.At, b.Args.Count + b.Secrets.Count)));
        Use(Feature.HealthChecks, Workloads(static w => w.Health.Check is not null || w.Health.Readiness is not null));
        Use(Feature.Limits, Workloads(static _ => true));
        Use(Feature.Replicas, Workloads(static w => w.Replicas > 1));
        Use(Feature.Dependencies, plan.Workloads.SelectMany(static w => Enumerable.Repeat(w.At, w.DependsOn.Count)));
        Use(Feature.Hardening, Workloads(static w => w.Security.DropCapabilities || w.Security.ReadOnlyRoot));
        Use(Feature.OptionalWorkloads, Workloads(static w => w.Optional));
        return uses;
    }
}
