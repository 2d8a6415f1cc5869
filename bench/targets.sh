#!/usr/bin/env bash
# Installs Lucia the way each guide says, measures it, removes it, and writes the table of deploy/docs/deployment-comparison.md.
set -euo pipefail
export LC_ALL=C
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
called_in=$PWD
cd "$root"

usage() {
    cat <<'HELP'
Usage: ./lucia bench targets [--target T[,T...]] [--image IMAGE] [--document FILE] [--print]

Measures, for each target that can be had here: seconds from the guide's first command to healthy, seconds from the start of the service
to its first answer, memory, and disk. What is installed for it has names of its own and is removed again. The document keeps what it
says of a target that is not asked for or cannot be had here; one that fails is "not measured", and the others are written all the same.

  --target T   compose, kubernetes, systemd. Default: all. compose needs a container engine; kubernetes a current cluster that has or
               can pull the image; systemd the folder that LUCIA_TESTBED names (machine-up, machine-exec, machine-down)
  --image I    the service's image. Default: on compose, built from deploy/docker/Dockerfile, which is not part of what is measured; on
               Kubernetes the released one, as a cluster does not have what is built here
  --document F write the table there. Default: deploy/docs/deployment-comparison.md
  --print      print the table, and leave the document alone

Exit codes: 0 measured, 1 a target failed (the others are written), 2 wrong usage, 69 nothing can be measured here.
HELP
}

document=deploy/docs/deployment-comparison.md
targets=compose,kubernetes,systemd image='' print=''
while [ $# -gt 0 ]; do
    case $1 in
        --target) targets=${2:?--target takes compose, kubernetes, systemd} && shift 2 ;;
        --image) image=${2:?--image takes a name} && shift 2 ;;
        --document) document=$(cd "$called_in" && realpath -m "${2:?--document takes a file}") && shift 2 ;;
        --print) print=1 && shift ;;
        --help | -h) usage && exit 0 ;;
        *) printf 'bench: "%s" is not known; see ./lucia bench targets --help\n' "$1" >&2 && exit 2 ;;
    esac
done

say() { printf 'bench: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", to - from }'; }
megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.0f MB", bytes / 1000000 }'; }

work=$(mktemp -d)
project=lucia-bench-$$
machine=$project
given_image=$image
# What is to be removed again is named in files, as each target is measured in a shell of its own.
clean_up_target() {
    [ ! -f "$work/deploy/compose/.env" ] || (cd "$work/deploy/compose" && COMPOSE_PROJECT_NAME=$project docker compose down --volumes --timeout 5 >/dev/null 2>&1) || true
    rm -rf "$work/deploy" "$work/kubernetes"
    [ ! -f "$work/booted" ] || "$LUCIA_TESTBED/machine-down" "$machine" >/dev/null 2>&1 || true
    [ ! -f "$work/namespace" ] || kubectl delete namespace "$project" --wait=false >/dev/null 2>&1 || true
    [ ! -f "$work/built" ] || docker image rm "$(cat "$work/built")" >/dev/null 2>&1 || true
    rm -f "$work/booted" "$work/namespace" "$work/built"
}
clean_up() {
    clean_up_target
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# The model is asked nothing: healthy is a service that is configured, has its Redis and takes requests.
export ConnectionStrings__chat_model='Endpoint=http://192.0.2.1:11434;Model=qwen3;Provider=ollama'

# Rows of the table by target. A target is measured as a whole: of one that fails halfway, nothing is taken.
rows='healthy start memory-agenthost memory-redis program disk'
declare -A heading=(
    [healthy]="the guide's first command to healthy" [start]='start of the service to its first answer' [memory-agenthost]='resident memory of the service, idle'
    [memory-redis]='resident memory of Redis, idle' [program]=program [disk]=disk
)
result() { printf '%s' "$3" >"$work/$1.$2"; }

# value TARGET ROW: what was measured now, else what the document says, else that there is nothing.
value() {
    local column
    case $1 in compose) column=3 ;; kubernetes) column=4 ;; systemd) column=5 ;; esac
    if [ -f "$work/$1.done" ]; then cat "$work/$1.$2" 2>/dev/null || printf 'not measured'; return; fi
    if [ -f "$work/$1.failed" ] || [ ! -f "$document" ]; then printf 'not measured' && return; fi
    awk -F '[ ]*[|][ ]*' -v name="${heading[$2]}" -v column="$column" '
        /^<!-- measured -->$/ { inside = 1 }
        /^<!-- \/measured -->$/ { inside = 0 }
        inside && $2 == name { found = $column }
        END { printf "%s", found == "" ? "not measured" : found }' "$document"
}

# first_answer URL: waits until it answers with success.
first_answer() {
    for _ in $(seq 1200); do
        ! curl -fsS -o /dev/null -m 2 "$1" 2>/dev/null || return 0
        sleep 0.05
    done
    say "no answer from $1 within a minute" && return 1
}

need_image() {
    [ -n "$image" ] && return
    say 'building the image'
    image=lucia-bench:$$
    docker build -q -f deploy/docker/Dockerfile -t "$image" . >/dev/null
    printf '%s' "$image" >"$work/built"
}

measure_compose() {
    if ! have docker || ! docker compose version >/dev/null 2>&1 || ! docker info >/dev/null 2>&1; then say 'compose: no container engine answers, not measured' && return; fi
    need_image
    local start port service size redis_image
    mkdir -p "$work/deploy"
    cp -R deploy/compose "$work/deploy/compose"
    rm -rf "$work/deploy/compose/.env" "$work/deploy/compose/secrets"
    port=$((20000 + $$ % 20000))
    export COMPOSE_PROJECT_NAME=$project AGENTHOST_IMAGE=$image LUCIA_PORT=$port
    cd "$work/deploy/compose"
    say 'compose: setup.sh, docker compose up --wait'
    start=$(now)
    ./setup.sh --non-interactive >/dev/null
    docker compose up --detach --wait >"$work/log" 2>&1 || { cat "$work/log" >&2 && return 1; }
    result compose healthy "$(since "$start") s"
    for service in agenthost redis; do
        result compose "memory-$service" "$(docker top "$(docker compose ps -q "$service")" -eo pid,rss | awk 'NR > 1 { kilobytes += $2 } END { printf "%.0f MiB", kilobytes / 1024 }')"
    done
    docker compose stop agenthost >/dev/null 2>&1
    start=$(now)
    docker compose start agenthost >/dev/null 2>&1
    first_answer "http://127.0.0.1:$port/health/ready"
    result compose start "$(since "$start") s"
    size=$(docker image inspect -f '{{.Size}}' "$image")
    redis_image=$(docker inspect -f '{{.Image}}' "$(docker compose ps -q redis)")
    result compose program "$(megabytes "$size") image, of which $(megabytes "$(own_layers "$image")") are Lucia's own layers"
    result compose disk "$(megabytes "$((size + $(docker image inspect -f '{{.Size}}' "$redis_image")))") with the image of Redis"
}

# What the Dockerfile adds to its base, in bytes.
own_layers() {
    docker history --human=false --format '{{.Size}} {{.CreatedBy}}' "$1" | awk '/COPY \/app|WORKDIR \/app/ { bytes += $1 } END { print bytes + 0 }'
}

measure_systemd() {
    if [ -z "${LUCIA_TESTBED:-}" ]; then say 'systemd: LUCIA_TESTBED names no folder with machine-up, not measured' && return; fi
    local start bundle
    say 'systemd: making the bundle'
    ./lucia bundle systemd --output "$work/bundle" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2 && return 1; }
    bundle=$(ls "$work"/bundle/*.tar.gz)
    touch "$work/booted"
    "$LUCIA_TESTBED/machine-up" "$machine" >/dev/null 2>&1
    inside() { "$LUCIA_TESTBED/machine-exec" "$machine" sh -c "$1"; }
    say 'systemd: install.sh'
    start=$(now)
    inside 'mkdir /root/bundle && tar -xpzf - -C /root/bundle --strip-components=1' <"$bundle"
    inside '/root/bundle/install.sh' >"$work/log" 2>&1 </dev/null || true
    printf '%s' "$ConnectionStrings__chat_model" | inside '/root/bundle/install.sh set chat-model' >>"$work/log" 2>&1
    inside '/root/bundle/install.sh' >>"$work/log" 2>&1 </dev/null || { tail -n 20 "$work/log" >&2 && return 1; }
    result systemd healthy "$(since "$start") s"
    for service in lucia:agenthost lucia-redis:redis; do
        result systemd "memory-${service#*:}" "$(inside "awk '/^VmRSS/ { printf \"%.0f MiB\", \$2 / 1024 }' /proc/\$(systemctl show -p MainPID --value ${service%:*})/status" </dev/null)"
    done
    start=$(now)
    inside 'systemctl restart lucia' </dev/null
    result systemd start "$(since "$start") s"
    result systemd program "$(megabytes "$(wc -c <"$bundle")") packed, with .NET in it"
    result systemd disk "$(megabytes "$(($(inside 'du -skL /opt/lucia/releases | cut -f 1' </dev/null) * 1024))") in /opt/lucia"
}

# The line of a kustomization that has it take an image; nothing without one.
image_line() {
    local tag=latest name=$1
    [ -n "$name" ] || return 0
    # A colon before the last slash is a registry's port.
    case ${name##*/} in *:*) tag=${name##*:} name=${name%:*} ;; esac
    printf 'images: [{ name: seiggy/lucia, newName: "%s", newTag: "%s" }]' "$name" "$tag"
}

measure_kubernetes() {
    if ! have kubectl || ! kubectl --request-timeout=5s version >/dev/null 2>&1; then say 'kubernetes: no cluster answers, not measured' && return; fi
    local start pod service
    mkdir -p "$work/kubernetes/overlays/bench"
    cp -R deploy/kubernetes/. "$work/kubernetes"
    cat >"$work/kubernetes/overlays/bench/kustomization.yaml" <<OVERLAY
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: $project
resources: [../../base]
patches:
  - target: { kind: Namespace }
    patch: |-
      - { op: replace, path: /metadata/name, value: $project }
$(image_line "$given_image")
OVERLAY
    say 'kubernetes: setup.sh, kubectl apply'
    local namespace=$project
    touch "$work/namespace"
    start=$(now)
    "$work/kubernetes/setup.sh" >/dev/null </dev/null
    kubectl apply -k "$work/kubernetes/overlays/bench" >"$work/log" 2>&1 || { cat "$work/log" >&2 && return 1; }
    kubectl -n "$namespace" rollout status statefulset/redis --timeout=300s >/dev/null
    kubectl -n "$namespace" rollout status deployment/agenthost --timeout=300s >/dev/null || { say "kubernetes: it did not become ready${given_image:+; can the cluster have $given_image?}" && return 1; }
    result kubernetes healthy "$(since "$start") s"
    for service in agenthost redis; do
        pod=$(kubectl -n "$namespace" get pods -l "app.kubernetes.io/component=$service" -o name | head -n 1)
        result kubernetes "memory-$service" "$(kubectl -n "$namespace" top "$pod" --no-headers 2>/dev/null | awk '{ print $3 }' | grep . || printf 'no metrics server')"
    done
    start=$(now)
    kubectl -n "$namespace" rollout restart deployment/agenthost >/dev/null
    kubectl -n "$namespace" rollout status deployment/agenthost --timeout=300s >/dev/null
    result kubernetes start "$(since "$start") s for a whole roll-out"
    result kubernetes program 'the image of compose'
    result kubernetes disk 'the images of compose, and 1 GiB claimed'
}

measured_now() {
    local target names=()
    for target in compose kubernetes systemd; do [ ! -f "$work/$target.done" ] || names+=("$target"); done
    printf '%s' "${names[*]}" | sed 's/ /, /g'
}

table() {
    local row now rest='; what else there is, earlier'
    now=$(measured_now)
    [ "$now" != 'compose, kubernetes, systemd' ] || rest=''
    printf '| | compose | Kubernetes | systemd |\n| --- | --- | --- | --- |\n'
    for row in $rows; do
        printf '| %s | %s | %s | %s |\n' "${heading[$row]}" "$(value compose "$row")" "$(value kubernetes "$row")" "$(value systemd "$row")"
    done
    # shellcheck disable=SC2016
    printf '\nMeasured by `./lucia bench targets` (%s%s) on %s cores (%s) with a load of %s before it; all images were at hand.\n' \
        "$now" "$rest" "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(awk '{ printf "%.1f", $1 }' "$work/load")"
}

# write_table: between the markers of the document, which is made when there is none.
write_table() {
    if [ ! -f "$document" ]; then
        printf '# The targets compared\n\n<!-- measured -->\n<!-- /measured -->\n' >"$document"
    fi
    if [ "$(grep -cE '^<!-- /?measured -->$' "$document")" != 2 ]; then
        say "$document has no lines <!-- measured --> and <!-- /measured -->"
        return 1
    fi
    awk -v table="$work/table" '
        /^<!-- measured -->$/ { print; while ((getline line < table) > 0) print line; inside = 1 }
        /^<!-- \/measured -->$/ { inside = 0 }
        !inside && !/^<!-- measured -->$/ { print }' "$document" >"$work/document"
    cp "$work/document" "$document"
    say "written: $document"
}

cp /proc/loadavg "$work/load"
for target in ${targets//,/ }; do
    case $target in
        compose | kubernetes | systemd) ;;
        *) printf 'bench: there is no target "%s"; see --help\n' "$target" >&2 && exit 2 ;;
    esac
done
failed=''
for target in ${targets//,/ }; do
    # In a shell of its own, which ends at its first failure; `if` would have it go on. What it started it says in files, for the end.
    set +e
    (set -e && cd "$root" && "measure_$target")
    code=$?
    set -e
    if [ "$code" != 0 ]; then
        say "$target: failed, not measured"
        touch "$work/$target.failed"
        failed=1
    elif [ -f "$work/$target.healthy" ]; then
        touch "$work/$target.done"
    fi
    clean_up_target
done
if [ -z "$(measured_now)" ]; then
    [ -z "$failed" ] || exit 1
    say 'nothing can be measured here; see --help' && exit 69
fi
table >"$work/table"
if [ -n "$print" ]; then cat "$work/table"; else write_table; fi
[ -z "$failed" ]
