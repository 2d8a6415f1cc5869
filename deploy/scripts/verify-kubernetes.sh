#!/usr/bin/env bash
# Proves Lucia on a Kubernetes cluster: installs it into a namespace of its own, uses it, breaks it, changes it and removes it.
set -euo pipefail
export LC_ALL=C

usage() {
    cat <<'HELP'
Usage: verify-kubernetes.sh (--simulator-image IMAGE | --chat-model CONNECTION | --dry-run) [options]

Installs Lucia into the current cluster, in a namespace of its own: waits until it is ready, chats, kills a pod while requests are
under way, changes a setting, restarts Redis, and removes everything again. Needs kubectl; no ingress controller, no default storage
class and no registry of your own.

What there is to chat with:
  --simulator-image IMAGE   a simulated model and home, run beside Lucia (built from lucia.Simulator/Dockerfile)
  --chat-model CONNECTION   a model of yours, such as 'Endpoint=http://192.168.1.20:11434;Model=qwen3;Provider=ollama'. No key in
                            here: give that as ChatModel__AccessKey in the environment

What is installed:
  --with kustomize|helm     the plain manifests, or the chart (needs helm 3.12 or later). Default: kustomize
  --chart FILE              with helm: the chart as it is packed, in place of the folder deploy/helm/lucia
  --image IMAGE             Lucia's image, with tag or digest. Default: the release's own
  --replicas N              how many run. Default: 2
  --storage-class CLASS     for Redis' volume. Default: the cluster's default class
  --existing-volume NAME    a free PersistentVolume for Redis, in place of a class

Where:
  --context NAME            of your kubeconfig. Default: the current one
  --namespace NAME          made for this run and removed after it; it must not exist yet. Default: lucia-verify
  --ingress-host HOST       also offer it by this name through the cluster's ingress controller, with TLS, and chat through that
                            (needs curl and openssl)
  --ingress-class CLASS     Default: the cluster's default class
  --ingress-address ADDR    where the controller is reached, address[:port]. Default: what the Ingress reports, else 127.0.0.1

How:
  --dry-run                 change nothing but one namespace for the time of the run: every object of base, overlays, component or
                            chart is sent to the API server as a dry run, and every pod to the admission of Pod Security "restricted".
                            A bare control plane will do
  --timeout SECONDS         for each thing that is waited for. Default: 180
  --keep                    leave everything in place at the end
  --report FILE             write the result as a Markdown table
  --help                    this text

Examples:
  verify-kubernetes.sh --simulator-image lucia-simulator:test --image seiggy/lucia:test
  verify-kubernetes.sh --with helm --context kind-lucia --storage-class standard --simulator-image lucia-simulator:test --report result.md
  verify-kubernetes.sh --chat-model 'Endpoint=http://192.168.1.20:11434;Model=qwen3;Provider=ollama' --replicas 1
  verify-kubernetes.sh --dry-run --with helm
  verify-kubernetes.sh --with helm --chart lucia-1.2.3.tgz --simulator-image lucia-simulator:test

Exit codes: 0 everything passed, 1 something failed, 2 wrong usage, 69 something needed is missing, 130 interrupted.
HELP
}

readonly EXIT_FAILED=1 EXIT_USAGE=2 EXIT_MISSING=69
readonly OWNER_LABEL=verify.lucia/run
readonly CLIENT=verify-client SIMULATOR=verify-simulator RELEASE=lucia

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
deploy=$(dirname "$here")
with=kustomize chart='' image='' namespace=lucia-verify replicas=2 storage_class='' existing_volume='' context=''
simulator_image='' chat_model=${ConnectionStrings__chat_model:-} ingress_host='' ingress_class='' ingress_address=''
dry_run='' keep='' timeout=180 report=''

say() { printf '%s\n' "$*"; }

die() {
    local code=$1
    shift
    printf 'verify-kubernetes: %s\n' "$*" >&2
    exit "$code"
}

# --- Options ---

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --with | --chart | --image | --namespace | --replicas | --storage-class | --existing-volume | --context | --simulator-image | --chat-model | \
                --ingress-host | --ingress-class | --ingress-address | --timeout | --report)
                [ -n "${2:-}" ] || die "$EXIT_USAGE" "$1 takes a value; see --help"
                set_option "$1" "$2"
                shift 2
                ;;
            --dry-run) dry_run=1 && shift ;;
            --keep) keep=1 && shift ;;
            --help | -h) usage && exit 0 ;;
            *) die "$EXIT_USAGE" "\"$1\" is not known; see --help" ;;
        esac
    done
    check_options
}

set_option() {
    case $1 in
        --with) with=$2 ;;
        --chart) chart=$2 ;;
        --image) image=$2 ;;
        --namespace) namespace=$2 ;;
        --replicas) replicas=$2 ;;
        --storage-class) storage_class=$2 ;;
        --existing-volume) existing_volume=$2 ;;
        --context) context=$2 ;;
        --simulator-image) simulator_image=$2 ;;
        --chat-model)
            case $2 in *[Aa]ccess[Kk]ey*) die "$EXIT_USAGE" "--chat-model must not hold the AccessKey, as others see the arguments of a program: set ChatModel__AccessKey in the environment" ;; esac
            chat_model=$2
            ;;
        --ingress-host) ingress_host=$2 ;;
        --ingress-class) ingress_class=$2 ;;
        --ingress-address) ingress_address=$2 ;;
        --timeout) timeout=$2 ;;
        --report) report=$2 ;;
    esac
}

check_options() {
    case $with in helm | kustomize) ;; *) die "$EXIT_USAGE" "--with takes helm or kustomize, not \"$with\"" ;; esac
    if [ -n "$chart" ]; then
        [ "$with" = helm ] || die "$EXIT_USAGE" "--chart is for --with helm"
        [ -r "$chart" ] || die "$EXIT_USAGE" "there is no chart \"$chart\", or it cannot be read"
    fi
    [[ $replicas =~ ^[1-9][0-9]?$ ]] || die "$EXIT_USAGE" "--replicas takes a number from 1 to 99, not \"$replicas\""
    [[ $timeout =~ ^[1-9][0-9]{0,4}$ ]] || die "$EXIT_USAGE" "--timeout takes a number of seconds, not \"$timeout\""
    [[ $namespace =~ ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$ ]] || die "$EXIT_USAGE" "--namespace takes small letters, digits and hyphens, not \"$namespace\""
    [ -z "$storage_class" ] || [ -z "$existing_volume" ] || die "$EXIT_USAGE" "--storage-class and --existing-volume exclude each other"
    [ -z "$simulator_image" ] || [ -z "$chat_model" ] || die "$EXIT_USAGE" "there is a simulator and a chat model of yours (--chat-model or ConnectionStrings__chat_model); give one of them"
    [ -n "$simulator_image$chat_model$dry_run" ] || die "$EXIT_USAGE" "there is nothing to chat with: give --simulator-image or --chat-model, or use --dry-run; see --help"
    [ -n "$ingress_host" ] || [ -z "$ingress_class$ingress_address" ] || die "$EXIT_USAGE" "--ingress-class and --ingress-address need --ingress-host"
    # Image, volume, class and host stand in YAML: what is none of these characters would end up as something else there.
    local value
    for value in "$image" "$simulator_image" "$storage_class" "$existing_volume" "$ingress_host" "$ingress_class"; do
        [[ $value =~ ^[A-Za-z0-9._:/@-]*$ ]] || die "$EXIT_USAGE" "\"$value\" is no name of an image, a class, a volume or a host"
    done
}

# shellcheck source=verify-kubernetes/steps.sh
. "$here/verify-kubernetes/steps.sh"
# shellcheck source=verify-kubernetes/cluster.sh
. "$here/verify-kubernetes/cluster.sh"
# shellcheck source=verify-kubernetes/installation.sh
. "$here/verify-kubernetes/installation.sh"
# shellcheck source=verify-kubernetes/checks.sh
. "$here/verify-kubernetes/checks.sh"
# shellcheck source=verify-kubernetes/dry-run.sh
. "$here/verify-kubernetes/dry-run.sh"

# --- The run ---

run_checks() {
    [ -z "$existing_volume" ] || must_step "the claim of the volume $existing_volume" install_claim
    [ -z "$simulator_image" ] || must_step "the simulated model and home" install_simulator
    [ -z "$ingress_host" ] || must_step "a certificate for $ingress_host" make_certificate
    must_step "installed with $with${chart:+ from ${chart##*/}}" install
    must_step "Redis is ready" rolled_out "statefulset/$(object redis)" "Is there a volume for it? kubectl get pv,pvc,storageclass"
    must_step "$replicas of Lucia ready" rolled_out "deployment/$(object agenthost)" "Can the cluster have the image ${image:-"that the release names"}? (kind load docker-image, k3d image import)"
    must_step "a caller in the cluster" install_client
    must_step "healthy" check_health
    step "found by its name" check_name || true
    step "the key is asked for" check_key || true
    must_step "it chats and acts" check_chat
    step "it streams" check_stream || true
    step "every pod knows the conversation" check_session || true
    step "Redis is open to Lucia alone" check_policies || true
    [ "$with" = kustomize ] || step "helm test" check_helm_test || true
    [ -z "$ingress_host" ] || step "reached by its name from outside" check_ingress || true
    step "a pod is killed" check_kill || true
    step "a setting is changed" check_setting || true
    step "the conversation survives Redis' restart" check_redis || true
    [ "$failures" = 0 ] || show_cluster
    [ -n "$keep" ] || step "uninstalled, but for the volume" uninstall || true
}

main() {
    read_options "$@"
    check_tools
    kubectl=(kubectl) helm=(helm)
    [ -z "$context" ] || { kubectl+=(--context "$context") && helm+=(--kube-context "$context"); }
    umask 077
    work=$(mktemp -d)
    run=$(random 12)
    exec 6>&1 7>&2
    trap clean_up EXIT
    trap 'exit 130' INT TERM

    must_step "cluster" check_cluster
    if [ -z "$dry_run" ] || [ -n "$existing_volume$storage_class" ]; then must_step "storage" check_storage; fi
    must_step "the namespace $namespace" make_namespace
    exit_code=$EXIT_FAILED
    must_step "the installation is prepared" prepare
    if [ -n "$dry_run" ]; then dry_run; else run_checks; fi
    exit $((failures > 0 ? EXIT_FAILED : 0))
}

# Read whole before anything of it runs: an update of the repository in the middle of a run does no harm.
main "$@"
