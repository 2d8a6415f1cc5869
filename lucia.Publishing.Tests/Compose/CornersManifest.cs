namespace Lucia.Publishing.Tests.Compose;

/// <summary>What everyday manifests seldom hold: texts full of dollars and quotes, files with values in them, UDP, replicas, two ports.</summary>
internal static class CornersManifest
{
    public const string Json = """
        { "resources": {
          "gate": { "type": "container.v0", "image": "nginx:1.29.1", "entrypoint": "/bin/sh",
            "args": ["-c", "echo \"$HOME\" ${USER:-nobody} $$ && exec nginx -g 'daemon off;'", "--level={level.value}"],
            "env": {
              "DOLLARS": "$A ${B} $$C $(D)", "QUOTES": "it's \"quoted\" \\ and # not a comment", "LINES": "one\n two: three\n",
              "NUMBER": "0123", "YES": "yes", "EMPTY": "",
              "LEVEL": "{level.value}", "PATTERN": "{pattern.value}", "GREETING": "Say {greeting.value}, {pattern.value}!" },
            "bindMounts": [ { "source": "/etc/localtime", "target": "/etc/localtime", "readOnly": true },
                            { "source": "site", "target": "/usr/share/nginx/html", "readOnly": false } ],
            "bindings": {
              "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 80, "port": 8088, "external": true },
              "dns": { "scheme": "udp", "protocol": "udp", "transport": "udp", "targetPort": 53, "port": 5353, "external": true },
              "admin": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 9000 } } },
          "store": { "type": "container.v0", "image": "example/store:1.0",
            "env": { "DATABASE": "Host={gate.bindings.http.host};Key={key.value}" },
            "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 7000 } } },
          "level": { "type": "parameter.v0", "value": "{level.inputs.value}", "inputs": { "value": { "type": "string", "default": { "value": "Info" } } } },
          "pattern": { "type": "parameter.v0", "value": "{pattern.inputs.value}", "inputs": { "value": { "type": "string", "default": { "value": "^a{2}$ 'x'" } } } },
          "greeting": { "type": "parameter.v0", "value": "{greeting.inputs.value}", "inputs": { "value": { "type": "string" } } },
          "key": { "type": "parameter.v0", "value": "{key.inputs.value}", "inputs": { "value": { "type": "string", "secret": true } } },
          "key-uri": { "type": "annotated.string", "value": "{key.value}", "filter": "uri" },
          "profile": { "type": "lucia.deployment.v0", "application": "corners",
            "workloads": {
              "gate": { "replicas": 2, "egress": false,
                "files": [ { "path": "/etc/nginx/nginx.conf", "content": "upstream s { server {store.bindings.tcp.host}:{store.bindings.tcp.port}; }\nset $x 'y';\n" },
                           { "path": "/etc/nginx/level.conf", "content": "level {level.value}\n" } ] },
              "store": { "replicas": 3, "secretFiles": { "directory": "/run/secrets" },
                "files": [ { "path": "/etc/store.conf", "content": "url=http://user:{key-uri.value}@{gate.bindings.http.hostAndPort}/\nkey={key.value}" } ],
                "limits": { "cpu": "250m", "memory": "512M", "pids": 64 },
                "security": { "user": 1000, "readOnlyRoot": true, "writable": ["/tmp", "/var/cache/store"], "capabilities": ["NET_BIND_SERVICE"] } } } } } }
        """;
}
