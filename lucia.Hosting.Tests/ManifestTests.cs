using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests;

public sealed class ManifestTests
{
    [Fact]
    public async Task The_manifest_is_the_one_Aspire_writes_for_the_same_model()
    {
        await using var sandbox = new Sandbox();
        WebProject.Place(sandbox);

        var manifest = await PublishAsync(sandbox, builder =>
        {
            var chatModel = builder.AddConnectionString("chat-model");
            var redis = builder.AddRedis("redis").WithDataVolume("redis-data").WithPersistence();
            builder.AddProject<WebProject>("web").WithExternalHttpEndpoints().WithReference(redis).WithReference(chatModel).WithReplicas(2).WaitFor(redis)
                .WithHttpHealthCheck("/health");
        });

        var golden = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "aspire-manifest.json"), TestContext.Current.CancellationToken);
        manifest.ShouldBe(golden.TrimEnd());
    }

    [Fact]
    public async Task Generated_passwords_have_the_hash_names_and_filters_Aspire_gives_them()
    {
        await using var sandbox = new Sandbox();
        var manifest = await PublishAsync(sandbox, builder => builder.AddRedis("redis"));

        manifest.ShouldContain("cond-redis-bindings-tcp-tlsenabled-d148d83a");
    }

    [Fact]
    public async Task A_custom_resource_writes_its_own_type()
    {
        await using var sandbox = new Sandbox();
        var manifest = await PublishAsync(sandbox, builder => builder.AddResource(new CustomResource("profile")).WithManifestPublishingCallback(context =>
        {
            context.Writer.WriteString("type", "example.profile.v0");
            context.Writer.WriteString("file", context.GetManifestRelativePath(sandbox.File("notes/readme.md")));
        }));

        manifest.ShouldContain("\"type\": \"example.profile.v0\"");
        manifest.ShouldContain("\"file\": \"../notes/readme.md\"");
    }

    [Fact]
    public async Task Parameters_executables_and_composed_connection_strings_keep_their_shapes()
    {
        await using var sandbox = new Sandbox();
        var manifest = await PublishAsync(sandbox, builder =>
        {
            var host = builder.AddParameter("host", "db.example", publishValueAsDefault: true);
            var database = builder.AddConnectionString("database", ReferenceExpression.Create($"Host={host};Port=5432"));
            builder.AddExecutable("tool", "tool", "work", "--flag").WithEnvironment("DB", database).WithHttpEndpoint(targetPort: 8081, name: "api", env: "PORT");
            builder.AddExecutable("hidden", "hidden", ".").ExcludeFromManifest();
        });

        manifest.ShouldContain("""
                "tool": {
                  "type": "executable.v0",
                  "workingDirectory": "../work",
                  "command": "tool",
                  "args": [
                    "--flag"
                  ],
                  "env": {
                    "DB": "{database.connectionString}",
                    "PORT": "{tool.bindings.api.targetPort}"
                  },
            """);
        manifest.ShouldContain("\"connectionString\": \"Host={host.value};Port=5432\"");
        manifest.ShouldContain("\"value\": \"db.example\"");
        manifest.ShouldNotContain("hidden");
    }

    [Fact]
    public async Task A_manifest_that_fails_leaves_the_former_one_as_it_was()
    {
        await using var sandbox = new Sandbox();
        var before = await PublishAsync(sandbox, builder => builder.AddRedis("redis"));

        await Should.ThrowAsync<DistributedApplicationException>(() => PublishAsync(sandbox, builder => builder.AddResource(new ContainerResource("nothing"))));

        (await File.ReadAllTextAsync(sandbox.File("out/aspire-manifest.json"), TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    private static async Task<string> PublishAsync(Sandbox sandbox, Action<IDistributedApplicationBuilder> model)
    {
        var builder = sandbox.Builder("--operation", "publish", "--step", "publish-manifest", "--output-path", sandbox.File("out"), "--log-level", "Error");
        model(builder);
        await sandbox.StartAsync(builder);
        return await File.ReadAllTextAsync(sandbox.File("out/aspire-manifest.json"), TestContext.Current.CancellationToken);
    }

    private sealed class CustomResource(string name) : Resource(name);

    private sealed class WebProject : IProjectMetadata
    {
        private static readonly AsyncLocal<string?> Directory = new();

        public string ProjectPath => Path.Combine(Directory.Value!, "Web", "Web.csproj");

        internal static void Place(Sandbox sandbox)
        {
            Directory.Value = sandbox.Directory;
            System.IO.Directory.CreateDirectory(sandbox.File("Web/Properties"));
            File.WriteAllText(sandbox.File("Web/Properties/launchSettings.json"), """{ "profiles": { "http": { "commandName": "Project", "applicationUrl": "http://localhost:5123" } } }""");
        }
    }
}
