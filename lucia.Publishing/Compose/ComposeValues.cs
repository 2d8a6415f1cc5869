using System.Text.RegularExpressions;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Compose;

/// <summary>
/// Renders values for compose's interpolation: parameters as <c>${VAR:?…}</c> or <c>${VAR:-default}</c>, every other dollar doubled.
/// </summary>
internal sealed partial class ComposeValues(DeploymentPlan plan, ComposeNames names) : IValueRenderer
{
    /// <summary>Text without interpolation.</summary>
    public static string Escape(string text) => text.Replace("$", "$$");

    /// <summary>A variable with a default that compose falls back to when it is missing or empty.</summary>
    public static string WithDefault(string variable, string value) => $"${{{variable}:-{value}}}";

    /// <summary>Whether a text can stand as a default in <c>${VAR:-…}</c>; a brace would end it and a dollar would expand.</summary>
    public static bool IsInlineDefault(string text) => InlineDefault().IsMatch(text);

    public string Literal(string text) => Escape(text);

    public string Parameter(ParameterPart part)
    {
        var parameter = plan.Parameter(part.Name);
        if (part.UriEncoded)
            return Required(names.Encoded(part.Name), mayBeEmpty: !MustBeSet(parameter));
        if (MustBeSet(parameter))
            return Required(parameter.Variable, mayBeEmpty: false);
        if (parameter.Default is null || IsInlineDefault(parameter.Default))
            return WithDefault(parameter.Variable, parameter.Default ?? "");
        return Required(parameter.Variable, mayBeEmpty: true);
    }

    public string Endpoint(EndpointPart part) => Address(plan, part);

    public string Image(ImagePart part) => Image(plan.Workload(part.Workload).Image);

    /// <summary>The image, behind its variable where somebody builds it.</summary>
    public static string Image(WorkloadImage image) =>
        image.Variable is { } variable ? WithDefault(variable, image.Reference) : Escape(image.Reference);

    /// <summary>Whether nothing works without a value.</summary>
    public static bool MustBeSet(PlanParameter parameter) => parameter.Required || parameter.Generate is not null;

    /// <summary>What an endpoint is inside the compose network.</summary>
    public static string Address(DeploymentPlan plan, EndpointPart part)
    {
        var endpoint = plan.Endpoint(part);
        return part.Property switch
        {
            EndpointProperty.Host => plan.Workload(part.Workload).Name,
            EndpointProperty.Scheme => endpoint.Scheme,
            EndpointProperty.TlsEnabled => endpoint.Scheme is "https" or "rediss" ? "True" : "False",
            _ => endpoint.TargetPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private static string Required(string variable, bool mayBeEmpty) =>
        $"${{{variable}{(mayBeEmpty ? "" : ":")}?run ./setup.sh, or set it in .env}}";

    [GeneratedRegex(@"^[^${}\\'""\r\n]*\z")]
    private static partial Regex InlineDefault();
}
