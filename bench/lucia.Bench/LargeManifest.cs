using System.Text.Json.Nodes;

namespace Lucia.Bench;

/// <summary>
/// A manifest of the size of the largest that are public: 42 resources, of which 24 run. Two databases, a cache and a queue with generated
/// passwords, twelve projects and eight containers that use them and each other, nine logical databases and settings.
/// </summary>
internal static class LargeManifest
{
    public const int Resources = 42;

    public static string Write()
    {
        var resources = new JsonObject
        {
            ["orders-db"] = Server("postgres:17.6", 5432, "POSTGRES_PASSWORD", "orders-db-password", "Host={0.bindings.tcp.host};Port={0.bindings.tcp.port};Username=postgres;Password={1.value}", "/var/lib/postgresql/data"),
            ["people-db"] = Server("postgres:17.6", 5432, "POSTGRES_PASSWORD", "people-db-password", "Host={0.bindings.tcp.host};Port={0.bindings.tcp.port};Username=postgres;Password={1.value}", "/var/lib/postgresql/data"),
            ["cache"] = Server("redis:8.2", 6379, "REDIS_PASSWORD", "cache-password", "{0.bindings.tcp.host}:{0.bindings.tcp.port},password={1.value}", "/data"),
            ["queue"] = Server("rabbitmq:4.1", 5672, "RABBITMQ_DEFAULT_PASS", "queue-password", "amqp://guest:{1.value}@{0.bindings.tcp.host}:{0.bindings.tcp.port}", "/var/lib/rabbitmq"),
        };
        foreach (var server in (string[])["orders-db", "people-db", "cache", "queue"])
        {
            var text = resources[server]!.ToJsonString().Replace("{0.", $"{{{server}.").Replace("{1.", $"{{{server}-password.");
            resources[server] = JsonNode.Parse(text);
            resources[$"{server}-password"] = Parameter(secret: true, generate: true, $"{server}-password");
        }
        for (var i = 1; i <= 9; i++)
            resources[$"catalog{i}"] = new JsonObject { ["type"] = "value.v0", ["connectionString"] = $"{{{(i % 2 == 0 ? "orders-db" : "people-db")}.connectionString}};Database=catalog{i}" };
        for (var i = 1; i <= 12; i++)
        {
            var environment = new JsonObject
            {
                ["HTTP_PORTS"] = $"{{api{i}.bindings.http.targetPort}}",
                [$"ConnectionStrings__catalog{(i - 1) % 9 + 1}"] = $"{{catalog{(i - 1) % 9 + 1}.connectionString}}",
                ["ConnectionStrings__cache"] = "{cache.connectionString}",
                ["ConnectionStrings__queue"] = "{queue.connectionString}",
                ["Logging__LogLevel__Default"] = "{log-level.value}",
                ["Mail__Key"] = "{mail-key.value}",
            };
            for (var before = Math.Max(1, i - 3); before < i; before++)
                environment[$"services__api{before}__http__0"] = $"{{api{before}.bindings.http.url}}";
            resources[$"api{i}"] = new JsonObject
            {
                ["type"] = "project.v0",
                ["path"] = $"../Api{i}/Api{i}.csproj",
                ["env"] = environment,
                ["bindings"] = new JsonObject { ["http"] = Binding("http", null, external: i > 9) },
            };
        }
        for (var i = 1; i <= 8; i++)
        {
            resources[$"worker{i}"] = new JsonObject
            {
                ["type"] = "container.v0",
                ["image"] = $"registry.example/worker{i}:1.{i}",
                ["env"] = new JsonObject { ["QUEUE"] = "{queue.connectionString}", ["API"] = $"{{api{i}.bindings.http.url}}/jobs", ["REGION"] = "{region.value}" },
                ["volumes"] = new JsonArray(new JsonObject { ["name"] = $"worker{i}-data", ["target"] = "/var/worker", ["readOnly"] = false }),
                ["bindings"] = new JsonObject { ["http"] = Binding("http", 9000 + i, external: false) },
            };
        }
        foreach (var setting in (string[])["log-level", "region", "theme", "currency"])
            resources[setting] = Parameter(secret: false, generate: false, setting);
        resources["mail-key"] = Parameter(secret: true, generate: false, "mail-key");
        if (resources.Count != Resources)
            throw new InvalidOperationException($"The manifest has {resources.Count} resources.");
        return new JsonObject { ["resources"] = resources }.ToJsonString();
    }

    private static JsonObject Server(string image, int port, string variable, string password, string connection, string data) => new()
    {
        ["type"] = "container.v0",
        ["image"] = "docker.io/library/" + image,
        ["connectionString"] = connection,
        ["env"] = new JsonObject { [variable] = $"{{{password}.value}}" },
        ["volumes"] = new JsonArray(new JsonObject { ["name"] = password.Replace("password", "data"), ["target"] = data, ["readOnly"] = false }),
        ["bindings"] = new JsonObject { ["tcp"] = Binding("tcp", port, external: false) },
    };

    private static JsonObject Binding(string scheme, int? port, bool external)
    {
        var binding = new JsonObject { ["scheme"] = scheme, ["protocol"] = "tcp", ["transport"] = scheme, ["external"] = external };
        if (port is not null)
            binding["targetPort"] = port;
        return binding;
    }

    private static JsonObject Parameter(bool secret, bool generate, string name)
    {
        var input = new JsonObject { ["type"] = "string" };
        if (secret)
            input["secret"] = true;
        if (generate)
            input["default"] = new JsonObject { ["generate"] = new JsonObject { ["minLength"] = 24, ["special"] = false } };
        return new JsonObject { ["type"] = "parameter.v0", ["value"] = $"{{{name}.inputs.value}}", ["inputs"] = new JsonObject { ["value"] = input } };
    }
}
