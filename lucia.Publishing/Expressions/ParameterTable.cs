using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Profile;

namespace Lucia.Publishing.Expressions;

/// <summary>Gathers the parameters that expressions come upon, in the order in which they are met.</summary>
internal sealed class ParameterTable(DeploymentProfile profile)
{
    private readonly Dictionary<string, PlanParameter> _bySource = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<PlanParameter> _inOrder = [];

    /// <summary>Every parameter met so far.</summary>
    public IReadOnlyList<PlanParameter> All => _inOrder;

    public ParameterPart ForInput(ManifestResource resource, InputDeclaration input) => Part(new PlanParameter
    {
        Name = input.Name == "value" ? resource.Name : $"{resource.Name}-{input.Name}",
        At = input.At,
        IsSecret = IsSecret(resource, input),
        Generate = input.Generate,
        // A secret's literal default is in a file already, but it must not get into more of them.
        Default = IsSecret(resource, input) ? null : input.Default,
        Origin = ParameterOrigin.Manifest,
        Resource = resource.Name,
    }, $"{{{resource.Name}.inputs.{input.Name}}}");

    public ParameterPart ForOutside(string name, string reference, SourceLocation at) => Part(new PlanParameter
    {
        Name = name,
        At = at,
        Origin = ParameterOrigin.Outside,
        Description = $"What {reference[1..^1]} is where this is deployed.",
    }, reference);

    public ParameterPart ForSkipped(string name, string reference, SourceLocation at) => Part(new PlanParameter
    {
        Name = name,
        At = at,
        IsSecret = true,
        Origin = ParameterOrigin.Skipped,
        Description = $"The value of {reference[1..^1]}, which this deployment does not provide.",
    }, reference);

    public ParameterPart ForSetting(PlanParameter setting) => Part(setting, $"setting {setting.Name}");

    /// <summary>
    /// What is generated counts as secret: somebody wants it different everywhere and the same for ever, and only secrets are kept so by every target.
    /// </summary>
    private bool IsSecret(ManifestResource resource, InputDeclaration input) =>
        input.Secret || input.Generate is not null || profile.Parameters.GetValueOrDefault(resource.Name)?.Generate is not null;

    private ParameterPart Part(PlanParameter parameter, string source)
    {
        if (!_bySource.TryGetValue(source, out var known))
        {
            known = parameter;
            for (var number = 2; !_names.Add(known.Name); number++)
                known = parameter with { Name = $"{parameter.Name}-{number}" };
            _bySource.Add(source, known);
            _inOrder.Add(known);
        }
        return new ParameterPart(known.Name, known.IsSecret, UriEncoded: false);
    }
}
