namespace Lucia.Publishing.Tests;

/// <summary>Own manifests that hold every type and construct of the format.</summary>
internal static class Samples
{
    /// <summary>Every resource type, every kind of reference.</summary>
    public const string Everything = """
        { "$schema": "https://json.schemastore.org/aspire-8.0.json", "resources": {
          "cache": { "type": "container.v0", "image": "docker.io/library/redis:8.2-alpine", "entrypoint": "/bin/sh",
            "args": ["-c", "redis-server --requirepass $REDIS_PASSWORD --save 60 1"],
            "connectionString": "{cache.bindings.tcp.host}:{cache.bindings.tcp.port},password={cache-password.value}{tls.connectionString}",
            "volumes": [ { "name": "shop.apphost-0123456789-cache-data", "target": "/data", "readOnly": false } ],
            "env": { "REDIS_PASSWORD": "{cache-password.value}" },
            "bindings": { "tcp": { "scheme": "redis", "protocol": "tcp", "transport": "tcp", "targetPort": 6379 } } },
          "db": { "type": "container.v1", "image": "postgres:17.6",
            "connectionString": "Host={db.bindings.tcp.host};Port={db.bindings.tcp.port};Password={db.inputs.password}",
            "inputs": { "password": { "type": "string", "secret": true, "default": { "generate": { "minLength": 30 } } } },
            "env": { "POSTGRES_PASSWORD": "{db.inputs.password}" },
            "volumes": [ { "target": "/var/lib/postgresql/data" } ],
            "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 5432 } } },
          "shop": { "type": "value.v0", "connectionString": "{db.connectionString};Database=shop" },
          "worker": { "type": "dockerfile.v0", "path": "worker/Dockerfile", "context": "worker", "buildArgs": { "LEVEL": "{level.value}" },
            "env": { "ConnectionStrings__shop": "{shop.connectionString}", "SELF": "{worker.containerImage}" } },
          "native": { "type": "container.v1", "build": { "context": ".", "dockerfile": "native/Dockerfile", "stage": "final",
            "args": { "A": "b" }, "secrets": { "TOKEN": { "type": "env", "value": "{token.value}" }, "PEM": { "type": "file", "source": "key.pem" } } },
            "bindMounts": [ { "source": "..\\config", "target": "/etc/native", "readOnly": true } ] },
          "assets": { "type": "container.v1", "build": { "context": "assets", "dockerfile": "assets/Dockerfile", "buildOnly": true } },
          "tool": { "type": "executable.v0", "workingDirectory": "tool", "command": "node", "args": ["server.js", "--port", "{tool.bindings.http.targetPort}"],
            "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 3000 } } },
          "web": { "type": "project.v0", "path": "../Web/Web.csproj", "args": ["--verbose"],
            "env": { "HTTP_PORTS": "{web.bindings.http.targetPort}", "HTTPS_PORTS": "{web.bindings.https.targetPort}",
              "ConnectionStrings__cache": "{cache.connectionString}", "CACHE_URI": "redis://:{cache-password-uri.value}@{cache.bindings.tcp.hostAndPort}",
              "TOOL": "{tool.bindings.http.url}", "SELF": "{web.bindings.https.url}", "TLS": "{web.bindings.https.tlsEnabled}", "Level": "{level.value}",
              "ROUTE": "/catalog/{**rest}" },
            "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "external": true },
                          "https": { "scheme": "https", "protocol": "tcp", "transport": "http", "external": true } } },
          "admin": { "type": "project.v1", "path": "../Admin/Admin.csproj", "deployment": { "type": "azure.bicep.v0", "path": "a.bicep" },
            "env": { "WEB": "{web.bindings.http.url}", "SHOP_HOST": "{outside.bindings.tcp.host}" },
            "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "external": true, "port": 8080 } } },
          "outside": { "type": "parameter.v0", "connectionString": "{outside.value}", "value": "{outside.inputs.value}",
            "inputs": { "value": { "type": "string", "secret": true } } },
          "level": { "type": "parameter.v0", "value": "{level.inputs.value}", "inputs": { "value": { "type": "string", "default": { "value": "Info" } } } },
          "token": { "type": "parameter.v0", "value": "{token.inputs.value}", "inputs": { "value": { "type": "string", "secret": true } } },
          "cache-password": { "type": "parameter.v0", "value": "{cache-password.inputs.value}",
            "inputs": { "value": { "type": "string", "secret": true, "default": { "generate": { "minLength": 22, "special": false } } } } },
          "cache-password-uri": { "type": "annotated.string", "value": "{cache-password.value}", "filter": "uri" },
          "tls": { "type": "value.v0", "connectionString": "" } } }
        """;

    /// <summary>A container that listens, to be referred to.</summary>
    public const string Redis = """
        "redis": { "type": "container.v0", "image": "redis:8.2", "connectionString": "{redis.bindings.tcp.host}:{redis.bindings.tcp.port}",
          "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 6379 } } }
        """;

    /// <summary>A container with one variable.</summary>
    public static string Container(string name, string value) =>
        $"\"{name}\": {{ \"type\": \"container.v0\", \"image\": \"nginx:1.29\", \"env\": {{ \"X\": \"{value}\" }} }}";

    /// <summary>A parameter.</summary>
    public static string Parameter(string name, bool secret = false) =>
        $"\"{name}\": {{ \"type\": \"parameter.v0\", \"value\": \"{{{name}.inputs.value}}\", \"inputs\": {{ \"value\": {{ \"type\": \"string\", \"secret\": {(secret ? "true" : "false")} }} }} }}";
}
