namespace Lucia.Publishing.Expressions;

/// <summary>A leaf of a resolved value. A target renders each in its own way and never pastes them together beforehand.</summary>
public abstract record ValuePart;

/// <summary>Text that is the same on every target.</summary>
public sealed record LiteralPart(string Text) : ValuePart;

/// <summary>A parameter of the plan: <c>${VAR}</c>, <c>$(VAR)</c>, a file, a chart value.</summary>
/// <param name="Name">The parameter's name in <see cref="Plan.DeploymentPlan.Parameters"/>.</param>
/// <param name="IsSecret">Whether the parameter is secret.</param>
/// <param name="UriEncoded">
/// Whether the value must be percent-encoded (RFC 3986). A generated value has no character that needs it; one that a person brought may.
/// </param>
public sealed record ParameterPart(string Name, bool IsSecret, bool UriEncoded) : ValuePart;

/// <summary>Something about an endpoint of a workload; its address differs by target.</summary>
/// <param name="Workload">The workload's <see cref="Plan.Workload.ResourceName"/>.</param>
/// <param name="Endpoint">The endpoint's name.</param>
/// <param name="Property">What of it.</param>
public sealed record EndpointPart(string Workload, string Endpoint, EndpointProperty Property) : ValuePart;

/// <summary>The image a workload runs.</summary>
/// <param name="Workload">The workload's <see cref="Plan.Workload.ResourceName"/>.</param>
public sealed record ImagePart(string Workload) : ValuePart;

/// <summary>What an expression may ask of an endpoint. A url is resolved to scheme, host and port.</summary>
public enum EndpointProperty
{
    /// <summary>The name or address other workloads reach it at.</summary>
    Host,

    /// <summary>The port other workloads reach it at.</summary>
    Port,

    /// <summary>The port the workload itself listens at.</summary>
    TargetPort,

    /// <summary>The scheme it really serves (an https binding without certificate serves http).</summary>
    Scheme,

    /// <summary><c>True</c> or <c>False</c>.</summary>
    TlsEnabled,
}
