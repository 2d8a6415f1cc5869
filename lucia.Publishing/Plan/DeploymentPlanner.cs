using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Profile;

namespace Lucia.Publishing.Plan;

/// <summary>Makes the target-neutral plan of a manifest.</summary>
public sealed class DeploymentPlanner
{
    private readonly AspireManifest _manifest;
    private readonly PlanOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly DeploymentProfileResource? _profileResource;
    private readonly DeploymentProfile _profile;
    private readonly ParameterTable _parameters;
    private readonly ExpressionResolver _expressions;
    private readonly EndpointPlanner _endpoints;

    private DeploymentPlanner(AspireManifest manifest, PlanOptions options, DiagnosticBag diagnostics)
    {
        _manifest = manifest;
        _options = options;
        _diagnostics = diagnostics;
        _profileResource = manifest.Resources.OfType<DeploymentProfileResource>().FirstOrDefault();
        _profile = _profileResource?.Profile ?? new DeploymentProfile();
        _parameters = new ParameterTable(_profile);
        _expressions = new ExpressionResolver(manifest, _parameters, options.SkipUnsupported, diagnostics);
        _endpoints = new EndpointPlanner(diagnostics);
    }

    /// <summary>Makes the plan.</summary>
    /// <param name="manifest">The manifest as read; what the reader reported must be in <paramref name="diagnostics"/> already.</param>
    /// <param name="options">The caller's decisions.</param>
    /// <param name="diagnostics">Gets every problem found.</param>
    /// <returns>The plan, or null when <paramref name="diagnostics"/> has errors.</returns>
    public static DeploymentPlan? Plan(AspireManifest manifest, PlanOptions options, DiagnosticBag diagnostics)
    {
        var plan = new DeploymentPlanner(manifest, options, diagnostics).Plan();
        return diagnostics.HasErrors ? null : plan;
    }

    private DeploymentPlan? Plan()
    {
        ReportUnsupported();
        if (_profileResource is not null)
            new ProfileCheck(_manifest, _profileResource, _diagnostics).Run();
        ResolveEverything();

        var names = new Dictionary<string, string>();
        var builds = new BuildPlanner(_expressions, _diagnostics);
        var workloadPlanner = new WorkloadPlanner(_profileResource, _expressions, _parameters, _endpoints, builds, _diagnostics);
        var workloads = new List<Workload>();
        foreach (var resource in _manifest.Resources.OfType<WorkloadResource>())
        {
            var label = Naming.Label(resource.Name);
            if (!names.TryAdd(label, resource.Name))
                _diagnostics.Report(DiagnosticCatalogue.NameCollision, resource.At, $"'{resource.Name}' and '{names[label]}' both become '{label}'.");
            if (workloadPlanner.Plan(resource, label) is { } workload)
                workloads.Add(workload);
        }
        if (workloads.Count == 0)
            _diagnostics.Report(DiagnosticCatalogue.NothingToDeploy, SourceLocation.Manifest, "No resource of the manifest runs.");
        if (_diagnostics.HasErrors)
            return null;

        var planned = _endpoints.AssignHostPorts(workloads);
        var references = DependencyPlanner.References(planned);
        planned = DependencyPlanner.AddWaits(planned, references, _profile, _manifest, _diagnostics);
        var name = _profile.Application ?? Naming.Label(_options.Name);
        if (_profile.Application is null && _options.NameIsGuessed)
            _diagnostics.Report(DiagnosticCatalogue.NameGuessed, SourceLocation.Manifest, $"The application is called '{name}'.");
        var parameters = new ParameterPlanner(_manifest, _profile, _diagnostics).Plan(_parameters.All, planned, builds.All);
        return new DeploymentPlan
        {
            Name = name,
            Description = _profile.Description,
            Version = _profile.Version ?? "0.1.0",
            Url = _profile.Url,
            HasProfile = _profileResource is not null,
            Workloads = EndpointPlanner.NameVariables(planned, name, parameters.Select(static p => p.Variable).Concat(builds.All.Select(static b => b.Variable))),
            Parameters = parameters,
            Builds = builds.All,
            References = references,
            ResourceNames = [.. _manifest.Resources.Select(static r => r.Name)],
        };
    }

    private void ReportUnsupported()
    {
        foreach (var resource in _manifest.Resources.OfType<UnsupportedResource>())
        {
            if (_options.SkipUnsupported)
                _diagnostics.Report(DiagnosticCatalogue.Skipped, resource.At, $"'{resource.Name}' ({resource.Type}) is left out.");
            else if (resource.NotGenerated)
                _diagnostics.Report(DiagnosticCatalogue.NotGenerated, resource.At, $"Aspire could not write '{resource.Name}' into the manifest.");
            else
                _diagnostics.Report(DiagnosticCatalogue.UnsupportedType, resource.At, $"'{resource.Name}' is of the type '{resource.Type}', which no target can express.");
        }
    }

    /// <summary>Also what no workload uses is checked, so that all problems are told.</summary>
    private void ResolveEverything()
    {
        foreach (var resource in _manifest.Resources)
        {
            if (resource.ConnectionString is { } connectionString)
                _expressions.Resolve(connectionString, $"{resource.Name}.connectionString");
            var value = resource switch
            {
                ParameterResource parameter => parameter.Value,
                AnnotatedStringResource annotated => annotated.Value,
                ValueResource { Value: { } plain } => plain,
                _ => null,
            };
            if (value is not null)
                _expressions.Resolve(value, $"{resource.Name}.value");
            foreach (var input in resource.Inputs.Where(static i => i is { Secret: true, Default: not null }))
                _diagnostics.Report(DiagnosticCatalogue.SecretDefault, input.At, $"The secret '{resource.Name}' has its value in the manifest.");
            foreach (var input in resource.Inputs.Where(static i => i is { Secret: false, Generate: not null }))
                _diagnostics.Report(DiagnosticCatalogue.GeneratedIsSecret, input.At, $"'{resource.Name}' is generated, and kept as a secret.");
        }
    }
}
