namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A reference to the connection string of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="optional">Whether the reference may stay empty.</param>
    public class ConnectionStringReference(IResourceWithConnectionString resource, bool optional) : IExpressionValue, IValueWithReferences
    {
        /// <summary>The resource.</summary>
        public IResourceWithConnectionString Resource { get; } = resource;

        /// <summary>Whether the reference may stay empty.</summary>
        public bool Optional { get; } = optional;

        string IManifestExpressionProvider.ValueExpression => Resource.ValueExpression;

        IEnumerable<object> IValueWithReferences.References => [Resource];

        async ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken)
        {
            try
            {
                var value = await Resource.GetConnectionStringAsync(cancellationToken);
                return string.IsNullOrEmpty(value) && !Optional
                    ? throw new MissingParameterValueException($"The connection string of '{Resource.Name}' is empty.")
                    : value;
            }
            catch (MissingParameterValueException) when (Optional)
            {
                return null;
            }
        }
    }
}

namespace Aspire.Hosting
{
    /// <summary>A connection string composed of other values of the model.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="connectionStringExpression">The connection string.</param>
    public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
        : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
    {
        /// <inheritdoc/>
        public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
    }
}
