using Lucia.Publishing.Expressions;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Compose;

/// <summary>Renders a value as the shell commands that print it, a line for each part.</summary>
internal sealed class ScriptValues(DeploymentPlan plan, SecretStore secrets) : IValueRenderer
{
    public string Literal(string text) => $"  printf '%s' {ShellText.Quote(text)}\n";

    public string Parameter(ParameterPart part)
    {
        var raw = Raw(plan.Parameter(part.Name));
        return part.UriEncoded ? $"  uri_encode \"$({raw})\"\n" : $"  printf '%s' \"$({raw})\"\n";
    }

    public string Endpoint(EndpointPart part) => Literal(ComposeValues.Address(plan, part));

    public string Image(ImagePart part) => Literal(plan.Workload(part.Workload).Image.Reference);

    /// <summary>The command that prints a parameter's value.</summary>
    public string Raw(PlanParameter parameter) => secrets.IsFile(parameter)
        ? $"cat secrets/{parameter.Key}"
        : parameter.Default is { Length: > 0 } value
            ? $"env_value {parameter.Variable} | or_default {ShellText.Quote(value)}"
            : $"env_value {parameter.Variable}";
}
