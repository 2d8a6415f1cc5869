using Lucia.Deployment.Tests.Support;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Whatever an overlay, a component, an override or a file of values does not name is as it is without it; what it names is what is meant.</summary>
public sealed partial class OverlayTests
{
    /// <summary>Target, overlay, and all that it makes different in what is published from the repository.</summary>
    public static TheoryData<string, string, string> Overlays => new()
    {
        {
            "kubernetes", "overlays/dev", """
                ConfigMap/agenthost-env data.DOTNET_ENVIRONMENT: nothing -> Development
                ConfigMap/agenthost-env: lucia -> lucia-dev
                ConfigMap/settings data.Logging__LogLevel__Default: Information -> Debug
                ConfigMap/settings: lucia -> lucia-dev
                Deployment/agenthost spec.template.spec.containers[agenthost].resources.requests.cpu: 100m -> 10m
                Deployment/agenthost spec.template.spec.containers[agenthost].resources.requests.memory: 256Mi -> 64Mi
                Deployment/agenthost: lucia -> lucia-dev
                Namespace: lucia -> lucia-dev
                NetworkPolicy/agenthost: lucia -> lucia-dev
                NetworkPolicy/default-deny: lucia -> lucia-dev
                NetworkPolicy/redis: lucia -> lucia-dev
                Secret/agenthost-secrets: lucia -> lucia-dev
                Secret/redis-secrets: lucia -> lucia-dev
                Service/agenthost: lucia -> lucia-dev
                Service/redis: lucia -> lucia-dev
                StatefulSet/redis spec.template.spec.containers[redis].resources.requests.cpu: 50m -> 10m
                StatefulSet/redis: lucia -> lucia-dev
                """
        },
        {
            "kubernetes", "overlays/ha", """
                Deployment/agenthost spec.replicas: 1 -> 2
                Deployment/agenthost spec.template.spec.topologySpreadConstraints[0].labelSelector.matchLabels: nothing -> component=agenthost, instance=lucia, name=lucia
                Deployment/agenthost spec.template.spec.topologySpreadConstraints[0].maxSkew: nothing -> 1
                Deployment/agenthost spec.template.spec.topologySpreadConstraints[0].topologyKey: nothing -> kubernetes.io/hostname
                Deployment/agenthost spec.template.spec.topologySpreadConstraints[0].whenUnsatisfiable: nothing -> ScheduleAnyway
                PodDisruptionBudget/agenthost spec.maxUnavailable: nothing -> 1
                PodDisruptionBudget/agenthost spec.selector.matchLabels: nothing -> component=agenthost, instance=lucia, name=lucia
                PodDisruptionBudget/agenthost spec.unhealthyPodEvictionPolicy: nothing -> AlwaysAllow
                PodDisruptionBudget/agenthost: nothing -> lucia
                """
        },
        {
            "kubernetes", "components/ingress", """
                Ingress/agenthost spec.rules[0].host: nothing -> lucia.example.org
                Ingress/agenthost spec.rules[0].http.paths[0].backend.service.name: nothing -> agenthost
                Ingress/agenthost spec.rules[0].http.paths[0].backend.service.port.name: nothing -> http
                Ingress/agenthost spec.rules[0].http.paths[0].path: nothing -> /
                Ingress/agenthost spec.rules[0].http.paths[0].pathType: nothing -> Prefix
                Ingress/agenthost: nothing -> lucia
                NetworkPolicy/agenthost-ingress spec.ingress[0].from[0].namespaceSelector.matchExpressions[0].key: nothing -> kubernetes.io/metadata.name
                NetworkPolicy/agenthost-ingress spec.ingress[0].from[0].namespaceSelector.matchExpressions[0].operator: nothing -> In
                NetworkPolicy/agenthost-ingress spec.ingress[0].from[0].namespaceSelector.matchExpressions[0].values: nothing -> ingress-nginx, traefik, kube-system
                NetworkPolicy/agenthost-ingress spec.ingress[0].ports[0].port: nothing -> 8080
                NetworkPolicy/agenthost-ingress spec.ingress[0].ports[0].protocol: nothing -> TCP
                NetworkPolicy/agenthost-ingress spec.podSelector.matchLabels: nothing -> component=agenthost, instance=lucia, name=lucia
                NetworkPolicy/agenthost-ingress spec.policyTypes: nothing -> Ingress
                NetworkPolicy/agenthost-ingress: nothing -> lucia
                """
        },
        {
            "helm", "values.dev.yaml", """
                ConfigMap/parity-lucia-settings data.Logging__LogLevel__Default: Information -> Debug
                Deployment/parity-lucia-agenthost spec.template.spec.containers[agenthost].env[DOTNET_ENVIRONMENT].value: nothing -> Development
                Deployment/parity-lucia-agenthost spec.template.spec.containers[agenthost].resources.requests.cpu: 100m -> 10m
                Deployment/parity-lucia-agenthost spec.template.spec.containers[agenthost].resources.requests.memory: 256Mi -> 64Mi
                Pod/parity-lucia-agenthost-test spec.containers[check].resources.requests.cpu: 100m -> 10m
                Pod/parity-lucia-agenthost-test spec.containers[check].resources.requests.memory: 256Mi -> 64Mi
                StatefulSet/parity-lucia-redis spec.template.spec.containers[redis].resources.requests.cpu: 50m -> 10m
                """
        },
        {
            "helm", "ci/default-values.yaml", ""
        },
        {
            "helm", "ci/existing-secret-values.yaml", """
                Deployment/parity-lucia-agenthost spec.template.spec.volumes[secrets].projected.sources[0].secret.name: parity-lucia-secrets -> brought-along
                Deployment/parity-lucia-agenthost spec.template.spec.volumes[secrets].projected.sources[1].secret.name: parity-lucia-secrets -> brought-along
                Secret/parity-lucia-secrets: default -> nothing
                StatefulSet/parity-lucia-redis spec.template.spec.volumes[secrets].secret.secretName: parity-lucia-secrets -> brought-along
                """
        },
        {
            "helm", "ci/external-values.yaml", """
                ConfigMap/parity-lucia-agenthost-env data.ConnectionStrings__redis: parity-lucia-redis:6379 -> redis.example.org:6379
                NetworkPolicy/parity-lucia-agenthost spec.egress[1].to[0].podSelector.matchLabels: name=lucia, instance=parity, component=redis -> nothing
                NetworkPolicy/parity-lucia-redis: default -> nothing
                Service/parity-lucia-redis: default -> nothing
                StatefulSet/parity-lucia-redis: default -> nothing
                """
        },
        {
            "helm", "ci/ha-values.yaml", """
                Deployment/parity-lucia-agenthost spec.replicas: 1 -> 2
                Deployment/parity-lucia-agenthost spec.template.spec.topologySpreadConstraints[0].labelSelector.matchLabels: nothing -> name=lucia, instance=parity, component=agenthost
                Deployment/parity-lucia-agenthost spec.template.spec.topologySpreadConstraints[0].maxSkew: nothing -> 1
                Deployment/parity-lucia-agenthost spec.template.spec.topologySpreadConstraints[0].topologyKey: nothing -> kubernetes.io/hostname
                Deployment/parity-lucia-agenthost spec.template.spec.topologySpreadConstraints[0].whenUnsatisfiable: nothing -> ScheduleAnyway
                PodDisruptionBudget/parity-lucia-agenthost spec.maxUnavailable: nothing -> 1
                PodDisruptionBudget/parity-lucia-agenthost spec.selector.matchLabels: nothing -> name=lucia, instance=parity, component=agenthost
                PodDisruptionBudget/parity-lucia-agenthost spec.unhealthyPodEvictionPolicy: nothing -> AlwaysAllow
                PodDisruptionBudget/parity-lucia-agenthost: nothing -> default
                """
        },
        {
            "helm", "ci/ingress-nginx-values.yaml", """
                Ingress/parity-lucia-agenthost metadata.annotations.cert-manager.io/cluster-issuer: nothing -> home
                Ingress/parity-lucia-agenthost spec.ingressClassName: nothing -> nginx
                Ingress/parity-lucia-agenthost spec.rules[0].host: nothing -> lucia.example.org
                Ingress/parity-lucia-agenthost spec.rules[0].http.paths[0].backend.service.name: nothing -> parity-lucia-agenthost
                Ingress/parity-lucia-agenthost spec.rules[0].http.paths[0].backend.service.port.name: nothing -> http
                Ingress/parity-lucia-agenthost spec.rules[0].http.paths[0].path: nothing -> /
                Ingress/parity-lucia-agenthost spec.rules[0].http.paths[0].pathType: nothing -> Prefix
                Ingress/parity-lucia-agenthost spec.tls[0].hosts: nothing -> lucia.example.org
                Ingress/parity-lucia-agenthost spec.tls[0].secretName: nothing -> parity-lucia-agenthost-tls
                Ingress/parity-lucia-agenthost: nothing -> default
                NetworkPolicy/parity-lucia-agenthost spec.ingress[1].from[0].namespaceSelector.matchExpressions[0].key: nothing -> kubernetes.io/metadata.name
                NetworkPolicy/parity-lucia-agenthost spec.ingress[1].from[0].namespaceSelector.matchExpressions[0].operator: nothing -> In
                NetworkPolicy/parity-lucia-agenthost spec.ingress[1].from[0].namespaceSelector.matchExpressions[0].values: nothing -> ingress-nginx, traefik, kube-system
                NetworkPolicy/parity-lucia-agenthost spec.ingress[1].ports[0].port: nothing -> 8080
                NetworkPolicy/parity-lucia-agenthost spec.ingress[1].ports[0].protocol: nothing -> TCP
                """
        },
        {
            "helm", "ci/ingress-traefik-values.yaml", """
                Ingress/parity-lucia-agenthost metadata.annotations.cert-manager.io/cluster-issuer: nothing -> home
                Ingress/parity-lucia-agenthost spec.ingressClassName: nothing -> traefik
                Ingress/parity-lucia-agenthost spec.rules[0].host: nothing -> lucia.example.org
                Ingress/parity-lucia-agenthost spec.rules[0].http.paths[0].backend.service.name: nothing -> parity-lucia-agenthost
                Ingress/parity-lucia-agenthost spec.rules[0].http.paths[0].backend.service.port.name: nothing -> http
                Ingress/parity-lucia-agenthost spec.rules[0].http.paths[0].path: nothing -> /
                Ingress/parity-lucia-agenthost spec.rules[0].http.paths[0].pathType: nothing -> Prefix
                Ingress/parity-lucia-agenthost spec.tls[0].hosts: nothing -> lucia.example.org
                Ingress/parity-lucia-agenthost spec.tls[0].secretName: nothing -> parity-lucia-agenthost-tls
                Ingress/parity-lucia-agenthost: nothing -> default
                NetworkPolicy/parity-lucia-agenthost spec.ingress[1].from[0].namespaceSelector.matchExpressions[0].key: nothing -> kubernetes.io/metadata.name
                NetworkPolicy/parity-lucia-agenthost spec.ingress[1].from[0].namespaceSelector.matchExpressions[0].operator: nothing -> In
                NetworkPolicy/parity-lucia-agenthost spec.ingress[1].from[0].namespaceSelector.matchExpressions[0].values: nothing -> ingress-nginx, traefik, kube-system
                NetworkPolicy/parity-lucia-agenthost spec.ingress[1].ports[0].port: nothing -> 8080
                NetworkPolicy/parity-lucia-agenthost spec.ingress[1].ports[0].protocol: nothing -> TCP
                """
        },
        {
            "helm", "ci/open-network-values.yaml", """
                Deployment/parity-lucia-agenthost spec.template.spec.containers[agenthost].env[EXAMPLE].value: nothing -> yes: it's
                NetworkPolicy/parity-lucia-agenthost: default -> nothing
                NetworkPolicy/parity-lucia-default-deny: default -> nothing
                NetworkPolicy/parity-lucia-helm-test: default -> nothing
                NetworkPolicy/parity-lucia-redis: default -> nothing
                Service/parity-lucia-agenthost spec.sessionAffinity: None -> ClientIP
                Service/parity-lucia-agenthost spec.type: ClusterIP -> LoadBalancer
                StatefulSet/parity-lucia-redis spec.template.spec.containers[redis].env[EXAMPLE].value: nothing -> yes: it's
                """
        },
        {
            "compose", "docker-compose.dev.yml", $$"""
                services.agenthost.build.context: nothing -> ${MANIFEST_DIR:-..}/..
                services.agenthost.build.dockerfile: nothing -> deploy/docker/Dockerfile.dev
                services.agenthost.deploy.resources.limits.memory: ${AGENTHOST_MEMORY:-1g} -> ${AGENTHOST_MEMORY:-4g}
                services.agenthost.deploy.resources.limits.pids: 256 -> 4096
                services.agenthost.environment.DOTNET_ENVIRONMENT: nothing -> Development
                services.agenthost.environment.HOME: nothing -> /home/dev
                services.agenthost.environment.Logging__LogLevel__Default: ${Logging__LogLevel__Default:-Information} -> Debug
                services.agenthost.healthcheck.disable: nothing -> true
                services.agenthost.image: ${AGENTHOST_IMAGE:-seiggy/lucia:{{ProductVersion.Current}}} -> lucia-agenthost:dev
                services.agenthost.read_only: true -> false
                services.agenthost.restart: unless-stopped -> no
                services.agenthost.tmpfs: /tmp:mode=1777 -> /tmp:mode=1777, /home/dev:exec,mode=1777
                services.agenthost.user: 1654:1654 -> ${DEV_USER:-1000:1000}
                services.agenthost.volumes[0].source: nothing -> ${MANIFEST_DIR:-..}/..
                services.agenthost.volumes[0].target: nothing -> /source
                services.agenthost.volumes[0].type: nothing -> bind
                """
        },
        {
            "compose", "docker-compose.offline.yml", """
                networks.edge.driver_opts.com.docker.network.bridge.enable_ip_masquerade: nothing -> false
                services.agenthost.dns: nothing -> 127.0.0.1
                services.agenthost.sysctls.net.ipv4.ip_default_ttl: nothing -> 2
                services.ollama.dns: nothing -> 127.0.0.1
                services.ollama.sysctls.net.ipv4.ip_default_ttl: nothing -> 2
                """
        },
    };

    /// <summary>Target, overlay, file, text, what becomes of it, and the value that is then another than is meant.</summary>
    public static TheoryData<string, string, string, string, string, string> Mutations => new()
    {
        { "kubernetes", "overlays/dev", "overlays/dev/settings.env", "Debug", "Trace", "ConfigMap/settings data.Logging__LogLevel__Default" },
        { "kubernetes", "overlays/dev", "overlays/dev/agenthost.env", "Development", "Staging", "ConfigMap/agenthost-env data.DOTNET_ENVIRONMENT" },
        { "kubernetes", "overlays/dev", "overlays/dev/kustomization.yaml", "lucia-dev", "lucia", "Namespace" },
        { "kubernetes", "overlays/dev", "overlays/dev/kustomization.yaml", "resources/requests", "resources/limits", "Deployment/agenthost spec.template.spec.containers[agenthost].resources.limits.cpu" },
        { "kubernetes", "overlays/ha", "overlays/ha/kustomization.yaml", "count: 2", "count: 1", "Deployment/agenthost spec.replicas" },
        { "kubernetes", "overlays/ha", "overlays/ha/kustomization.yaml", "replicas:\n", "replicas:\n  - name: redis\n    count: 2\n", "StatefulSet/redis spec.replicas" },
        { "kubernetes", "overlays/ha", "overlays/ha/kustomization.yaml", "component: agenthost", "component: redis", "Deployment/agenthost spec.template.spec.topologySpreadConstraints[0].labelSelector.matchLabels" },
        { "kubernetes", "overlays/ha", "overlays/ha/agenthost-poddisruptionbudget.yaml", "maxUnavailable: 1", "maxUnavailable: 0", "PodDisruptionBudget/agenthost spec.maxUnavailable" },
        { "kubernetes", "components/ingress", "components/ingress/agenthost-ingress.yaml", "name: http", "name: https", "Ingress/agenthost spec.rules[0].http.paths[0].backend.service.port.name" },
        { "kubernetes", "components/ingress", "components/ingress/agenthost-ingress-networkpolicy.yaml", "port: 8080", "port: 80", "NetworkPolicy/agenthost-ingress spec.ingress[0].ports[0].port" },

        { "helm", "values.dev.yaml", "lucia/values.dev.yaml", "\"Debug\"", "\"Trace\"", "ConfigMap/parity-lucia-settings data.Logging__LogLevel__Default" },
        { "helm", "values.dev.yaml", "lucia/values.dev.yaml", "requests:", "limits:", "Deployment/parity-lucia-agenthost spec.template.spec.containers[agenthost].resources.limits.cpu" },
        { "helm", "ci/default-values.yaml", "lucia/ci/default-values.yaml", "secrets:", "agenthost:\n  replicas: 2\nsecrets:", "Deployment/parity-lucia-agenthost spec.replicas" },
        { "helm", "ci/existing-secret-values.yaml", "lucia/templates/secret.yaml", "if not $.Values.secrets.existingSecret", "if true", "Secret/parity-lucia-secrets" },
        { "helm", "ci/external-values.yaml", "lucia/templates/redis/service.yaml", "if $.Values.redis.enabled", "if true", "Service/parity-lucia-redis" },
        { "helm", "ci/ha-values.yaml", "lucia/templates/agenthost/poddisruptionbudget.yaml", "replicas) 1", "replicas) 0", "PodDisruptionBudget/parity-lucia-agenthost" },
        { "helm", "ci/ha-values.yaml", "lucia/ci/ha-values.yaml", "replicas: 2", "replicas: 3", "Deployment/parity-lucia-agenthost spec.replicas" },
        { "helm", "ci/ingress-nginx-values.yaml", "lucia/templates/agenthost/networkpolicy.yaml", "{{- if and $.Values.agenthost.ingress.host $.Values.networkPolicy.ingressNamespaces }}", "{{- if false }}", "NetworkPolicy/parity-lucia-agenthost spec.ingress[1].ports[0].port" },
        { "helm", "ci/ingress-traefik-values.yaml", "lucia/ci/ingress-traefik-values.yaml", "className: traefik", "className: nginx", "Ingress/parity-lucia-agenthost spec.ingressClassName" },
        { "helm", "ci/open-network-values.yaml", "lucia/templates/test-networkpolicy.yaml", "if $.Values.networkPolicy.enabled", "if true", "NetworkPolicy/parity-lucia-helm-test" },

        { "compose", "docker-compose.dev.yml", "docker-compose.dev.yml", "read_only: false", "privileged: true", "services.agenthost.read_only" },
        { "compose", "docker-compose.dev.yml", "docker-compose.dev.yml", "Default: Debug", "Default: Trace", "services.agenthost.environment.Logging__LogLevel__Default" },
        { "compose", "docker-compose.dev.yml", "docker-compose.dev.yml", "    healthcheck:\n", "    ports:\n      - \"5000:8080\"\n    healthcheck:\n", "services.agenthost.ports" },
        { "compose", "docker-compose.offline.yml", "docker-compose.offline.yml", "ip_default_ttl: \"2\"", "ip_default_ttl: \"64\"", "services.agenthost.sysctls.net.ipv4.ip_default_ttl" },
        { "compose", "docker-compose.offline.yml", "docker-compose.offline.yml", "masquerade: \"false\"", "masquerade: \"true\"", "networks.edge.driver_opts.com.docker.network.bridge.enable_ip_masquerade" },
    };

    [Theory, MemberData(nameof(Overlays))]
    public async Task An_overlay_changes_what_it_names_and_nothing_else(string target, string overlay, string changes) =>
        (await ChangesAsync(ParitySample.Of("repository"), target, overlay)).ShouldBe(Lines(changes), ignoreOrder: true);

    [Fact]
    public void Every_overlay_of_the_repository_is_looked_at()
    {
        var published = ParitySample.Of("repository");

        Overlays.Select(static o => $"{o.Data.Item1} {o.Data.Item2}").ShouldBe(OverlaysOf(published).Select(static o => $"{o.Target} {o.Overlay}"), ignoreOrder: true);
    }

    [Theory, MemberData(nameof(Mutations))]
    public async Task A_changed_overlay_is_found(string target, string overlay, string file, string text, string changed, string found)
    {
        var published = ParitySample.Of("repository");
        published.Change(target, file, text, changed);
        var meant = Lines(Overlays.Single(o => o.Data.Item1 == target && o.Data.Item2 == overlay).Data.Item3);

        var actual = await ChangesAsync(published, target, overlay);

        actual.Except(meant).Concat(meant.Except(actual)).ShouldContain(line => line.StartsWith(found + ": ", StringComparison.Ordinal));
    }

    private static IEnumerable<(string Target, string Overlay)> OverlaysOf(ParitySample published) =>
    [
        .. published.Files["kubernetes"].Keys.Where(static f => !f.StartsWith("base/", StringComparison.Ordinal) && f.EndsWith("/kustomization.yaml", StringComparison.Ordinal))
            .Select(static f => ("kubernetes", f[..f.LastIndexOf('/')])),
        .. published.Files["helm"].Keys.Select(static f => f[(f.IndexOf('/') + 1)..]).Where(static f => f == "values.dev.yaml" || f.StartsWith("ci/", StringComparison.Ordinal))
            .Select(static f => ("helm", f)),
        .. published.Files["compose"].Keys.Where(static f => f.StartsWith("docker-compose.", StringComparison.Ordinal) && f != "docker-compose.yml").Select(static f => ("compose", f)),
    ];

    private static Task<IReadOnlyList<string>> ChangesAsync(ParitySample published, string target, string overlay) =>
        Overlay.ChangesAsync(target, published.Plan.For(target), published.Files[target], overlay);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
