using Aspire.Hosting.Building;

namespace Aspire.Hosting;

/// <summary>Adds parameters and connection strings that are given from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is read from <c>Parameters:name</c>; without one a run does not start.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, fallback => ConfigurationValues.Parameter(builder.Configuration, name, fallback), secret));

    /// <summary>Adds a parameter whose value AppHost code gives.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    /// <summary>Adds a parameter whose value AppHost code gives when it is asked for.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="valueGetter">Gives the value.</param>
    /// <param name="publishValueAsDefault">Whether the manifest carries the value; not for secrets.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false)
    {
        if (publishValueAsDefault && secret)
            throw new ArgumentException($"The parameter '{name}' is secret, so its value cannot be published.", nameof(secret));
        return builder.AddResource(new ParameterResource(name, fallback => fallback?.GetDefaultValue() ?? valueGetter(), secret)
        {
            Default = publishValueAsDefault ? new ConstantParameterDefault(valueGetter) : null
        });
    }

    /// <summary>Adds a parameter with a default, such as a generated one.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="value">The default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <param name="persist">Whether a generated value is kept from run to run.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(new ParameterResource(name, fallback => ConfigurationValues.Parameter(builder.Configuration, name, fallback), secret)
        {
            Default = persist ? Kept(builder, name, value) : value
        });

    /// <summary>Says what the parameter is for.</summary>
    public static IResourceBuilder<ParameterResource> WithDescription(
        this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        builder.Resource.Description = description;
        builder.Resource.EnableDescriptionMarkdown = enableMarkdown;
        return builder;
    }

    /// <summary>Adds a connection string that is read from <c>ConnectionStrings:name</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="environmentVariableName">The variable a reference sets; <c>ConnectionStrings__name</c> unless given.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConnectionStringParameterResource(
            name, _ => ConfigurationValues.ConnectionString(builder.Configuration, name), environmentVariableName));

    /// <summary>A secret parameter, generated once and kept, that is not added to the model by itself.</summary>
    internal static ParameterResource GeneratedPassword(IDistributedApplicationBuilder builder, string name) =>
        new(name, fallback => ConfigurationValues.Parameter(builder.Configuration, name, fallback), secret: true)
        {
            Default = Kept(builder, name, new GenerateParameterDefault { Special = false })
        };

    private static KeptParameterDefault Kept(IDistributedApplicationBuilder builder, string name, ParameterDefault generated) =>
        new(name, generated, (key, generate) => ((DistributedApplicationBuilder)builder).State.Keep(key, generate));
}
