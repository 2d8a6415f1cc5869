using Lucia.Publishing.Expressions;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Compose;

/// <summary>Renders values without parameters for files that compose does not interpolate.</summary>
internal sealed class PlainValues(DeploymentPlan plan) : IValueRenderer
{
    public string Literal(string text) => text;

    public string Parameter(ParameterPart part) =>
        throw new InvalidOperationException($"The value of '{part.Name}' is not known before the set-up.");

    public string Endpoint(EndpointPart part) => ComposeValues.Address(plan, part);

    public string Image(ImagePart part) => plan.Workload(part.Workload).Image.Reference;
}
