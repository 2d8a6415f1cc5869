#!/usr/bin/env bash
# Whether a deployment can work as it is configured, before it is started or while it runs: everything wrong at once, with what to do.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<HELP
Usage: validate-deployment.sh [options]

Looks at the settings and secrets of a deployment and at what they need of the machine or the cluster: what is required is set, addresses
have the right shape and can be reached from where the service runs, nothing still holds a placeholder, permissions are tight. Changes
nothing and shows no secret. A service that runs is asked to examine itself too.

$common_options
  --overlay DIR         kubernetes: what is applied. Default: DIR/base
  --storage-class NAME  kubernetes: the class the volume names; without one the cluster needs a default class
  --static              ask neither engine nor cluster nor service; look at the files alone

Examples:
  validate-deployment.sh
  validate-deployment.sh --target compose --dir ~/lucia
  validate-deployment.sh --target kubernetes --overlay ../kubernetes/overlays/ha
  validate-deployment.sh --static

Exit codes: 0 nothing is wrong, 1 something the settings need is wrong or missing, 2 wrong usage, 69 something needed is missing,
            78 the settings are wrong.
HELP
}

overlay='' storage_class='' static=''
while [ $# -gt 0 ]; do
    common_option "$@"
    if [ "$taken" != 0 ]; then shift "$taken" && continue; fi
    case $1 in
        --overlay | --storage-class)
            [ -n "${2:-}" ] || die "$EXIT_USAGE" "$1 takes a value; see --help"
            if [ "$1" = --overlay ]; then overlay=$2; else storage_class=$2; fi
            shift 2
            ;;
        --static) static=1 && shift ;;
        *) die "$EXIT_USAGE" "\"$1\" is not known; see --help" ;;
    esac
done

find_target configured
[ -n "$static" ] || need_tools
file=$(settings_file) secrets=$(secrets_folder)

set_up() {
    case $target in
        systemd) printf 'sudo ./install.sh, in the folder of the bundle' ;;
        *) printf '(cd %s && ./setup.sh)' "$directory" ;;
    esac
}

secret_hint() {
    case $target in
        systemd) printf 'sudo ./install.sh set %s' "$1" ;;
        *) printf 'Write it to %s, or empty that file and run %s' "$secrets/$1" "$(set_up)" ;;
    esac
}

secret() { tr -d '\r\n' <"$secrets/$1" 2>/dev/null; }

# --- What every target needs ---

# A value that somebody copied and did not fill in.
is_placeholder() {
    case $1 in
        *'<'*'>'* | *…* | *xxxx* | *XXXX*) return 0 ;;
        *[Cc]hange[_-][Mm]e* | *[Cc]hange[Mm]e* | *CHANGE_ME* | *CHANGEME* | *[Rr]eplace[_-][Mm]e* | *REPLACE*) return 0 ;;
        *[Yy]our[_-]* | *YOUR_* | *-here | *_here | *TODO* | *example.com* | *example.org* | *NAME.openai.azure.com* | *DEPLOYMENT*) return 0 ;;
        *) return 1 ;;
    esac
}

# check_address NAME URL REMEDY: its shape, and whether the service reaches such a host from where it runs.
check_address() {
    local rest host port
    case $2 in
        http://?* | https://?*) ;;
        *) fail "$1" 'is no http or https address' "Such as http://192.168.1.20:8123. $3" && return ;;
    esac
    if is_placeholder "$2"; then fail "$1" 'still holds a placeholder' "$3" && return; fi
    rest=${2#*://} rest=${rest%%[/?#]*}
    case $rest in *@*) fail "$1" 'holds a user or a password' 'Take it out of the address; keys are secrets of their own.' && return ;; esac
    case $rest in
        '['*']'*) host=${rest%%]*} host=${host#[} port=${rest##*]} port=${port#:} ;;
        *:*) host=${rest%%:*} port=${rest#*:} ;;
        *) host=$rest port='' ;;
    esac
    case $host in '' | *[!A-Za-z0-9._:-]*) fail "$1" 'names no host' "Such as http://192.168.1.20:8123. $3" && return ;; esac
    case $port in
        *[!0-9]*) fail "$1" "has the port \"$port\"" "A port is a number from 1 to 65535. $3" && return ;;
        '') ;;
        *) if [ "$port" -lt 1 ] || [ "$port" -gt 65535 ]; then fail "$1" "has the port $port" "A port is a number from 1 to 65535. $3" && return; fi ;;
    esac
    case $target:$host in
        systemd:*) ;;
        *:localhost | *:*.localhost | *:127.* | *:::1 | *:0.0.0.0)
            if [ "$target" = compose ]; then
                fail "$1" "$host is the container itself, not this machine" "Write host.docker.internal in its place, and let the other program listen on more than 127.0.0.1."
            else
                fail "$1" "$host is the pod itself, not your machine" 'Write the address that machine has in your network, or the name of a Service.'
            fi
            return
            ;;
        kubernetes:host.docker.internal)
            fail "$1" 'host.docker.internal is known on docker compose alone' 'Write the address that machine has in your network, or the name of a Service.'
            return
            ;;
        *:*.local)
            fail "$1" "$host is a name that containers cannot look up (mDNS)" 'Write its IP address, or a name that your DNS server knows.'
            return
            ;;
    esac
    pass "$1" "$host"
}

# field CONNECTION NAME: a part of a connection string; quoted values may hold semicolons.
field() {
    printf '%s' "$1" | awk -v wanted="$2" '
        {
            for (i = 1; i <= length($0) + 1; i++) {
                c = substr($0, i, 1)
                if (quote != "") { if (c == quote) quote = ""; else part = part c }
                else if (c == "\"" || c == "\047") quote = c
                else if (c == ";" || i > length($0)) {
                    at = index(part, "=")
                    if (at) { name = substr(part, 1, at - 1); gsub(/[ \t]/, "", name); if (tolower(name) == tolower(wanted)) found = substr(part, at + 1) }
                    part = ""
                }
                else part = part c
            }
        }
        END { printf "%s", found }'
}

# check_model WHAT: the connection string in the secret of that name, and its key. Shows no part of it but the host.
check_model() {
    local connection provider endpoint model key unknown=''
    connection=$(secret "$1")
    if [ -z "$connection" ]; then
        if [ "$1" = chat-model ]; then
            fail "$1" 'is not set' "$(secret_hint "$1"). Such as Endpoint=http://192.168.1.20:11434;Model=qwen3;Provider=ollama"
        else
            skip "$1" 'not set: devices are found by the words of their names'
        fi
        return
    fi
    provider=$(field "$connection" Provider) endpoint=$(field "$connection" Endpoint) model=$(field "$connection" Model)
    key=$(field "$connection" AccessKey)$(secret "$1-access-key")
    case $connection in *=*) ;; *) fail "$1" 'is no connection string' "Endpoint=<url>;Model=<model>;Provider=<provider>. $(secret_hint "$1")" && return ;; esac
    unknown=$(printf '%s' "$connection" | sed "s/=\"[^\"]*\"/=/g; s/='[^']*'/=/g" | tr ';' '\n' | sed 's/=.*//; s/[[:space:]]//g' | grep -cviE '^(endpoint|endpointaiinference|accesskey|key|model|deployment|deploymentid|provider|)$')
    [ "$unknown" = 0 ] || fail "$1" "holds $unknown part(s) with a name it cannot have" 'Known are Endpoint, AccessKey, Model and Provider. A value with a semicolon stands in "quotes".'
    [ -n "$model" ] || fail "$1" 'names no Model' "$(secret_hint "$1")"
    if is_placeholder "$model"; then fail "$1" 'the Model is still a placeholder' "$(secret_hint "$1")"; fi
    case $provider in
        openai | azureopenai | azureinference | ollama | lmstudio | openai-compatible | '') ;;
        *) fail "$1" 'has a Provider nobody knows' 'Known are openai, azureopenai, azureinference, ollama, lmstudio and openai-compatible.' ;;
    esac
    case $provider:$key in
        openai: | azure*:) fail "$1-access-key" "is not set, and $provider needs one" "$(secret_hint "$1-access-key")" ;;
        *) if [ -n "$key" ] && is_placeholder "$key"; then fail "$1-access-key" 'still holds a placeholder' "$(secret_hint "$1-access-key")"; fi ;;
    esac
    if [ -n "$endpoint" ]; then
        check_address "$1" "$endpoint" "$(secret_hint "$1")"
    elif [ "$provider" = openai ]; then
        pass "$1" 'OpenAI'
    else
        fail "$1" 'names no Endpoint' "$(secret_hint "$1")"
    fi
}

check_home() {
    local url token
    url=$(setting HomeAssistant__BaseUrl) token=$(secret home-assistant-access-token)
    if [ -z "$url" ]; then
        warn home-assistant 'not set: Lucia only chats' "Set HomeAssistant__BaseUrl in $file and the secret home-assistant-access-token."
        return
    fi
    check_address HomeAssistant__BaseUrl "$url" "It is in $file."
    if [ -z "$token" ]; then
        fail home-assistant-access-token 'is not set' "In Home Assistant: your profile, Security, Long-lived access tokens. $(secret_hint home-assistant-access-token)"
    elif is_placeholder "$token"; then
        fail home-assistant-access-token 'still holds a placeholder' "In Home Assistant: your profile, Security, Long-lived access tokens. $(secret_hint home-assistant-access-token)"
    else
        pass home-assistant-access-token 'is set'
    fi
}

check_generated() {
    local value
    for name in auth-api-key redis-password; do
        value=$(secret "$name")
        if [ -z "$value" ]; then
            fail "$name" 'is not set' "It is generated: $(set_up)"
        elif is_placeholder "$value"; then
            fail "$name" 'still holds a placeholder' "Empty $secrets/$name; then it is generated: $(set_up)"
        elif [ "$name" = auth-api-key ] && [ ${#value} -lt 16 ]; then
            fail "$name" "has ${#value} characters" "At least 16 are needed. Empty $secrets/$name; then it is generated: $(set_up)"
        else
            pass "$name" 'is set'
        fi
    done
}

# check_number NAME LOWEST HIGHEST
check_number() {
    local value
    value=$(setting "$1")
    [ -n "$value" ] || return 0
    case $value in
        *[!0-9]*) fail "$1" 'is no whole number' "From $2 to $3, in $file" ;;
        *) if [ "${#value}" -le 9 ] && [ "$value" -ge "$2" ] && [ "$value" -le "$3" ]; then pass "$1" "$value"; else fail "$1" "is $value" "From $2 to $3, in $file"; fi ;;
    esac
}

check_choice() {
    local value name=$1
    value=$(setting "$name")
    shift
    [ -n "$value" ] || return 0
    case " $* " in *" $value "*) pass "$name" "$value" ;; *) fail "$name" 'has a value it cannot have' "One of: $*; in $file" ;; esac
}

check_settings() {
    local line name telemetry
    check_number HomeAssistant__TimeoutSeconds 1 300
    check_number Sessions__TtlHours 1 8760
    check_number Sessions__MaxTurns 1 200
    check_choice HomeAssistant__ValidateSSL true false
    check_choice HomeAssistant__ExposedOnly true false
    check_choice Logging__LogLevel__Default Trace Debug Information Warning Error Critical None
    telemetry=$(setting OTEL_EXPORTER_OTLP_ENDPOINT)
    [ -z "$telemetry" ] || check_address OTEL_EXPORTER_OTLP_ENDPOINT "$telemetry" "It is in $file."
    # The name alone: the line may hold what nobody should see.
    while IFS= read -r line; do
        name=${line%%=*}
        case $name in HomeAssistant__BaseUrl | OTEL_EXPORTER_OTLP_ENDPOINT) continue ;; esac
        if is_placeholder "${line#*=}"; then fail "$name" 'still holds a placeholder' "It is in $file."; fi
    done < <(grep -E '^[A-Za-z_][A-Za-z0-9_]*=.' "$file")
}

# check_private PATH MODE
check_private() {
    local mode
    mode=$(stat -c %a "$1" 2>/dev/null || stat -f %Lp "$1" 2>/dev/null) || return 0
    if [ "$mode" = "$2" ]; then pass "${1##*/}" "mode $mode"; else fail "${1##*/}" "mode $mode: others can read it" "chmod $2 $1"; fi
}

# --- What a target needs besides ---

validate_compose() {
    local cores wanted output bind
    check_private "$file" 600
    check_private "$secrets" 700
    check_number LUCIA_PORT 0 65535
    bind=$(setting LUCIA_BIND)
    case $bind in
        '' | 127.* | '[::1]') pass LUCIA_BIND 'this machine alone' ;;
        0.0.0.0 | '[::]' | [0-9]*.[0-9]*.[0-9]*.[0-9]*) warn LUCIA_BIND 'open to the network' 'Put a reverse proxy with TLS in front: the API key goes over the wire.' ;;
        *) fail LUCIA_BIND 'is no address' "Such as 127.0.0.1, in $file" ;;
    esac
    [ -z "$static" ] || return 0
    if output=$(compose config --quiet 2>&1); then
        pass compose-file 'compose reads it'
    else
        fail compose-file 'compose does not read it' "$(printf '%s' "$output" | tail -n 1)"
    fi
    cores=$(docker info --format '{{.NCPU}}' 2>/dev/null)
    wanted=$(setting AGENTHOST_CPUS) wanted=${wanted:-2}
    if awk -v wanted="$wanted" -v cores="${cores:-0}" 'BEGIN { exit !(wanted + 0 > 0 && wanted + 0 <= cores + 0) }'; then
        pass AGENTHOST_CPUS "$wanted of $cores cores"
    else
        fail AGENTHOST_CPUS "is $wanted, and this machine has ${cores:-no known number of} cores" "Set a number up to that in $file; $(set_up) does it for you."
    fi
}

validate_kubernetes() {
    local applied=${overlay:-$directory/base} rendered classes class
    check_private "$secrets" 700
    if have kubectl; then
        rendered=$(kubectl kustomize "$applied" 2>&1) || { fail manifests 'kustomize does not build them' "$(printf '%s' "$rendered" | tail -n 1)" && rendered=''; }
        [ -z "$rendered" ] || pass manifests "$(grep -c '^kind:' <<<"$rendered") objects"
    else
        skip manifests 'there is no kubectl to build them'
    fi
    [ -z "$static" ] || return 0

    classes=$(kubectl get storageclasses -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.metadata.annotations.storageclass\.kubernetes\.io/is-default-class}{"\n"}{end}' 2>/dev/null)
    class=${storage_class:-$(sed -n 's/^ *storageClassName: *"\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' <<<"$rendered" | head -n 1)}
    if [ -n "$class" ]; then
        if grep -q "^$class " <<<"$classes"; then pass StorageClass "$class"; else fail StorageClass "the cluster has no class \"$class\"" "It has: $(cut -d ' ' -f 1 <<<"$classes" | tr '\n' ' ')"; fi
    elif grep -q ' true$' <<<"$classes"; then
        pass StorageClass "$(sed -n 's/ true$//p' <<<"$classes" | head -n 1), the default"
    else
        fail StorageClass 'the volume names none, and the cluster has no default' "Name one of these in an overlay, or make one the default: $(cut -d ' ' -f 1 <<<"$classes" | tr '\n' ' ')"
    fi

    if ! grep -q '^kind: Ingress$' <<<"$rendered"; then
        skip IngressClass 'no Ingress is asked for'
    else
        classes=$(kubectl get ingressclasses -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.metadata.annotations.ingressclass\.kubernetes\.io/is-default-class}{"\n"}{end}' 2>/dev/null)
        class=$(sed -n 's/^ *ingressClassName: *"\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' <<<"$rendered" | head -n 1)
        if [ -n "$class" ] && grep -q "^$class " <<<"$classes"; then
            pass IngressClass "$class"
        elif [ -z "$class" ] && grep -q ' true$' <<<"$classes"; then
            pass IngressClass "$(sed -n 's/ true$//p' <<<"$classes" | head -n 1), the default"
        else
            if [ -n "$class" ]; then class="the cluster has no class \"$class\""; else class='the Ingress names none, and the cluster has no default'; fi
            fail IngressClass "$class" "Install an ingress controller, or name its class in the overlay. The cluster has: $(cut -d ' ' -f 1 <<<"$classes" | tr '\n' ' ')"
        fi
    fi

    for verb in create patch; do
        if kube auth can-i "$verb" deployments >/dev/null 2>&1; then pass "may $verb" "deployments in $namespace"; else fail "may $verb" "you may not $verb deployments in $namespace" 'Ask who runs the cluster, or choose another context: kubectl config use-context NAME'; fi
    done
    if [ -n "$rendered" ] && kube get namespace "$namespace" >/dev/null 2>&1; then
        if rendered=$(kubectl apply --dry-run=server -k "$applied" 2>&1 >/dev/null); then pass dry-run 'the cluster takes everything'; else fail dry-run 'the cluster refuses something' "$(printf '%s' "$rendered" | head -n 1)"; fi
    else
        skip dry-run "there is no namespace $namespace yet"
    fi
}

validate_systemd() {
    local version
    check_private "$file" 600
    for one in "$secrets"/*; do
        [ "$(stat -c %a "$one" 2>/dev/null)" = 600 ] || fail "${one##*/}" 'others can read it' "chmod 0600 $one"
    done
    check_number LUCIA_PORT 1 65535
    [ -z "$static" ] || return 0
    version=$(systemctl --version 2>/dev/null | sed -n 's/^systemd \([0-9]*\).*/\1/p')
    if [ "${version:-0}" -ge 249 ]; then pass systemd "$version"; else fail systemd "version ${version:-unknown}" 'Version 249 or newer is needed: Ubuntu 22.04, Debian 12, RHEL 9.'; fi
    for unit in lucia.service lucia-redis.service; do
        if systemctl cat "$unit" >/dev/null 2>&1; then pass "$unit" 'installed'; else fail "$unit" 'not installed' "$(set_up)"; fi
    done
}

if [ -f "$file" ]; then
    pass settings "$file"
    check_settings
else
    fail settings "there is no $file" "$(set_up)"
fi
if [ -d "$secrets" ]; then
    check_generated
    check_model chat-model
    check_model embedding-model
    check_home
else
    fail secrets "there is no $secrets" "$(set_up)"
fi
settings_failed=$failed
case $target in
    compose) validate_compose ;;
    kubernetes) validate_kubernetes ;;
    systemd) validate_systemd ;;
esac
if [ -n "$static" ]; then skip doctor 'the files alone are looked at'; else doctor; fi
summary && exit 0
[ "$settings_failed" = 0 ] || exit "$EXIT_SETTINGS"
exit "$EXIT_FAILED"
