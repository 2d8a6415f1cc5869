# shellcheck shell=bash disable=SC2034
# What the scripts of this folder share; sourced, never run.
export LC_ALL=C

readonly EXIT_FAILED=1 EXIT_USAGE=2 EXIT_MISSING=69 EXIT_SETTINGS=78

program=$(basename "$0" .sh)
deploy=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target='' directory='' namespace=lucia api_key_file=''
passed=0 failed=0 skipped=0 warned=0

common_options='  --target compose|kubernetes|systemd
                        what to look at. Default: the one that is there
  --dir DIR             compose: its folder. Default: ../compose beside this script, or the current folder.
                        kubernetes: the folder with base/. Default: ../kubernetes
                        systemd: the folder with lucia.env and credentials/. Default: /etc/lucia
  --namespace NAME      kubernetes: where it runs. Default: lucia
  --api-key-file FILE   the API key, when it is not where the set-up put it
  --help                this text'

# --- Words and ends ---

say() { printf '%s\n' "$*"; }

die() {
    local code=$1
    shift
    printf '%s: %s\n' "$program" "$*" >&2
    exit "$code"
}

have() { command -v "$1" >/dev/null 2>&1; }

need() {
    have "$1" || die "$EXIT_MISSING" "$1 is needed and not on PATH. $2"
}

# --- Checks: one line each, and below it what to do ---

green='' red='' yellow='' grey='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    green=$'\033[32m' red=$'\033[31m' yellow=$'\033[33m' grey=$'\033[90m' plain=$'\033[0m'
fi

# check STATUS NAME FOUND [REMEDY]
check() {
    local colour=$plain
    case $1 in
        pass) passed=$((passed + 1)) colour=$green ;;
        fail) failed=$((failed + 1)) colour=$red ;;
        warn) warned=$((warned + 1)) colour=$yellow ;;
        skip) skipped=$((skipped + 1)) colour=$grey ;;
    esac
    printf '%s%s%s  %-24s %s\n' "$colour" "$1" "$plain" "$2" "$3"
    case $1 in fail | warn) [ -z "${4:-}" ] || printf '%31s%s\n' '-> ' "$4" ;; esac
}

pass() { check pass "$@"; }
fail() { check fail "$@"; }
warn() { check warn "$@"; }
skip() { check skip "$@"; }

# expect NAME WANTED ACTUAL REMEDY
expect() {
    if [ "$2" = "$3" ]; then pass "$1" "$3"; else fail "$1" "${3:-nothing}, expected $2" "$4"; fi
}

# Writes the counts; fails when something did.
summary() {
    printf '\n%s: %s passed, %s failed, %s warnings, %s skipped\n' "$target" "$passed" "$failed" "$warned" "$skipped"
    [ "$failed" = 0 ]
}

# --- Options ---

# common_option ARGUMENTS...: takes one of the options all scripts have; sets $taken to how many words it was, 0 for none.
common_option() {
    taken=0
    case $1 in
        --target | --dir | --namespace | --api-key-file)
            [ -n "${2:-}" ] || die "$EXIT_USAGE" "$1 takes a value; see --help"
            taken=2
            ;;
        --help | -h)
            usage
            exit 0
            ;;
        *) return 0 ;;
    esac
    case $1 in
        --target)
            case $2 in compose | kubernetes | systemd) ;; *) die "$EXIT_USAGE" "--target takes compose, kubernetes or systemd, not \"$2\"" ;; esac
            target=$2
            ;;
        --dir)
            [ -d "$2" ] || die "$EXIT_USAGE" "there is no folder \"$2\""
            directory=$(cd "$2" && pwd)
            ;;
        --namespace) namespace=$2 ;;
        --api-key-file)
            [ -r "$2" ] || die "$EXIT_USAGE" "\"$2\" cannot be read"
            api_key_file=$2
            ;;
    esac
}

compose_directory() {
    if [ -n "$directory" ]; then
        printf '%s' "$directory"
    elif [ -f docker-compose.yml ]; then
        pwd
    else
        printf '%s' "$deploy/compose"
    fi
}

is_closed() { [ -d "$1" ] && [ ! -x "$1" ]; }

runs_in_cluster() { have kubectl && kubectl --request-timeout=5s -n "$namespace" get deployments -o name 2>/dev/null | grep -q .; }

# find_target [configured]: what runs here, or, asked for that, what is set up. Several are for the caller to tell apart.
find_target() {
    local found=()
    # The scripts that came with the bundle are for what it installed.
    if [ -z "$target$directory" ] && [ -f "$deploy/units/lucia.service" ]; then target=systemd; fi
    if [ -z "$target" ]; then
        if [ -f "$(compose_directory)/.env" ]; then found+=(compose); fi
        if [ -f "${directory:-/etc/lucia}/lucia.env" ] || is_closed "${directory:-/etc/lucia}"; then found+=(systemd); fi
        if [ "${1:-}" = configured ] && [ -d "${directory:-$deploy/kubernetes}/base/secrets" ]; then found+=(kubernetes); fi
        if [ ${#found[@]} = 0 ] && [ -z "${static:-}" ] && runs_in_cluster; then found+=(kubernetes); fi
        case ${#found[@]} in
            1) target=${found[0]} ;;
            0) die "$EXIT_MISSING" "there is no deployment here: no .env in $(compose_directory), no /etc/lucia/lucia.env, nothing in the namespace $namespace. Set one up, or say --target and --dir" ;;
            *) die "$EXIT_USAGE" "there is more than one deployment here (${found[*]}); say --target" ;;
        esac
    fi
    case $target in
        compose)
            directory=$(compose_directory)
            [ -f "$directory/docker-compose.yml" ] || die "$EXIT_MISSING" "$directory has no docker-compose.yml; say --dir"
            ;;
        kubernetes) directory=${directory:-$deploy/kubernetes} ;;
        systemd) directory=${directory:-/etc/lucia} ;;
    esac
}

need_tools() {
    case $target in
        compose)
            need docker 'Get Docker Engine 24 or newer: https://docs.docker.com/engine/install/'
            docker info >/dev/null 2>&1 || die "$EXIT_MISSING" "the container engine does not answer. Start it, or set DOCKER_HOST; you may need to be in the group docker"
            ;;
        kubernetes)
            need kubectl 'Get it: https://kubernetes.io/docs/tasks/tools/'
            kubectl --request-timeout=10s version >/dev/null 2>&1 || die "$EXIT_MISSING" "the cluster does not answer. See: kubectl config current-context; kubectl cluster-info"
            ;;
        systemd)
            need systemctl 'This machine does not run systemd; say --target'
            ! is_closed "$directory" || die "$EXIT_MISSING" "$directory can be read by root alone; run this as root: sudo $0"
            ;;
    esac
}

compose() { (cd "$directory" && docker compose "$@"); }
kube() { kubectl -n "$namespace" "$@"; }

# The object of a component, such as deployment/agenthost: the chart names it after the release.
workload() {
    kube get deployments,statefulsets -l "app.kubernetes.io/component=$1" -o name 2>/dev/null | head -n 1
}

# --- Helm ---

# The release that the service belongs to; nothing when Helm did not install it.
helm_release() { kube get "$(workload agenthost)" -o jsonpath='{.metadata.annotations.meta\.helm\.sh/release-name}' 2>/dev/null; }

helm_chart() { printf '%s/helm/lucia' "$(dirname "$directory")"; }

# --- What runs in the cluster ---

# The names of the service's own ConfigMap and Secret, which differ between the chart and kustomize.
live_configmap() {
    kube get "$(workload agenthost)" -o jsonpath='{.spec.template.spec.containers[0].env[*].valueFrom.configMapKeyRef.name}' 2>/dev/null | tr ' ' '\n' | head -n 1
}

live_secret() {
    kube get "$(workload agenthost)" -o jsonpath='{.spec.template.spec.volumes[*].secret.secretName} {.spec.template.spec.volumes[*].projected.sources[*].secret.name}' 2>/dev/null | tr ' ' '\n' | grep . | head -n 1
}

# live_data KIND NAME: NAME=value for each entry; of a Secret the values are base64.
# shellcheck disable=SC2016
live_data() { kube get "$1" "$2" -o go-template='{{range $name, $value := .data}}{{$name}}={{$value}}{{"\n"}}{{end}}' 2>/dev/null; }

# The secrets that run, in memory alone.
declare -A live_secrets=()
read_live_secrets() {
    local name value
    name=$(live_secret)
    [ -n "$name" ] || return 1
    while IFS='=' read -r name value; do
        [ -z "$name" ] || live_secrets[$name]=$(printf '%s' "$value" | base64 -d 2>/dev/null | tr -d '\r\n')
    done < <(live_data secret "$name")
    [ ${#live_secrets[@]} -gt 0 ]
}

# --- Settings ---

# variable FILE NAME: its value, without quotes and comments.
variable() {
    [ -r "$1" ] || return 0
    awk -v name="$2" '
        { sub(/\r$/, ""); line = $0; sub(/^[ \t]*(export[ \t]+)?/, "", line) }
        index(line, name "=") == 1 { text = substr(line, length(name) + 2) }
        END {
            sub(/^[ \t]+/, "", text)
            quote = substr(text, 1, 1)
            if (quote == "\"" || quote == "\047") { text = substr(text, 2); sub(quote "[^" quote "]*$", "", text) }
            else { sub(/[ \t]+#.*$/, "", text); sub(/[ \t]+$/, "", text) }
            printf "%s", text
        }' "$1"
}

# A file with the settings that run in the cluster, for who looks at those and not at what would be applied.
live_settings=''

settings_file() {
    case $target in
        compose) printf '%s' "$directory/.env" ;;
        kubernetes) printf '%s' "${live_settings:-$directory/base/.env}" ;;
        systemd) printf '%s' "$directory/lucia.env" ;;
    esac
}

secrets_folder() {
    case $target in
        compose) printf '%s' "$directory/secrets" ;;
        kubernetes) printf '%s' "$directory/base/secrets" ;;
        systemd) printf '%s' "$directory/credentials" ;;
    esac
}

# A setting: a variable of the shell goes before the file on compose.
setting() {
    local value=''
    [ "$target" != compose ] || value=$(printenv "$1" || true)
    [ -n "$value" ] || value=$(variable "$(settings_file)" "$1")
    printf '%s' "$value"
}

# The lines of a secret's file, to look for: a blank one would be found everywhere.
patterns() { grep -v '^[[:space:]]*$' "$1" 2>/dev/null | tr -d '\r'; }

# The API key, on standard output alone.
api_key() {
    if [ -n "$api_key_file" ]; then
        tr -d '\r\n' <"$api_key_file"
    elif [ "$target" = kubernetes ]; then
        local secret
        secret=$(live_secret)
        [ -z "$secret" ] || kube get secret "$secret" -o jsonpath='{.data.auth-api-key}' 2>/dev/null | base64 -d
    else
        tr -d '\r\n' 2>/dev/null <"$(secrets_folder)/auth-api-key"
    fi
}

# --- Asking the service ---

address='' forwarder='' scratch=''

leave() {
    [ -z "$forwarder" ] || kill "$forwarder" 2>/dev/null || true
    [ -z "$scratch" ] || rm -rf "$scratch"
}

make_scratch() {
    [ -z "$scratch" ] || return 0
    scratch=$(mktemp -d)
    trap leave EXIT
    trap 'exit 130' INT TERM
}

# Sets $address to where this machine reaches the service, such as 127.0.0.1:5000; empty when nowhere.
find_address() {
    case $target in
        compose)
            address=$(compose port agenthost 8080 2>/dev/null) || address=''
            address=${address/#0.0.0.0:/127.0.0.1:}
            case $address in *:0) address='' ;; esac
            ;;
        systemd)
            local host port
            host=$(setting LUCIA_BIND) port=$(setting LUCIA_PORT)
            case $host in '' | 0.0.0.0) host=127.0.0.1 ;; esac
            address=$host:${port:-5000}
            ;;
        kubernetes)
            make_scratch
            kubectl -n "$namespace" port-forward --address 127.0.0.1 "$(workload agenthost)" :8080 >"$scratch/forward" 2>&1 &
            forwarder=$!
            for _ in $(seq 50); do
                address=$(sed -n 's/^Forwarding from \(127[0-9.]*:[0-9]*\).*/\1/p' "$scratch/forward" | head -n 1)
                [ -z "$address" ] || break
                kill -0 "$forwarder" 2>/dev/null || break
                sleep 0.2
            done
            ;;
    esac
}

# ask PATH [KEY] [CURL OPTIONS...]: sets $status and $body. The key goes over standard input: arguments are everybody's to read.
ask() {
    local path=$1 key=${2:-}
    shift
    [ $# = 0 ] || shift
    make_scratch
    status=$( ([ -z "$key" ] || printf 'X-Api-Key: %s\n' "$key") |
        curl -sS -m "${timeout:-20}" -o "$scratch/body" -w '%{http_code}' -H @- "$@" "http://$address$path" 2>"$scratch/error") || status=000
    body=$(cat "$scratch/body" 2>/dev/null || true)
    : >"$scratch/body"
}

# Reads JSON and writes one line for each object with a name: STATUS, NAME, what was found, what to do, with a unit separator between.
# Objects with a "what" are the problems of the one around them.
read_findings() {
    awk '
        function string(    text, c) {
            text = ""
            for (at++; at <= length(all); at++) {
                c = substr(all, at, 1)
                if (c == "\"") return text
                if (c == "\\") { c = substr(all, ++at, 1); if (c == "u") { at += 4; c = "?" } else if (c == "n" || c == "t" || c == "r") c = " " }
                text = text c
            }
            return text
        }
        { all = all $0 " " }
        END {
            for (at = 1; at <= length(all); at++) {
                c = substr(all, at, 1)
                if (c == "{") { depth++; key = ""; split("", blank); for (field in value) if (index(field, depth SUBSEP) == 1) delete value[field] }
                else if (c == "}") {
                    found = (depth SUBSEP "found") in value ? value[depth, "found"] : value[depth, "detail"]
                    if ((depth SUBSEP "name") in value && (depth SUBSEP "status") in value)
                        printf "%s\037%s\037%s\037%s\n", value[depth, "status"], value[depth, "name"], found, value[depth, "remedy"]
                    else if ((depth SUBSEP "what") in value)
                        printf "problem\037%s\037%s\037%s\n", value[depth, "setting"], value[depth, "what"], value[depth, "remedy"]
                    depth--
                    key = ""
                }
                else if (c == "\"") { text = string(); if (key == "") key = text; else { value[depth, key] = text; key = "" } }
                else if (c == "," ) key = ""
            }
        }'
}

# --- The service asks itself ---

# inside COMMAND...: runs the service's own program where it runs.
inside() {
    case $target in
        compose) compose exec -T agenthost dotnet lucia.AgentHost.dll "$@" ;;
        kubernetes) kube exec "$(workload agenthost)" -- dotnet lucia.AgentHost.dll "$@" ;;
        systemd)
            local process
            process=$(systemctl show -p MainPID --value lucia.service 2>/dev/null)
            if [ "${process:-0}" = 0 ] || [ ! -r "/proc/$process/environ" ]; then return "$EXIT_MISSING"; fi
            # The variables of the running service name files; no secret is among them.
            local variables=() one
            while IFS= read -r -d '' one; do
                case $one in NOTIFY_SOCKET=* | WATCHDOG_*) ;; *) variables+=("$one") ;; esac
            done <"/proc/$process/environ"
            env -i "${variables[@]}" /opt/lucia/current/app/lucia.AgentHost "$@"
            ;;
    esac
}

# doctor: one check for each of the service's own; a version that has no doctor is skipped.
doctor() {
    local found verdict name what remedy
    case $(inside --help 2>/dev/null </dev/null) in
        *doctor*) ;;
        '') skip doctor 'the service does not run, so it cannot examine itself' && return ;;
        *) skip doctor 'this version of the service has no doctor' && return ;;
    esac
    found=$(inside doctor --json 2>/dev/null </dev/null | read_findings)
    [ -n "$found" ] || { fail doctor 'it said nothing' 'See the logs of the service.' && return; }
    while IFS=$'\037' read -r verdict name what remedy; do
        case $verdict in
            problem) fail "doctor: ${name:-settings}" "$what" "$remedy" ;;
            pass | warn | fail | skip) check "$verdict" "doctor: $name" "$what" "$remedy" ;;
        esac
    done <<<"$found"
}

# --- Redis, by its own means ---

# redis_cli ARGUMENTS...: the password comes from its file, never in an argument.
redis_cli() {
    # shellcheck disable=SC2016
    local inside='REDISCLI_AUTH=$(cat /run/secrets/REDIS_PASSWORD 2>/dev/null || printf "%s" "${REDIS_PASSWORD:-}"); export REDISCLI_AUTH; exec redis-cli "$@"'
    case $target in
        compose) compose exec -T redis sh -c "$inside" redis-cli "$@" ;;
        kubernetes) kube exec -i "$(redis_pod)" -- sh -c "$inside" redis-cli "$@" ;;
        systemd) REDISCLI_AUTH=$(tr -d '\r\n' 2>/dev/null <"$directory/credentials/redis-password") redis-cli -h 127.0.0.1 -p 6380 "$@" ;;
    esac
}

# Whether Redis is part of the deployment; else it is the user's own, and not ours to look into.
has_redis() {
    case $target in
        compose) grep -qx redis <<<"$(compose config --services 2>/dev/null)" ;;
        kubernetes) [ -n "$(workload redis)" ] ;;
        systemd) systemctl cat lucia-redis.service >/dev/null 2>&1 ;;
    esac
}

redis_pod() {
    kube get pods -l app.kubernetes.io/component=redis -o name 2>/dev/null | head -n 1
}

# Everything Redis holds at one moment, on standard output. It goes by way of a file, which redis-cli can cut to its right length; in a
# pipe the mark that ends a transfer would stay in it.
redis_snapshot() {
    # shellcheck disable=SC2016
    local inside='set -e; file=/tmp/snapshot.rdb; [ -w /tmp ] || file=/data/snapshot.rdb; trap "rm -f $file" EXIT
REDISCLI_AUTH=$(cat /run/secrets/REDIS_PASSWORD 2>/dev/null || printf "%s" "${REDIS_PASSWORD:-}"); export REDISCLI_AUTH
redis-cli --rdb "$file" >&2; cat "$file"'
    case $target in
        compose) compose exec -T redis sh -c "$inside" </dev/null ;;
        kubernetes) kube exec "$(redis_pod)" -- sh -c "$inside" </dev/null ;;
        systemd) redis_cli --rdb "$scratch/snapshot.rdb" >&2 </dev/null && cat "$scratch/snapshot.rdb" && rm -f "$scratch/snapshot.rdb" ;;
    esac
}

# Redis begins with this file in place of whatever it has. An append-only file may begin with a snapshot, and Redis 7 and newer take
# over one at the old place, so this one way serves them all. What it had goes only when all of the new is there.
# shellcheck disable=SC2016
replace_data='set -e; umask 077; cd "$1"; rm -rf restored.part replaced; cat >restored.part; [ "$(wc -c <restored.part)" -eq "$2" ] || { echo "the data arrived cut off" >&2; exit 1; }
mkdir replaced; for one in appendonlydir dump.rdb appendonly.aof; do [ ! -e "$one" ] || mv "$one" replaced/; done; mv restored.part appendonly.aof; rm -rf replaced'

# What redis_replace stopped and start_again has to start; how many Redis were there; whether the new data is in its place.
stopped='' replicas=1 replaced=''

# redis_replace FILE: stops Redis and gives it the file. It leaves stopped what it stopped: start_again is its other half, on every way out.
redis_replace() {
    local size
    size=$(wc -c <"$1" | tr -d ' ')
    case $target in
        compose)
            stopped='agenthost and redis'
            compose stop agenthost redis &&
                compose run --rm --no-deps -T --entrypoint sh redis -c "$replace_data" replace /data "$size" <"$1" && replaced=1
            ;;
        kubernetes) redis_replace_kubernetes "$1" "$size" ;;
        systemd)
            local data=/var/lib/private/lucia-redis
            [ -d "$data" ] || data=/var/lib/lucia-redis
            stopped='lucia and lucia-redis'
            systemctl stop lucia lucia-redis && sh -c "$replace_data" replace "$data" "$size" <"$1" && replaced=1 &&
                chown --reference="$data" "$data/appendonly.aof"
            ;;
    esac
}

readonly restore_pod=redis-restore

redis_replace_kubernetes() {
    local set volume image user
    set=$(workload redis)
    [ -n "$set" ] || { say "there is no Redis in the namespace $namespace" && return 1; }
    volume=$(kube get "$set" -o jsonpath='{.spec.volumeClaimTemplates[0].metadata.name}')-${set#*/}-0
    image=$(kube get "$set" -o jsonpath='{.spec.template.spec.containers[0].image}')
    user=$(kube get "$set" -o jsonpath='{.spec.template.spec.securityContext.runAsUser}')
    replicas=$(kube get "$set" -o jsonpath='{.spec.replicas}')
    [ "${replicas:-0}" -gt 0 ] 2>/dev/null || replicas=1
    stopped=$set
    kube scale "$set" --replicas=0 && kube rollout status "$set" --timeout=120s || return 1
    kube wait --for=delete "pod/${set#*/}-0" --timeout=120s >/dev/null 2>&1
    kube apply -f - <<POD || return 1
apiVersion: v1
kind: Pod
metadata:
  name: $restore_pod
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext: { runAsNonRoot: true, runAsUser: ${user:-999}, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: RuntimeDefault } }
  containers:
    - name: restore
      image: $image
      command: [sleep, "600"]
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
      resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { cpu: "1", memory: 256Mi } }
      volumeMounts: [ { name: data, mountPath: /data } ]
  volumes: [ { name: data, persistentVolumeClaim: { claimName: $volume } } ]
POD
    kube wait --for=condition=Ready "pod/$restore_pod" --timeout=120s &&
        kube exec -i "$restore_pod" -- sh -c "$replace_data" replace /data "$2" <"$1" && replaced=1
}

# Starts what redis_replace stopped.
start_again() {
    case $target in
        compose) compose up --detach --wait ;;
        kubernetes)
            # Two pods cannot have the volume.
            kube delete pod "$restore_pod" --ignore-not-found --wait=true --timeout=60s
            kube scale "$stopped" --replicas="$replicas" && kube rollout status "$stopped" --timeout=180s
            ;;
        systemd) systemctl start lucia-redis lucia ;;
    esac
}

# How somebody does by hand what start_again does.
start_command() {
    case $target in
        compose) printf '(cd %s && docker compose up --detach --wait)' "$directory" ;;
        kubernetes) printf 'kubectl -n %s delete pod %s --ignore-not-found; kubectl -n %s scale %s --replicas=%s' "$namespace" "$restore_pod" "$namespace" "$stopped" "$replicas" ;;
        systemd) printf 'sudo systemctl start lucia-redis lucia' ;;
    esac
}
