namespace Aspire.Hosting;

/// <summary>Adds connection strings that are composed of other values of the model.</summary>
public static class ConnectionStringBuilderExtensions
{
    /// <summary>Adds a connection string; it waits for the resources it is made of.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression)
    {
        var added = builder.AddResource(new ConnectionStringResource(name, connectionStringExpression)).WithReferencesOf(connectionStringExpression);
        foreach (var resource in ValueReferences.Resources(connectionStringExpression).Where(r => r is not ParameterResource).Distinct())
            added.WaitForStart(builder.CreateResourceBuilder(resource));
        return added;
    }

    /// <summary>Adds a connection string that is built piece by piece.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, Action<ReferenceExpressionBuilder> connectionStringBuilder)
    {
        var expression = new ReferenceExpressionBuilder();
        connectionStringBuilder(expression);
        return builder.AddConnectionString(name, expression.Build());
    }
}
