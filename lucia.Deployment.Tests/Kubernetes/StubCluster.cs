using System.Diagnostics;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Kubernetes;

/// <summary>
/// A cluster that is a folder: a <c>kubectl</c> and a <c>helm</c> that write down how they were called and answer as a healthy cluster does, but for what
/// a test makes go wrong.
/// </summary>
internal sealed class StubCluster : IDisposable
{
    private static readonly string[] Words = [
        "bash", "sh", "cat", "cp", "mv", "rm", "mkdir", "mktemp", "sed", "grep", "tr", "cut", "head", "tail", "sleep", "date", "dirname", "basename", "wc", "awk", "stty", "env", "touch", "ls",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-stub-cluster-");

    public StubCluster()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is for bash.");
        Write("kubectl", Kubectl);
        Write("helm", Helm);
        foreach (var word in Words)
        {
            var program = ((string[])["/usr/bin", "/bin"]).Select(p => Path.Combine(p, word)).FirstOrDefault(File.Exists);
            if (program is not null && !File.Exists(Path.Combine(_folder.FullName, word))) File.CreateSymbolicLink(Path.Combine(_folder.FullName, word), program);
        }
    }

    /// <summary>Every call of kubectl and helm with its arguments, a line each.</summary>
    public string Calls => File.Exists(At("calls")) ? File.ReadAllText(At("calls")) : "";

    /// <summary>Whether the namespace is there.</summary>
    public bool HasNamespace => File.Exists(At("namespace"));

    /// <summary>Makes something be so: the file's name is what, its text how.</summary>
    public StubCluster With(string what, string how = "")
    {
        File.WriteAllText(At(what), how);
        return this;
    }

    public StubCluster Without(string program)
    {
        File.Delete(At(program));
        return this;
    }

    /// <summary>Runs the script to its end.</summary>
    public Task<Ran> VerifyAsync(params string[] arguments) => Ran.ToEndAsync("env", [.. Environment, .. arguments], seconds: 90);

    /// <summary>Starts the script, with the signals of a terminal even where whoever runs the tests ignores them.</summary>
    public Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("env", ["--default-signal=INT,TERM", .. Environment, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        RedirectStandardInput = true,
    })!;

    public string At(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    private string[] Environment => [
        "-i", $"PATH={_folder.FullName}", $"STATE={_folder.FullName}", $"TMPDIR={_folder.FullName}", "ChatModel__AccessKey=the-key-of-the-model",
        "bash", Path.Combine(Programs.Repository, "deploy/scripts/verify-kubernetes.sh"),
    ];

    private void Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(At(name), (UnixFileMode)0b111_101_101);
    }

    private const string Helm = """
        #!/bin/sh
        echo "helm $*" >>"$STATE/calls"
        case " $* " in
            *' upgrade '*) [ ! -f "$STATE/helm-fails" ] || { cat "$STATE/helm-fails" >&2; exit 1; } ;;
            *' template '*) printf 'kind: ConfigMap\n' ;;
        esac
        """;

    private const string Kubectl = """
        #!/bin/sh
        echo "kubectl $*" >>"$STATE/calls"
        case " $* " in
            *' get --raw /version '*)
                [ ! -f "$STATE/unreachable" ] || { echo 'The connection to the server was refused' >&2; exit 1; }
                if [ -f "$STATE/version" ]; then cat "$STATE/version"; else echo '{"gitVersion": "v1.33.1"}'; fi ;;
            *' auth can-i '*) [ ! -f "$STATE/forbidden" ] ;;
            *' config current-context '*) echo stub ;;
            *' get storageclass '*) [ -f "$STATE/no-class" ] || echo standard ;;
            *' get persistentvolume '*) if [ -f "$STATE/volume" ]; then cat "$STATE/volume"; else exit 1; fi ;;
            *' create -f - '*)
                said=$(cat)
                case $said in *'kind: Namespace'*) printf '%s\n' "$said" | sed -n 's/^ *verify.lucia\/run: "\(.*\)"/\1/p' >"$STATE/namespace" ;; esac ;;
            *' get namespace '*) if [ -f "$STATE/namespace" ]; then cat "$STATE/namespace"; else exit 1; fi ;;
            *' delete namespace '*) rm -f "$STATE/namespace" ;;
            *' label --overwrite namespace '*) echo kept >"$STATE/namespace" ;;
            *' apply -k '*) [ ! -f "$STATE/apply-fails" ] || { cat "$STATE/apply-fails" >&2; exit 1; } ;;
            *' rollout status '*)
                [ ! -f "$STATE/hangs" ] || exec sleep 60
                case "$*" in *"$(cat "$STATE/never-ready" 2>/dev/null || echo nothing-of-this-name)"*) echo 'error: timed out waiting for the condition' >&2; exit 1 ;; esac ;;
            *' get secret '*) printf 'the-key-of-the-callers' ;;
            *' get service '*) printf '10.96.0.7' ;;
            *' get pods '*items*) printf 'pod-1' ;;
            *' get pods -o wide '*) echo 'pod-1 0/1 ImagePullBackOff' ;;
            *' get pods -o name '*) echo pod/pod-1 ;;
            *' get events '*) echo 'Failed to pull image' ;;
            *' logs '*) echo 'what the pod wrote' ;;
            *' get pod '*) exit 1 ;;
            *' get deployment '*configMapKeyRef*) printf settings-abc ;;
            *' get deployment '*secretName*) printf agenthost-secrets-abc ;;
            *' get configmap settings-abc '*) printf 19 ;;
            *' get deployment,'*) [ ! -f "$STATE/left-over" ] || cat "$STATE/left-over" ;;
            *' exec '*)
                said=$(cat)
                case $said in
                    *'echo started'*)
                        rm -f "$STATE/stop"
                        echo started
                        while [ ! -f "$STATE/stop" ]; do sleep 0.1; done
                        echo "asked 50 lost $(cat "$STATE/lost" 2>/dev/null || echo 0) waited 0" ;;
                    *'touch /tmp/stop'*) touch "$STATE/stop" ;;
                    *text/event-stream*) printf '7\n1\n' ;;
                    *redis-cli*) [ ! -f "$STATE/open-network" ] || echo 'NOAUTH Authentication required.' ;;
                    *'Turn on'*) printf '{"sessionId":"s-1","message":"The kitchen light is on.","actions":[{"tool":"control_light","success":true}]}' ;;
                    *'a call without a key'*) [ ! -f "$STATE/no-key-needed" ] || { echo 'a call without a key was answered 200'; exit 1; } ;;
                esac ;;
        esac
        """;
}
