# Part of verify-kubernetes.sh, which holds the variables.
# shellcheck shell=bash disable=SC2034,SC2154
# --- Cluster ---

kube() { "${kubectl[@]}" "$@"; }

in_namespace() { kube --namespace "$namespace" "$@"; }

# quietly COMMAND...: keeps what it says for the message of a failure.
quietly() {
    "$@" >"$work/said" 2>&1
}

said() { tr '\n' ' ' <"$work/said" | cut -c 1-600 | sed 's/ *$//'; }

# until_true WHAT COMMAND...: tries every two seconds.
until_true() {
    local what=$1 limit=$((SECONDS + timeout))
    shift
    until "$@"; do
        [ $SECONDS -lt $limit ] || fail "$what took more than $timeout s" "--timeout gives it longer." || return 1
        sleep 2
    done
}

check_tools() {
    local tool file missing=''
    for tool in kubectl $([ "$with" = kustomize ] || say helm) $([ -z "$ingress_host" ] || say curl openssl); do
        command -v "$tool" >/dev/null 2>&1 || missing+=" $tool"
    done
    [ -z "$missing" ] || die "$EXIT_MISSING" "missing:$missing. kubectl: https://kubernetes.io/docs/tasks/tools, helm: https://helm.sh/docs/intro/install"
    for file in kubernetes/base/kustomization.yaml helm/lucia/Chart.yaml; do
        [ -f "$deploy/$file" ] || die "$EXIT_MISSING" "$deploy/$file is missing; run this script where it lies in the repository, after ./lucia publish"
    done
}

made_namespace='' server_version=''

check_cluster() {
    quietly kube get --raw /version || fail "the cluster does not answer: $(said)" "kubectl config get-contexts lists the clusters you know; --context names one." || return
    server_version=$(sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p' "$work/said")
    local minor
    minor=$(sed -E 's/^v1\.([0-9]+).*/\1/' <<<"$server_version")
    [[ $minor =~ ^[0-9]+$ ]] && [ "$minor" -ge 28 ] || fail "it is ${server_version:-of an unknown version}" "Lucia needs Kubernetes 1.28 or later." || return
    quietly kube auth can-i create namespaces || fail "you may not create a namespace there" "Use a context with the rights of a cluster administrator." || return
    detail="$server_version, context $(kube config current-context 2>/dev/null || say none)"
    [ -z "$context" ] || detail="$server_version, context $context"
}

check_storage() {
    if [ -n "$existing_volume" ]; then
        quietly kube get persistentvolume "$existing_volume" -o 'jsonpath={.status.phase}' || fail "there is no PersistentVolume $existing_volume" "kubectl get pv lists them." || return
        case $(said) in
            Available*) detail="the volume $existing_volume" ;;
            *) fail "the PersistentVolume $existing_volume is not free but $(said)" "Take one that kubectl get pv shows as Available." ;;
        esac
    elif [ -n "$storage_class" ]; then
        quietly kube get storageclass "$storage_class" || fail "there is no StorageClass $storage_class" "kubectl get storageclass lists them." || return
        detail="the class $storage_class"
    else
        quietly kube get storageclass -o 'jsonpath={range .items[?(@.metadata.annotations.storageclass\.kubernetes\.io/is-default-class=="true")]}{.metadata.name}{"\n"}{end}' || fail "$(said)" || return
        [ -s "$work/said" ] || fail "the cluster has no default StorageClass" "Name one by --storage-class (kubectl get storageclass), or a free PersistentVolume by --existing-volume." || return
        detail="the default class $(said)"
    fi
}

make_namespace() {
    if quietly in_namespace get namespace "$namespace" -o "jsonpath={.metadata.labels.${OWNER_LABEL//./\\.}}"; then
        [ "$(said)" = kept ] || fail "the namespace $namespace exists and is not of this script's making" "Give another one by --namespace." || return
        kube delete namespace "$namespace" --wait --timeout="${timeout}s" >/dev/null || fail "the namespace of a kept run could not be removed" || return
        detail='in place of the kept one'
    fi
    # create, not apply: if somebody else makes it at this moment, it is theirs.
    quietly kube create -f - <<END || fail "$(said)" || return
apiVersion: v1
kind: Namespace
metadata:
  name: $namespace
  labels:
    $OWNER_LABEL: "$run"
    pod-security.kubernetes.io/enforce: restricted
    pod-security.kubernetes.io/warn: restricted
END
    made_namespace=1
}

# Called from a trap too, where a return without a status gives that of before the trap.
remove_namespace() {
    # Only the one that carries this run's mark.
    [ "$(kube get namespace "$namespace" -o "jsonpath={.metadata.labels.${OWNER_LABEL//./\\.}}" 2>/dev/null)" = "$run" ] || fail "the namespace $namespace is not this run's any more" "Look at it before you remove it." || return 1
    quietly kube delete namespace "$namespace" --wait=false || fail "$(said)" || return 1
    # Where no controller does it, the deletion is finished here; nothing but a service account is in it.
    if [ -z "$controllers" ]; then
        quietly in_namespace delete serviceaccount default || true
        quietly kube replace --raw "/api/v1/namespaces/$namespace/finalize" -f - <<<"{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"$namespace\"},\"spec\":{\"finalizers\":[]}}" || fail "$(said)" || return 1
    fi
    until_true "its removal" namespace_is_gone || return 1
    made_namespace=''
}

namespace_is_gone() { ! kube get namespace "$namespace" >/dev/null 2>&1; }

clean_up() {
    local status=$?
    trap - EXIT
    trap '' INT TERM
    # The signal may have come in the middle of a command whose output is kept.
    exec >&6 2>&7
    [ -z "$loop" ] || kill "$loop" 2>/dev/null || true
    if [ -n "$made_namespace" ]; then
        if [ -n "$keep" ]; then
            quietly kube label --overwrite namespace "$namespace" "$OWNER_LABEL=kept" || true
            say "kept: the namespace $namespace. To remove it: kubectl${context:+ --context $context} delete namespace $namespace"
        else
            step "the namespace $namespace is removed" remove_namespace || status=$((status > 0 ? status : EXIT_FAILED))
        fi
    fi
    [ "$steps" = 0 ] || {
        write_report
        say "$((steps - failures - skips)) passed, $failures failed, $skips skipped in $SECONDS s"
    }
    rm -rf "$work"
    exit "$status"
}

