using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Sample.AppHost;

internal static class Resources
{
    internal static void Add(IDistributedApplicationBuilder builder, string name)
    {
        switch (name)
        {
            case "redis":
                builder.AddRedis("redis").WithDataVolume("sample-data").WithPersistence();
                break;
            case "web":
                var web = builder.AddProject<WebProject>("web", launchProfileName: null)
                    .WithArgs("serve")
                    .WithHttpEndpoint(port: builder.Configuration["Sample:Port"] is { } port ? int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) : null)
                    .WithExternalHttpEndpoints()
                    .WithHttpHealthCheck("/ready");
                if (builder.Resources.OfType<RedisResource>().FirstOrDefault() is { } redis)
                {
                    var source = builder.CreateResourceBuilder(redis);
                    web.WithReference(source).WaitFor(source).WithEnvironment("Redis__Password", ReferenceExpression.Create($"{redis.PasswordParameter!}"));
                }

                break;
            case "stubborn":
                // Ignores SIGTERM and leaves a child behind that ignores it too.
                builder.AddExecutable("stubborn", "sh", ".", "-c", "trap '' TERM; sleep 1000 & echo started $!; while :; do sleep 0.2; done");
                break;
            case "parameter":
                var parameter = builder.AddParameter("wanted-value", secret: true);
                builder.AddExecutable("reader", "sh", ".", "-c", "sleep 1000").WithEnvironment("VALUE", parameter);
                break;
            default:
                throw new DistributedApplicationException($"There is no sample resource '{name}'.");
        }
    }
}
