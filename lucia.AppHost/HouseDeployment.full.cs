namespace Lucia.AppHost;

/// <summary>Aspire's own compose and Kubernetes publishers, for those who would rather have them.</summary>
internal static partial class HouseDeployment
{
    /// <summary>
    /// <c>--Publish:Environment=compose</c> or <c>kubernetes</c> publishes with Aspire's own environment and without our steps. Off by default: it asks for
    /// the value of every parameter, writes secrets where ours would not, and rewrites the manifest that ours read.
    /// </summary>
    static partial void AddStockEnvironment(IDistributedApplicationBuilder builder, ref bool isAdded)
    {
        const string Key = "Publish:Environment";
        switch (builder.Configuration[Key])
        {
            case null or "":
                return;
            case "compose":
                builder.AddDockerComposeEnvironment("compose");
                break;
            case "kubernetes":
                builder.AddKubernetesEnvironment("kubernetes");
                break;
            case var other:
                throw new DistributedApplicationException(
                    $"{Key} is \"{other}\", but Aspire's own environments are called compose and kubernetes. Leave it out to publish ours.");
        }

        isAdded = true;
    }
}
