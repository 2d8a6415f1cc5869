using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Profile;

namespace Lucia.Publishing.Plan;

/// <summary>Decides which image a workload runs and gathers those that have to be built.</summary>
internal sealed class BuildPlanner(ExpressionResolver expressions, DiagnosticBag diagnostics)
{
    private readonly List<ImageBuild> _all = [];
    private readonly HashSet<string> _variables = [];

    public IReadOnlyList<ImageBuild> All => _all;

    /// <summary>The image; a build is added to <see cref="All"/>.</summary>
    public WorkloadImage Image(WorkloadResource resource, string label, WorkloadProfile profile)
    {
        if (resource is ContainerResource { Image: { } reference })
        {
            var image = new WorkloadImage(profile.Image ?? reference, null);
            if (image is { Digest: null, Tag: "latest" })
                diagnostics.Report(DiagnosticCatalogue.FloatingImage, resource.At, $"The image '{image.Reference}' of '{resource.Name}' is not pinned.");
            return image;
        }

        var built = new WorkloadImage(
            profile.Image ?? $"{label}:latest", Naming.Unique(Naming.Variable(resource.Name) + "_IMAGE", _variables, '_'));
        _all.Add(Build(resource, profile) with { ResourceName = resource.Name, Image = built.Reference, Variable = built.Variable! });
        return built;
    }

    private ImageBuild Build(WorkloadResource resource, WorkloadProfile profile)
    {
        var empty = new ImageBuild { ResourceName = "", At = resource.At, Image = "", Variable = "", Kind = BuildKind.ByHand };
        if (profile.Build is { } own)
        {
            return empty with
            {
                Kind = BuildKind.Dockerfile,
                Context = own.Context,
                Dockerfile = own.Dockerfile,
                Stage = own.Stage,
                Project = (resource as ProjectResource)?.Path,
            };
        }
        switch (resource)
        {
            case ProjectResource project:
                return empty with { Kind = BuildKind.Project, Project = project.Path };
            case ContainerResource { Build: { } build }:
                return empty with
                {
                    Kind = BuildKind.Dockerfile,
                    Context = build.Context,
                    Dockerfile = build.Dockerfile,
                    Stage = build.Stage,
                    BuildOnly = build.BuildOnly,
                    Args = [.. Args(build)],
                    Secrets = [.. build.Secrets.Select(s => new BuildSecret(s.Id, s.Value is null ? null : expressions.Resolve(s.Value), s.SourceFile))],
                };
            default:
                return empty;
        }
    }

    private IEnumerable<KeyValuePair<string, ValueExpression?>> Args(BuildDeclaration build)
    {
        foreach (var (name, text) in build.Args)
        {
            var value = text is null ? null : expressions.Resolve(text);
            if (value is null && text is not null)
                continue;
            if (value is { IsSecret: true })
            {
                diagnostics.Report(
                    DiagnosticCatalogue.SecretArgument, text!.At, $"A secret flows into the build argument '{name}', which stays in the image.",
                    "Use a build secret (`.WithBuildSecret(…)`).");
            }
            yield return new(name, value);
        }
    }
}
