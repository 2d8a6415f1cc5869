using System.Text;
using Lucia.Deployment.Tests.Scripts;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Kubernetes;

/// <summary>
/// A cluster with Lucia in it, as <c>deploy/scripts</c> sees it: a <c>kubectl</c> and a <c>helm</c> that answer for a healthy deployment, but for what a
/// test makes go wrong. Redis's data is the file <c>state/data</c>.
/// </summary>
internal sealed class ScriptCluster : IDisposable
{
    public const string ChatModel = "Endpoint=http://192.168.1.30:11434;Model=qwen3;Provider=ollama";
    public const string Token = "token-of-the-home-that-is-a-secret";

    public ScriptCluster(bool helm)
    {
        Folder = new ScriptFolder();
        Folder.Write("bin/kubectl", Kubectl, executable: true);
        Folder.Write("bin/helm", Helm, executable: true);
        With("data", "REDIS0011 before");
        With("replicas", "1");
        With("settings", "HomeAssistant__BaseUrl=http://192.168.1.20:8123\nSessions__TtlHours=24\n");
        With("secrets", string.Concat(new[] { ("auth-api-key", StandInService.Key), ("redis-password", "password-of-redis-22"), ("chat-model", ChatModel), ("embedding-model", ""), ("home-assistant-access-token", Token) }
            .Select(static secret => $"{secret.Item1}={Convert.ToBase64String(Encoding.UTF8.GetBytes(secret.Item2))}\n")));
        // The folders as the release has them, so that values and settings have a place.
        Folder.Write("helm/lucia/Chart.yaml", "name: lucia\n");
        Folder.Write("kubernetes/base/.env.example", File.ReadAllText(Path.Combine(ScriptFolder.Repository, "../kubernetes/base/.env.example")));
        if (helm) With("helm", "lucia");
        else Folder.SetUp("kubernetes/base", "secrets", "Sessions__TtlHours=48\n");
    }

    public ScriptFolder Folder { get; }

    /// <summary>Every call of kubectl and helm, a line each.</summary>
    public string Calls => Folder.Read("state/calls");

    /// <summary>Makes something be so: the file's name is what, its text how.</summary>
    public ScriptCluster With(string what, string how = "")
    {
        Folder.Write($"state/{what}", how);
        return this;
    }

    /// <summary>Has something be no longer so.</summary>
    public ScriptCluster Without(string what)
    {
        File.Delete(Folder.At($"state/{what}"));
        return this;
    }

    /// <summary>Has the deployment be as the chart or the manifests have it; skips the test where kubectl and helm are not to be had.</summary>
    public async Task<ScriptCluster> RenderedAsync(string with)
    {
        ClusterPrograms.Need();
        With("kubectl", ClusterPrograms.Kubectl!);
        foreach (var (name, kind) in new[] { ("agenthost", "deployment"), ("redis", "statefulset") })
        {
            With($"{name}.yaml", with == "kustomize"
                ? File.ReadAllText(Path.Combine(ScriptFolder.Repository, $"../kubernetes/base/{name}-{kind}.yaml"))
                : (await Ran.ToEndAsync(ClusterPrograms.Helm!, ["template", "lucia", Path.Combine(ScriptFolder.Repository, "../helm/lucia"), "--namespace", "lucia",
                    "--set-string", $"secrets.connectionStringsChatModel={ChatModel}", "--show-only", $"templates/{name}/{kind}.yaml"])).Well().Output);
        }

        return this;
    }

    public Task<Ran> RunAsync(string command) => Folder.RunAsync(command);

    public void Dispose() => Folder.Dispose();

    private const string Helm = """
        #!/bin/bash
        state=${0%/*}/../state
        echo "helm $*" >>"$state/calls"
        case "$*" in
            'get values lucia --namespace lucia --output yaml') [ ! -f "$state/helm-fails" ] || { cat "$state/helm-fails" >&2; exit 1; }; cat "$state/values" 2>/dev/null || echo null ;;
            *) exit 1 ;;
        esac
        """;

    private const string Kubectl = """
        #!/bin/bash
        state=${0%/*}/../state
        echo "kubectl $*" >>"$state/calls"
        # What is rendered is read by the real kubectl, which needs no cluster for that.
        case "$*" in
            *release-name* | *.status.* | *'.spec.replicas}') ;;
            *" get deployment.apps/agenthost -o jsonpath="* | *" get statefulset.apps/redis -o jsonpath="*)
                case "$*" in *deployment.apps*) rendered=$state/agenthost.yaml ;; *) rendered=$state/redis.yaml ;; esac
                [ ! -f "$rendered" ] || exec "$(cat "$state/kubectl")" patch --local -f "$rendered" -p '{}' -o "${@: -1}" ;;
        esac
        given() { [ ! -f "$state/$1" ] || { cat "$state/$1"; exit 0; }; }
        case "$*" in
            *'-o name')
                case "$*" in
                    *component=redis*' get pods '* | *' get pods '*component=redis*) echo pod/redis-0 ;;
                    *component=redis*) [ -f "$state/no-redis" ] || echo statefulset.apps/redis ;;
                    *component=agenthost* | *' get deployments -o name') [ -f "$state/no-service" ] || echo deployment.apps/agenthost ;;
                    *networkpolicies*) [ -f "$state/no-policy" ] || echo networkpolicy/default-deny ;;
                esac ;;
            *version) [ ! -f "$state/unreachable" ] ;;
            *' port-forward '*) echo "Forwarding from 127.0.0.1:$(cat "$state/port") -> 8080"; exec sleep 60 ;;
            *release-name*) given helm ;;
            *configMapKeyRef*) printf 'settings-abc settings-abc' ;;
            *secretName*) printf ' agenthost-secrets-abc' ;;
            *' get secret '*) [ ! -f "$state/forbidden" ] || exit 1
                case "$*" in *auth-api-key*) sed -n 's/^auth-api-key=//p' "$state/secrets" | tr -d '\n' ;; *) cat "$state/secrets" ;; esac ;;
            *' get configmap '*) cat "$state/settings" ;;
            *pod-security*) given pod-security ;;
            *restartCount*) printf 0 ;;
            *runAsNonRoot*) given non-root; printf true ;;
            *readOnlyRootFilesystem*) printf true ;;
            *allowPrivilegeEscalation* | *automountServiceAccountToken*) printf false ;;
            *capabilities*) printf ALL ;;
            *seccompProfile*) printf RuntimeDefault ;;
            *hostNetwork*) given host-network ;;
            *limits.memory*) printf 1Gi ;;
            *Probe*) printf '{}' ;;
            *runAsUser*) printf 999 ;;
            *volumeClaimTemplates*) printf data ;;
            *'.image}') printf 'redis:8.2-alpine' ;;
            *'.spec.replicas}') cat "$state/replicas" ;;
            *readyReplicas*) cat "$state/replicas" ;;
            *persistentvolumeclaims*status.phase*) printf Bound ;;
            *persistentvolumeclaims*) printf 'kind: PersistentVolumeClaim\nstorageClassName: %s\n' "$(cat "$state/class" 2>/dev/null || echo standard)" ;;
            *storageclasses*) printf 'standard true\n' ;;
            *' auth can-i '*) ;;
            *' get services '*) printf ClusterIP ;;
            *' exec '*'lucia.AgentHost.dll --help') echo 'doctor' ;;
            *' exec '*'lucia.AgentHost.dll doctor --json') printf '{"checks":[{"name":"settings","status":"%s","found":"looked at","remedy":"mend it"}]}' "$(cat "$state/doctor" 2>/dev/null || echo pass)" ;;
            *' exec '*' redis-cli ping') case "$*" in *REDISCLI_AUTH*) [ ! -f "$state/redis-down" ] && [ "$(cat "$state/replicas")" != 0 ] && echo PONG ;; *) echo 'NOAUTH Authentication required.' ;; esac ;;
            *' exec '*' redis-cli dbsize') echo 3 ;;
            *' exec '*'config get appendonly') printf 'appendonly\nyes\n' ;;
            *' exec '*'config get maxmemory-policy') printf 'maxmemory-policy\nnoeviction\n' ;;
            *' exec '*'config get maxmemory') printf 'maxmemory\n268435456\n' ;;
            *' exec '*--rdb*) cat "$state/data" ;;
            *' exec -i redis-restore '*)
                if [ -f "$state/hangs" ]; then touch "$state/hanging"; for i in $(seq 600); do [ ! -f "$state/go-on" ] || exit 1; sleep 0.05; done; fi
                [ ! -f "$state/exec-fails" ] || { cat "$state/exec-fails" >&2; exit 1; }
                cat >"$state/data" ;;
            *' scale '*'--replicas='?)
                said=$*
                [ ! -f "$state/scale-fails" ] || [ "${said##*=}" = 0 ] || { echo 'the server is away' >&2; exit 1; }
                printf '%s' "${said##*=}" >"$state/replicas" ;;
            *' apply -f -') cat >/dev/null; [ ! -f "$state/apply-fails" ] || { cat "$state/apply-fails" >&2; exit 1; } ;;
            *' rollout status '* | *' wait '* | *' delete pod '*) ;;
            *) exit 1 ;;
        esac
        """;
}
