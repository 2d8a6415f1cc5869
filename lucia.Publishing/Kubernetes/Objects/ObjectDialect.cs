using Lucia.Publishing.Expressions;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>
/// What differs between plain objects for kustomize and the templates of a chart: names, labels, addresses, and what a user may change.
/// Everything else of an object is written once, for both.
/// </summary>
internal abstract class ObjectDialect(DeploymentPlan plan)
{
    private readonly Lazy<IReadOnlySet<string>> _joined = new(() => ContainerConfiguration.Uses(plan).Joined);

    /// <summary>The plan.</summary>
    public DeploymentPlan Plan => plan;

    /// <summary>The parameters that stand in a joined value somewhere, so that their keys have to be there.</summary>
    public IReadOnlySet<string> Joined => _joined.Value;

    /// <summary>Text that must not be taken for a template.</summary>
    public abstract string Escape(string text);

    /// <summary>The host of a workload, inside a text.</summary>
    public abstract string Host(Workload workload);

    /// <summary>The port others reach an endpoint at, inside a text.</summary>
    public abstract string Port(Workload workload, Endpoint endpoint);

    /// <summary>The image a workload runs, inside a text.</summary>
    public abstract string ImageText(Workload workload);

    /// <summary>The name of an object: a workload's name, or that with a suffix.</summary>
    public abstract YamlNode Name(string name);

    /// <summary>The name of the Deployment or StatefulSet of a workload.</summary>
    public abstract YamlNode Runner(Workload workload);

    /// <summary>The namespace of an object, where it is not given from outside.</summary>
    public abstract YamlNode? Namespace { get; }

    /// <summary>The recommended labels; of the application as a whole when <paramref name="workload"/> is null.</summary>
    public abstract YamlNode Labels(Workload? workload);

    /// <summary>Those of <see cref="Labels"/> that no new version changes: a pod is replaced when its own labels change.</summary>
    public abstract YamlNode PodLabels(Workload workload);

    /// <summary>Labels that select one workload and nothing else.</summary>
    public abstract YamlNode Selector(Workload workload);

    /// <summary>Labels that select every pod of the application.</summary>
    public abstract YamlNode SelectorOfAll();

    /// <summary>Labels and annotations of pods on top of <see cref="PodLabels"/>.</summary>
    public abstract void DescribePod(YamlMap metadata, Workload workload, ContainerConfiguration configuration);

    /// <summary>Where and how pods are placed.</summary>
    public abstract void PlacePod(YamlMap pod, Workload workload);

    /// <summary>Image and pull policy.</summary>
    public abstract void SetImage(YamlMap container, Workload workload);

    /// <summary>How many run; null leaves it to the default.</summary>
    public abstract YamlNode Replicas(Workload workload);

    /// <summary>Requests and limits.</summary>
    public abstract YamlNode Resources(Workload workload);

    /// <summary>The Secret that holds what a workload reads.</summary>
    public abstract YamlNode SecretName(Workload workload);

    /// <summary>The ConfigMap of the plain settings.</summary>
    public abstract YamlNode SettingsName { get; }

    /// <summary>One variable of a container; <paramref name="text"/> is what it is made of, where that is more than one key.</summary>
    public virtual void AddVariable(YamlList environment, Workload workload, string name, YamlMap variable, ValueExpression? text = null) => environment.Add(variable);

    /// <summary>Variables of the user's own, at the end of the list.</summary>
    public abstract void AddExtraEnvironment(YamlMap container, YamlList environment, Workload workload);

    /// <summary>The <c>spec</c> of a claim.</summary>
    public abstract YamlMap ClaimSpec(Workload workload, VolumeMount volume);

    /// <summary>The Secret that holds a bind mount's files.</summary>
    public abstract YamlNode MountSecretName(Workload workload, BindMount mount);

    /// <summary>The rule of a workload that may call addresses outside the deployment, pods of other namespaces among them.</summary>
    public abstract void AddAnyAddress(YamlList egress, Workload workload);

    /// <summary>The rule to a referenced workload.</summary>
    public virtual void AddReference(YamlList egress, Workload to, YamlMap rule) => egress.Add(rule);

    /// <summary>Ingress rules on top of those of the reference graph.</summary>
    public abstract void AddIngressRules(YamlList ingress, Workload workload);

    /// <summary>Settings of a Service that a user may change.</summary>
    public abstract void DescribeService(YamlMap spec, Workload workload);

    /// <summary>The value without parameters, as text.</summary>
    public string Fixed(ValueExpression value) => value.Render(new FixedText(this));

    /// <summary>The value for a place that expands <c>$(NAME)</c>.</summary>
    public string Expanded(ValueExpression value, IReadOnlyDictionary<ParameterPart, string> variables) => value.Render(new ExpandedText(this, variables));

    private string Endpoint(EndpointPart part)
    {
        var workload = plan.Workload(part.Workload);
        var endpoint = plan.Endpoint(part);
        return part.Property switch
        {
            EndpointProperty.Host => Host(workload),
            EndpointProperty.Port => Port(workload, endpoint),
            EndpointProperty.TargetPort => $"{endpoint.TargetPort}",
            EndpointProperty.Scheme => Escape(endpoint.Scheme),
            _ => endpoint.Scheme == "https" ? "True" : "False",
        };
    }

    private sealed class FixedText(ObjectDialect dialect) : IValueRenderer
    {
        public string Literal(string text) => dialect.Escape(text);

        public string Parameter(ParameterPart part) => throw new InvalidOperationException($"'{part.Name}' is no fixed text.");

        public string Endpoint(EndpointPart part) => dialect.Endpoint(part);

        public string Image(ImagePart part) => dialect.ImageText(dialect.Plan.Workload(part.Workload));
    }

    private sealed class ExpandedText(ObjectDialect dialect, IReadOnlyDictionary<ParameterPart, string> variables) : IValueRenderer
    {
        public string Literal(string text) => dialect.Escape(Expansion.Escape(text));

        public string Parameter(ParameterPart part) => Expansion.Reference(variables[part]);

        public string Endpoint(EndpointPart part) => dialect.Endpoint(part);

        public string Image(ImagePart part) => dialect.ImageText(dialect.Plan.Workload(part.Workload));
    }
}
