namespace Lucia.Publishing.Tests;

/// <summary>A manifest of Lucia's shape with a full deployment profile: secrets in files, a joined secret file, settings, checks, an optional model server, development.</summary>
internal static class HouseSample
{
    public const string Json = """
        { "resources": {
          "redis": { "type": "container.v0", "image": "docker.io/library/redis:8.2-alpine", "entrypoint": "/bin/sh",
            "args": ["-c", "exec redis-server --appendonly yes --maxmemory 256mb --maxmemory-policy noeviction --requirepass $REDIS_PASSWORD"],
            "connectionString": "{redis.bindings.tcp.host}:{redis.bindings.tcp.port},password={redis-password.value}",
            "volumes": [ { "name": "redis-data", "target": "/data", "readOnly": false } ],
            "env": { "REDIS_PASSWORD": "{redis-password.value}" },
            "bindings": { "tcp": { "scheme": "redis", "protocol": "tcp", "transport": "tcp", "targetPort": 6379 } } },
          "ollama": { "type": "container.v0", "image": "docker.io/ollama/ollama:0.12.3",
            "volumes": [ { "name": "ollama-models", "target": "/models", "readOnly": false } ],
            "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 11434 } } },
          "agenthost": { "type": "project.v0", "path": "../lucia.AgentHost/lucia.AgentHost.csproj",
            "env": {
              "HTTP_PORTS": "{agenthost.bindings.http.targetPort}",
              "ConnectionStrings__redis": "{redis.bindings.tcp.host}:{redis.bindings.tcp.port}",
              "Redis__Password": "{redis-password.value}",
              "ConnectionStrings__chat-model": "{chat-model.connectionString}",
              "ConnectionStrings__embedding-model": "{embedding-model.connectionString}",
              "HomeAssistant__BaseUrl": "{home-assistant-base-url.value}",
              "HomeAssistant__AccessToken": "{home-assistant-access-token.value}",
              "HomeAssistant__TimeoutSeconds": "{home-assistant-timeout-seconds.value}",
              "Auth__ApiKey": "{auth-api-key.value}" },
            "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "external": true } } },
          "redis-password": { "type": "parameter.v0", "value": "{redis-password.inputs.value}",
            "inputs": { "value": { "type": "string", "secret": true, "default": { "generate": { "minLength": 32, "special": false } } } } },
          "chat-model": { "type": "parameter.v0", "connectionString": "{chat-model.value}", "value": "{chat-model.inputs.value}",
            "inputs": { "value": { "type": "string", "secret": true } } },
          "embedding-model": { "type": "parameter.v0", "connectionString": "{embedding-model.value}", "value": "{embedding-model.inputs.value}",
            "inputs": { "value": { "type": "string", "secret": true } } },
          "home-assistant-base-url": { "type": "parameter.v0", "value": "{home-assistant-base-url.inputs.value}",
            "inputs": { "value": { "type": "string", "default": { "value": "" } } } },
          "home-assistant-access-token": { "type": "parameter.v0", "value": "{home-assistant-access-token.inputs.value}",
            "inputs": { "value": { "type": "string", "secret": true } } },
          "home-assistant-timeout-seconds": { "type": "parameter.v0", "value": "{home-assistant-timeout-seconds.inputs.value}",
            "inputs": { "value": { "type": "string", "default": { "value": "30" } } } },
          "auth-api-key": { "type": "parameter.v0", "value": "{auth-api-key.inputs.value}",
            "inputs": { "value": { "type": "string", "secret": true } } },
          "house": { "type": "lucia.deployment.v0",
            "application": "lucia", "description": "A private assistant for Home Assistant.", "version": "0.1.0", "url": "https://example.org/lucia",
            "workloads": {
              "agenthost": {
                "description": "The assistant: chat page and API.",
                "image": "seiggy/lucia:latest",
                "build": { "context": "..", "dockerfile": "../deploy/docker/Dockerfile" },
                "secretFiles": { "directory": "/run/secrets", "variable": "Lucia__SecretsDirectory" },
                "aliases": { "ConnectionStrings__chat-model": "ConnectionStrings__chat_model", "ConnectionStrings__embedding-model": "ConnectionStrings__embedding_model" },
                "environment": { "Logging__Console__FormatterName": "simple" },
                "settings": {
                  "Sessions__TtlHours": { "description": "How long a conversation is remembered, in hours.", "section": "Sessions", "default": "24", "allowed": ["1 to 720"] },
                  "OTEL_EXPORTER_OTLP_ENDPOINT": { "description": "Where telemetry goes; none leaves the house without it.", "section": "Telemetry", "example": "http://host.docker.internal:4317" } },
                "health": {
                  "check": { "command": ["dotnet", "lucia.AgentHost.dll", "--healthcheck"], "intervalSeconds": 10, "timeoutSeconds": 5, "failures": 3, "graceSeconds": 20 },
                  "startup": { "path": "/alive" }, "readiness": { "path": "/health/ready" }, "liveness": { "path": "/alive" } },
                "limits": { "cpu": "2", "memory": "1Gi", "pids": 256 },
                "security": { "user": 1654, "group": 1654, "readOnlyRoot": true, "writable": ["/tmp"] },
                "scalable": true, "requests": { "cpu": "100m", "memory": "256Mi" },
                "endpoints": { "http": { "externalPort": 5000, "portVariable": "LUCIA_PORT", "bindVariable": "LUCIA_BIND", "servicePort": 80 } },
                "development": { "build": { "context": "..", "dockerfile": "../deploy/docker/Dockerfile.dev" }, "sourceTarget": "/src",
                  "environment": { "Logging__LogLevel__Default": "Debug", "DOTNET_USE_POLLING_FILE_WATCHER": "1" } } },
              "redis": {
                "description": "Sessions and caches.",
                "command": ["redis-server", "/usr/local/etc/redis/redis.conf"],
                "secretFiles": { "directory": "/run/secrets" },
                "files": [ { "path": "/usr/local/etc/redis/redis.conf", "content": "appendonly yes\nmaxmemory 256mb\nmaxmemory-policy noeviction\nrequirepass \"{redis-password.value}\"\n" } ],
                "health": { "check": { "command": ["sh", "-c", "REDISCLI_AUTH=\"$(cat /run/secrets/REDIS_PASSWORD)\" redis-cli ping | grep -qx PONG"], "intervalSeconds": 5, "timeoutSeconds": 3, "failures": 5, "graceSeconds": 10 } },
                "security": { "user": 999, "group": 1000, "readOnlyRoot": true, "writable": ["/tmp"] },
                "limits": { "cpu": "1", "memory": "512Mi" },
                "volumes": { "redis-data": { "size": "1Gi", "description": "Conversations of the last day." } } },
              "ollama": {
                "description": "A model server of one's own.",
                "optional": true, "egress": true,
                "environment": { "OLLAMA_MODELS": "/models" },
                "health": { "check": { "command": ["ollama", "ls"], "graceSeconds": 30 } },
                "limits": { "cpu": "4", "memory": "8Gi" },
                "security": { "user": 1000, "readOnlyRoot": true, "writable": ["/tmp"] } } },
            "parameters": {
              "redis-password": { "description": "The password of Redis.", "section": "Redis" },
              "chat-model": { "description": "The chat model as a connection string.", "section": "Models",
                "example": "Endpoint=http://host.docker.internal:11434/v1;Model=qwen3:8b;Provider=ollama" },
              "embedding-model": { "description": "The embedding model as a connection string.", "section": "Models", "required": false },
              "home-assistant-base-url": { "description": "Address of Home Assistant.", "section": "Home Assistant", "required": false, "example": "http://homeassistant.local:8123" },
              "home-assistant-access-token": { "description": "A long-lived access token of Home Assistant.", "section": "Home Assistant", "required": false },
              "home-assistant-timeout-seconds": { "description": "How long to wait for Home Assistant, in seconds.", "section": "Home Assistant", "allowed": ["1 to 300"] },
              "auth-api-key": { "description": "The key that callers of the API and the chat page need.", "section": "Access",
                "generate": { "minLength": 40, "special": false } } } } } }
        """;
}
