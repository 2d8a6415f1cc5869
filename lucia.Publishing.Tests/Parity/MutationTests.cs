namespace Lucia.Publishing.Tests.Parity;

/// <summary>The comparison sees: one changed value in one output, and it names target, workload and kind.</summary>
public sealed class MutationTests
{
    /// <summary>Sample, target, file, text, what becomes of it, workload, kind.</summary>
    public static TheoryData<string, string, string, string, string, string, string> Changes => new()
    {
        { "shop", "compose", "docker-compose.yml", "Cache__Address: cache:6379", "Cache__Address: cache:6380", "web", "Environment" },
        { "shop", "compose", "docker-compose.yml", "Level: ${LEVEL:-Info}", "Level: ${LEVEL:-Debug}", "web", "Environment" },
        { "shop", "compose", "docker-compose.yml", "${WEB_PORT:-8080}:8080", "${WEB_PORT:-8080}:8081", "web", "Port" },
        { "shop", "compose", "docker-compose.yml", "      - \"9000\"\n", "      - \"9001\"\n", "worker", "Port" },
        { "shop", "compose", "docker-compose.yml", "password=${CACHE_PASSWORD:?run ./setup.sh, or set it in .env}", "password=hunter2", "web", "Secret" },
        { "shop", "compose", "docker-compose.yml", "      - source: signing-key\n", "      - source: worker-queue\n", "worker", "Secret" },
        { "shop", "compose", "setup.sh", "printf '%s' redis://:", "printf '%s' rediss://:", "worker", "Secret" },
        { "shop", "compose", "docker-compose.yml", "cache-data:/data", "cache-data:/var/data", "cache", "Storage" },
        { "shop", "compose", "docker-compose.yml", "models:/models:ro", "models:/models", "worker", "Storage" },
        { "shop", "compose", "docker-compose.yml", "grep -qx PONG", "grep -q PONG", "cache", "Health" },
        { "shop", "compose", "docker-compose.yml", "      archive:\n        condition: service_started\n", "", "worker", "Dependency" },
        { "shop", "compose", "docker-compose.yml", "${WEB_CPUS:-1.5}", "${WEB_CPUS:-2}", "web", "Limit" },
        { "shop", "compose", "docker-compose.yml", "interval: 10s", "interval: 20s", "cache", "Health" },
        { "shop", "compose", "config/worker/etc-worker-rules.ini", "retries = 3", "retries = 4", "worker", "File" },
        { "shop", "compose", "docker-compose.yml", "      - internal\n      - edge\n", "      - internal\n", "web", "Outside" },
        { "shop", "compose", ".env.example", "# WORKER_MEMORY=1000000000b", "# WORKER_MEMORY=1g", "worker", "Limit" },

        { "shop", "kubernetes", "base/web.env", "Cache__Address=cache:6379", "Cache__Address=redis:6379", "web", "Environment" },
        { "shop", "kubernetes", "base/.env.example", "LEVEL=Info", "LEVEL=Debug", "worker", "Environment" },
        { "shop", "kubernetes", "base/worker-statefulset.yaml", "containerPort: 9000", "containerPort: 9001", "worker", "Port" },
        { "shop", "kubernetes", "base/cache-service.yaml", "targetPort: tcp", "targetPort: redis", "cache", "Port" },
        { "shop", "kubernetes", "base/cache-service.yaml", "port: 6379", "port: 6380", "web", "Environment" },
        { "shop", "kubernetes", "base/worker-statefulset.yaml", "mountPath: /run/secrets", "mountPath: /secrets", "worker", "Secret" },
        { "shop", "kubernetes", "base/web-deployment.yaml", "$(PARAMETER_CACHE_PASSWORD)", "hunter2", "web", "Secret" },
        { "shop", "kubernetes", "base/kustomization.yaml", "signing-key=secrets/signing-key", "signing-key=secrets/cache-password", "worker", "Secret" },
        { "shop", "kubernetes", "base/cache-statefulset.yaml", "mountPath: /data", "mountPath: /var/data", "cache", "Storage" },
        { "shop", "kubernetes", "base/web-deployment.yaml", "path: /ready", "path: /readyz", "web", "Health" },
        { "shop", "kubernetes", "base/web-networkpolicy.yaml", "app.kubernetes.io/component: worker", "app.kubernetes.io/component: archive", "web", "Dependency" },
        { "shop", "kubernetes", "base/web-deployment.yaml", "periodSeconds: 10", "periodSeconds: 20", "web", "Health" },
        { "shop", "kubernetes", "base/web-files/etc-shop-web.ini", "100%", "99%", "web", "File" },
        { "shop", "kubernetes", "base/cache-networkpolicy.yaml", "  egress:\n", "  egress:\n    - to:\n        - ipBlock:\n            cidr: \"0.0.0.0/0\"\n        - ipBlock:\n            cidr: \"::/0\"\n", "cache", "Outside" },
        { "shop", "kubernetes", "base/web-deployment.yaml", "cpu: \"1500m\"", "cpu: \"1\"", "web", "Limit" },

        { "shop", "helm", "shop/templates/web/configmap.yaml", "/jobs", "/job", "web", "Environment" },
        { "shop", "helm", "shop/values.yaml", "level: \"Info\"", "level: \"Debug\"", "worker", "Environment" },
        { "shop", "helm", "shop/templates/worker/statefulset.yaml", "containerPort: 9000", "containerPort: 9001", "worker", "Port" },
        { "shop", "helm", "shop/templates/worker/statefulset.yaml", "mountPath: /run/secrets", "mountPath: /secrets", "worker", "Secret" },
        { "shop", "helm", "shop/templates/web/deployment.yaml", "key: cache-password", "key: signing-key", "web", "Secret" },
        { "shop", "helm", "shop/templates/cache/statefulset.yaml", "mountPath: /data", "mountPath: /var/data", "cache", "Storage" },
        { "shop", "helm", "shop/templates/web/deployment.yaml", "path: /ready", "path: /readyz", "web", "Health" },
        { "shop", "helm", "shop/templates/web/networkpolicy.yaml", "\"worker\"", "\"archive\"", "web", "Dependency" },
        { "shop", "helm", "shop/templates/web/deployment.yaml", "failureThreshold: 3", "failureThreshold: 5", "web", "Health" },
        { "shop", "helm", "shop/templates/web/files.yaml", "price = $5", "price = $6", "web", "File" },
        { "shop", "helm", "shop/values.yaml", "    - \"::/0\"\n", "", "web", "Outside" },
        { "shop", "helm", "shop/values.yaml", "memory: \"300Mi\"", "memory: \"300M\"", "web", "Limit" },

        { "shop", "systemd", "units/shop-web.service", "Cache__Address=127.0.0.1:6379", "Cache__Address=127.0.0.1:6380", "web", "Environment" },
        { "shop", "systemd", "units/shop-web.service", "in 100%% of", "in 99%% of", "web", "Environment" },
        { "shop", "systemd", "units/shop-web.service", "ASPNETCORE_URLS=http://${SHOP_BIND}:${WEB_PORT}", "ASPNETCORE_URLS=http://${SHOP_BIND}:8081", "web", "Environment" },
        { "shop", "systemd", "shop.env.example", "#Level=Info", "#Level=Debug", "worker", "Environment" },
        { "shop", "systemd", "install.sh", "  \"$1\" shop-web 8080", "  \"$1\" shop-web 8081", "web", "Port" },
        { "shop", "systemd", "quadlet/shop-cache.container", "PublishPort=127.0.0.1:6379:6379", "PublishPort=127.0.0.1:6379:6380", "cache", "Port" },
        { "shop", "systemd", "units/shop-web.service", "EnvironmentFile=/etc/shop/composed/shop-web.env\n", "Environment=ConnectionStrings__cache=127.0.0.1:6379,password=hunter2\n", "web", "Secret" },
        { "shop", "systemd", "quadlet/shop-worker.container", "shop-signing-key,type=mount,target=/run/secrets/Signing__Key", "shop-signing-key,type=env,target=Signing__Key", "worker", "Secret" },
        { "shop", "systemd", "install.sh", "podman_secret shop-cache-password credentials/cache-password", "podman_secret shop-cache-password credentials/signing-key", "cache", "Secret" },
        { "shop", "systemd", "quadlet/shop-cache.container", ".volume:/data", ".volume:/var/data", "cache", "Storage" },
        { "shop", "systemd", "units/shop-web.service", "StateDirectory=shop-web", "StateDirectory=web", "web", "Storage" },
        { "shop", "systemd", "quadlet/shop-worker.container", "$$HOME/alive", "$$HOME/live", "worker", "Health" },
        { "shop", "systemd", "install.sh", "8080 'WEB_PORT' /ready", "8080 'WEB_PORT' /readyz", "web", "Health" },
        { "shop", "systemd", "units/shop-web.service", "After=network-online.target shop-cache.service", "After=network-online.target", "web", "Dependency" },
        { "shop", "systemd", "units/shop-web.service", "CPUQuota=150%", "CPUQuota=200%", "web", "Limit" },
        { "shop", "systemd", "quadlet/shop-worker.container", "--health-retries=3", "--health-retries=5", "worker", "Health" },
        { "shop", "systemd", "files/shop-web/web.ini", "100%", "99%", "web", "File" },
        { "shop", "systemd", "quadlet/shop-worker.container", "rules.ini:/etc/worker/rules.ini", "rules.ini:/etc/rules.ini", "worker", "File" },
        { "shop", "systemd", "units/shop-web.service", "LimitCORE=0", "LimitCORE=0\nIPAddressDeny=any", "web", "Outside" },
        { "repository", "systemd", "units/lucia-redis.service", "IPAddressDeny=any", "IPAddressDeny=", "redis", "Outside" },
        { "shop", "systemd", "quadlet/shop-worker.container", "--pids-limit=40", "--pids-limit=400", "worker", "Limit" },

        { "repository", "compose", "docker-compose.yml", "target: /run/secrets/Auth__ApiKey", "target: /run/secrets/Auth__Key", "agenthost", "Secret" },
        { "repository", "kubernetes", "base/agenthost-deployment.yaml", "path: /health/ready", "path: /alive", "agenthost", "Health" },
        { "repository", "helm", "lucia/values.yaml", "homeAssistantTimeoutSeconds: \"30\"", "homeAssistantTimeoutSeconds: \"31\"", "agenthost", "Environment" },
        { "repository", "systemd", "units/lucia.service", "WatchdogSec=30", "WatchdogSec=300", "agenthost", "Health" },
        { "repository", "systemd", "units/lucia.service", "LoadCredential=Auth__ApiKey:/etc/lucia/credentials/auth-api-key", "Environment=\"Auth__ApiKey=hunter2\"", "agenthost", "Secret" },
        { "repository", "systemd", "install.sh", "requirepass \"'; secret redis-password;", "requirepass \"'; secret auth-api-key;", "redis", "Secret" },
    };

    [Theory, MemberData(nameof(Changes))]
    public async Task A_changed_value_is_found_and_named(string sample, string target, string file, string text, string changed, string workload, string kind)
    {
        var published = ParitySample.Of(sample);
        published.Change(target, file, text, changed);

        var differences = await published.DifferencesAsync(target);

        differences.ShouldContain(d => d.StartsWith($"{target}: {workload}: {kind}: ", StringComparison.Ordinal));
        differences.ShouldAllBe(d => d.StartsWith($"{target}: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_kind_is_changed_on_every_target()
    {
        var changed = Changes.Select(static c => (c.Data.Item2, c.Data.Item7)).ToHashSet();

        foreach (var target in Targets.PublishTargets.All)
            Enum.GetNames<FactKind>().ShouldAllBe(kind => changed.Contains(new ValueTuple<string, string>(target.Name, kind)), target.Name);
    }
}
