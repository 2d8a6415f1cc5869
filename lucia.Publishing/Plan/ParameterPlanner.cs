using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Profile;

namespace Lucia.Publishing.Plan;

/// <summary>Completes the parameters that are used: names, meaning, who gets them.</summary>
internal sealed class ParameterPlanner(AspireManifest manifest, DeploymentProfile profile, DiagnosticBag diagnostics)
{
    public IReadOnlyList<PlanParameter> Plan(
        IReadOnlyList<PlanParameter> met, IReadOnlyList<Workload> workloads, IReadOnlyList<ImageBuild> builds)
    {
        var uses = workloads.SelectMany(static w => Values(w).SelectMany(static v => v.Parameters).Select(p => (Part: p, User: w.ResourceName)))
            .Concat(builds.SelectMany(static b => b.Values.SelectMany(static v => v.Parameters).Select(p => (Part: p, User: b.ResourceName))))
            .ToLookup(static u => u.Part.Name);

        var variables = new HashSet<string>(builds.Select(static b => b.Variable));
        foreach (var endpoint in workloads.SelectMany(static w => w.Endpoints))
        {
            variables.UnionWith(new[] { endpoint.PortVariable, endpoint.BindVariable }.OfType<string>());
        }
        var keys = new HashSet<string>();
        var planned = new List<PlanParameter>();
        foreach (var parameter in met.Where(p => uses.Contains(p.Name)))
        {
            var told = parameter.Resource is { } resource ? profile.Parameters.GetValueOrDefault(resource) : null;
            var complete = told is null ? parameter : Describe(parameter, told);
            planned.Add(complete with
            {
                Variable = Naming.Unique(complete.Variable.Length > 0 ? complete.Variable : Naming.FreeVariable(complete.Name), variables, '_'),
                Key = Naming.Unique(Naming.Label(complete.Name), keys, '-'),
                Required = told?.Required ?? (complete.Required && complete is { Default: null, Generate: null }),
                UsedBy = [.. uses[parameter.Name].Select(static u => u.User).Distinct()],
                NeedsUriEncoding = uses[parameter.Name].Any(static u => u.Part.UriEncoded),
            });
        }
        foreach (var resource in manifest.Resources.OfType<ParameterResource>())
        {
            if (planned.TrueForAll(p => p.Resource != resource.Name))
                diagnostics.Report(DiagnosticCatalogue.UnusedParameter, resource.At, $"No workload gets the parameter '{resource.Name}'.");
        }
        return planned;
    }

    /// <summary>Adds what a profile says of a setting.</summary>
    public static PlanParameter Describe(PlanParameter parameter, SettingProfile told) => parameter with
    {
        Description = told.Description ?? parameter.Description,
        Section = told.Section,
        Allowed = told.Allowed,
        Example = told.Example,
        Default = parameter.IsSecret ? null : told.Default ?? parameter.Default,
        Generate = told.Generate ?? parameter.Generate,
        Variable = told.Variable ?? parameter.Variable,
    };

    private static IEnumerable<ValueExpression> Values(Workload workload) => workload.Environment.Select(static e => e.Value)
        .Concat(workload.Entrypoint ?? [])
        .Concat(workload.Args ?? [])
        .Concat(workload.Files.Select(static f => f.Content))
        .Concat(workload.Systemd?.Environment.Select(static e => e.Value) ?? [])
        .Concat(workload.Systemd?.Files.Select(static f => f.Content) ?? []);
}
