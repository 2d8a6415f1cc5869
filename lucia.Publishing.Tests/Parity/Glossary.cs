using System.Text.RegularExpressions;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Translates the names that outputs use back into the manifest's references.</summary>
internal sealed class Glossary(DeploymentPlan plan)
{
    private readonly List<Address> _addresses = [];

    private readonly Dictionary<string, string> _variables = plan.Parameters.ToDictionary(static p => p.Variable, static p => p.Name);

    public DeploymentPlan Plan => plan;

    /// <summary>The parameter behind a variable of an environment file, or null.</summary>
    public PlanParameter? Parameter(string variable) => _variables.TryGetValue(variable, out var name) ? plan.Parameter(name) : null;

    /// <summary>Notes that a target calls a parameter by a name of its own.</summary>
    public void AddVariable(string variable, string parameter) => _variables[variable] = parameter;

    /// <summary>The reference to the secret of that key, or null.</summary>
    public string? Secret(string key) => plan.Secrets.FirstOrDefault(p => p.Key == key) is { } secret ? Reference(secret) : null;

    /// <summary>The reference to a parameter as it is.</summary>
    public static string Bare(PlanParameter parameter) => Reference(parameter);

    /// <summary>The reference to a parameter, with the default that counts when nobody sets it.</summary>
    public static string Reference(PlanParameter parameter, string? standard = null, bool uri = false) =>
        $"{{{parameter.Name}.value{(string.IsNullOrEmpty(standard) ? "" : "=" + standard)}{(uri ? "|uri" : "")}}}";

    /// <summary>Notes that callers of an endpoint write this address for it.</summary>
    /// <param name="host">Host name or address.</param>
    /// <param name="port">The port there.</param>
    /// <param name="workload">Whose endpoint it is.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="callers">Who writes it so; everybody when null.</param>
    /// <param name="targetPort">Where the workload itself listens; its port in the container when null.</param>
    public void AddAddress(string host, int port, Workload workload, Endpoint endpoint, Func<Workload, bool>? callers = null, int? targetPort = null) =>
        _addresses.Add(new Address(workload.ResourceName, First(workload, endpoint).Name, host, port, callers ?? (static _ => true), targetPort ?? endpoint.TargetPort));

    /// <summary>The text with every known address in the manifest's words.</summary>
    public string WithReferences(string text)
    {
        // As in a url, and as in a connection string of keys.
        foreach (var address in _addresses)
        {
            var binding = $"{address.Workload}.bindings.{address.Endpoint}";
            text = Regex.Replace(
                text, $@"(?<![\w.-]){Regex.Escape(address.Host)}(:|;Port=){address.Port}(?![\w.-])", m => $"{{{binding}.host}}{m.Groups[1].Value}{{{binding}.port}}");
        }
        return text;
    }

    /// <summary>The value of a variable: an image or its own port where it is nothing but that, else the text with every known address in the manifest's words.</summary>
    public string Value(Workload workload, string text) =>
        // Podman's name of an image that was built on the machine begins with localhost/.
        plan.Workloads.FirstOrDefault(w => w.Image.IsBuilt && (text == w.Image.Reference || text == "localhost/" + w.Image.Reference)) is { } built
            ? $"{{{built.ResourceName}.containerImage}}"
            : workload.Ports.FirstOrDefault(e => $"{e.TargetPort}" == text) is { } own
            ? $"{{{workload.ResourceName}.bindings.{own.Name}.targetPort}}"
            : WithReferences(text);

    /// <summary>The endpoint that answers at a port of the container; the bare port when there is none.</summary>
    public static string Port(Workload workload, string number, string protocol = "tcp") =>
        workload.Ports.FirstOrDefault(e => $"{e.TargetPort}" == number && e.Protocol == protocol) is { } endpoint ? Name(workload, endpoint) : $"{number}/{protocol}";

    /// <summary>The endpoint that answers at a port of the host; the bare port when there is none.</summary>
    public static string HostPort(Workload workload, string number) =>
        workload.Ports.FirstOrDefault(e => $"{e.HostPort}" == number) is { } endpoint ? Name(workload, endpoint) : $"host port {number}";

    public static string Name(Workload workload, Endpoint endpoint) => $"{{{workload.ResourceName}.bindings.{endpoint.Name}}}";

    /// <summary>The endpoint that stands for all that share its port, such as http for the https that became http.</summary>
    public static Endpoint First(Workload workload, Endpoint endpoint) =>
        workload.Ports.First(e => e.TargetPort == endpoint.TargetPort && e.Protocol == endpoint.Protocol);

    /// <summary>
    /// The value as the manifest has it, in the form that readers give back. A host or a port that stands by itself, which could be any
    /// endpoint's once it is written, is what the output's own addresses make of it.
    /// </summary>
    public string Expected(Workload workload, ValueExpression value) => Value(workload, string.Concat(value.Parts.Select(part => part switch
    {
        LiteralPart literal => literal.Text,
        ParameterPart parameter => Reference(plan.Parameter(parameter.Name), plan.Parameter(parameter.Name).Default, parameter.UriEncoded),
        EndpointPart { Property: EndpointProperty.Scheme } endpoint => plan.Endpoint(endpoint).Scheme,
        EndpointPart { Property: EndpointProperty.TlsEnabled } endpoint => plan.Endpoint(endpoint).Scheme == "https" ? "True" : "False",
        EndpointPart endpoint => Written(workload, endpoint with { Endpoint = First(plan.Workload(endpoint.Workload), plan.Endpoint(endpoint)).Name }),
        ImagePart image when plan.Workload(image.Workload).Image.IsBuilt => $"{{{image.Workload}.containerImage}}",
        ImagePart image => plan.Workload(image.Workload).Image.Reference,
        _ => throw new InvalidOperationException($"Unknown part {part}."),
    })));

    private string Written(Workload caller, EndpointPart part)
    {
        var address = _addresses.Find(a => a.Workload == part.Workload && a.Endpoint == part.Endpoint && a.Callers(caller));
        return (address, part.Property) switch
        {
            (null, _) => $"{{{part.Workload}.bindings.{part.Endpoint}.{char.ToLowerInvariant(part.Property.ToString()[0])}{part.Property.ToString()[1..]}}}",
            (_, EndpointProperty.Host) => address.Host,
            (_, EndpointProperty.Port) => $"{address.Port}",
            _ => $"{address.TargetPort}",
        };
    }

    private sealed record Address(string Workload, string Endpoint, string Host, int Port, Func<Workload, bool> Callers, int TargetPort);
}
