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
nothing and shows no secret. A service that runs is asked to examine itself too. Which settings there are, and what each may be, is read from
the example that was published with them (.env.example, lucia.env.example). In a cluster that was not set up from here, such as by Helm, what
runs is looked at: its ConfigMap and its Secret.

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

overlay='' storage_class='' static='' given_directory=''
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

given_directory=$directory
find_target configured
[ -n "$static" ] || need_tools

# Of a cluster: what runs, unless there is a set-up here that is applied to it.
live=''
if [ "$target" = kubernetes ] && [ -z "$static" ] && [ -n "$(workload agenthost)" ]; then
    if [ ! -f "$(settings_file)" ] || { [ -z "$overlay$given_directory" ] && [ -n "$(helm_release)" ]; }; then
        live=$(live_configmap)
        umask 077
        make_scratch
        live_settings=$scratch/settings
        live_data configmap "$live" >"$live_settings" || rm -f "$live_settings"
    fi
fi
file=$(settings_file) secrets=$(secrets_folder) place=$(settings_file)
[ -z "$live" ] || place="the ConfigMap $live" secrets="the Secret $(live_secret)"

set_up() {
    case $live$target in
        ?*kubernetes) printf 'helm upgrade, or kubectl apply, with what you installed it from' && return ;;
    esac
    case $target in
        systemd) printf 'sudo ./install.sh, in the folder of the bundle' ;;
        *) printf '(cd %s && ./setup.sh)' "$directory" ;;
    esac
}

secret_hint() {
    if [ -n "$live" ]; then
        printf 'It is %s in %s. With Helm: helm upgrade %s %s --namespace %s --reset-then-reuse-values --set-file secrets.%s=FILE' "$1" "$secrets" "$(helm_release)" "$(helm_chart)" "$namespace" "$(chart_name "$1")"
        return
    fi
    case $target in
        systemd) printf 'sudo ./install.sh set %s' "$1" ;;
        *) printf 'Write it to %s, or empty that file and run %s' "$secrets/$1" "$(set_up)" ;;
    esac
}

# What the chart calls a secret.
chart_name() {
    case $1 in
        chat-model | embedding-model) printf 'connectionStrings-%s' "$1" ;;
        *) printf '%s' "$1" ;;
    esac | awk -F - '{ for (i = 1; i <= NF; i++) printf "%s", i == 1 ? $i : toupper(substr($i, 1, 1)) substr($i, 2) }'
}

secret() {
    if [ -n "$live" ]; then printf '%s' "${live_secrets[$1]:-}"; else tr -d '\r\n' 2>/dev/null <"$secrets/$1"; fi
}

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
        warn home-assistant 'not set: Lucia only chats' "Set HomeAssistant__BaseUrl in $place and the secret home-assistant-access-token."
        return
    fi
    check_address HomeAssistant__BaseUrl "$url" "It is in $place."
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
        if [ -z "$value" ] && [ "$name" = redis-password ] && [ -n "$live" ] && ! has_redis; then
            skip "$name" 'Redis runs elsewhere, and asks for none'
        elif [ -z "$value" ]; then
            fail "$name" 'is not set' "It is generated: $(set_up)"
        elif is_placeholder "$value"; then
            fail "$name" 'still holds a placeholder' "Empty $name in $secrets; then it is generated: $(set_up)"
        elif [ "$name" = auth-api-key ] && [ ${#value} -lt 16 ]; then
            fail "$name" "has ${#value} characters" "At least 16 are needed. Empty $name in $secrets; then it is generated: $(set_up)"
        else
            pass "$name" 'is set'
        fi
    done
}

# --- Settings: what the published example says of each ---

settings_example() {
    local one
    for one in "$file.example" "$directory/base/.env.example" "$deploy/kubernetes/base/.env.example"; do
        case $target:$one in compose:*kubernetes*) continue ;; systemd:*/base/*) continue ;; esac
        [ ! -f "$one" ] || { printf '%s' "$one" && return; }
    done
    for one in "$deploy/lucia.env.example" "$deploy/systemd/lucia.env.example"; do
        [ "$target" != systemd ] || [ ! -f "$one" ] || { printf '%s' "$one" && return; }
    done
}

# Each setting of the example, with what it may be: NAME, a unit separator, the text behind "Allowed:".
declare -A allowed=()
read_example() {
    local name what
    while IFS=$'\037' read -r name what; do allowed[$name]=$what; done < <(awk '
        { sub(/\r$/, "") }
        /^# Allowed: / { what = substr($0, 12); sub(/\.$/, "", what); next }
        /^[ \t]*$/ { what = ""; next }
        match($0, /^#? ?[A-Za-z_][A-Za-z0-9_]*=/) { name = substr($0, 1, RLENGTH - 1); sub(/^#? ?/, "", name); printf "%s\037%s\n", name, what; what = "" }' "$1")
}

# check_number NAME LOWEST HIGHEST
check_number() {
    local value
    value=$(setting "$1")
    [ -n "$value" ] || return 0
    case $value in
        *[!0-9]*) fail "$1" 'is no whole number of that range' "From $2 to $3, in $place" ;;
        *) if [ "${#value}" -le 9 ] && [ "$value" -ge "$2" ] && [ "$value" -le "$3" ]; then pass "$1" "$value"; else fail "$1" "is $value" "From $2 to $3, in $place"; fi ;;
    esac
}

# check_choice NAME VALUE CHOICE...: capitals do not matter.
check_choice() {
    local name=$1 value=$2 one
    shift 2
    for one in "$@"; do [ "${one,,}" != "${value,,}" ] || { pass "$name" "$value" && return; }; done
    fail "$name" 'has a value it cannot have' "One of: $*; in $place"
}

# check_list NAME VALUE [CHOICE...]
check_list() {
    local name=$1 value=$2 one words
    shift 2
    IFS=, read -r -a words <<<"$value"
    for one in "${words[@]}"; do
        one=${one#"${one%%[![:space:]]*}"} one=${one%"${one##*[![:space:]]}"}
        if [ -n "$one" ] && ! [[ $one =~ ^[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)?$ ]]; then
            fail "$name" 'is not a list of names' "Names separated by commas, of letters, digits and underscores, such as light,switch; in $place" && return
        fi
        if [ $# -gt 0 ] && [ -n "$one" ] && [[ " ${*,,} " != *" ${one,,} "* ]]; then fail "$name" 'names something it cannot have' "Any of: $*; in $place" && return; fi
    done
    pass "$name" "$value"
}

# check_setting NAME WHAT-IT-MAY-BE
check_setting() {
    local value choices
    value=$(setting "$1")
    [ -n "$value" ] || return 0
    # A placeholder is told of by itself.
    if is_placeholder "$value"; then return 0; fi
    case $2 in
        'whole number, '*' to '*) choices=${2#whole number, } && check_number "$1" "${choices% to *}" "${choices#* to }" ;;
        'http or https URL') [ "$1" = HomeAssistant__BaseUrl ] || check_address "$1" "$value" "It is in $place." ;;
        'list, separated by commas') check_list "$1" "$value" ;;
        'list of '*', separated by commas')
            choices=${2#list of } choices=${choices%, separated by commas}
            # shellcheck disable=SC2086
            check_list "$1" "$value" ${choices//, / }
            ;;
        'true, false') case ${value,,} in yes | no | on | off | 1 | 0) pass "$1" "$value" ;; *) check_choice "$1" "$value" true false ;; esac ;;
        *', '*)
            # shellcheck disable=SC2086
            check_choice "$1" "$value" ${2//, / }
            ;;
    esac
}

# nearest NAME MOST-EDITS: the setting that was probably meant.
nearest() {
    printf '%s\n' "${!allowed[@]}" | sort | awk -v name="$1" -v best="$2" '
        function least(a, b) { return a < b ? a : b }
        function edits(left, right,    i, j, before, now) {
            for (j = 0; j <= length(right); j++) before[j] = j
            for (i = 1; i <= length(left); i++) {
                now[0] = i
                for (j = 1; j <= length(right); j++)
                    now[j] = least(least(now[j - 1], before[j]) + 1, before[j - 1] + (substr(left, i, 1) != substr(right, j, 1)))
                for (j = 0; j <= length(right); j++) before[j] = now[j]
            }
            return before[length(right)]
        }
        { here = edits(tolower(name), tolower($0)); if (here <= best) { best = here - 1; found = $0 } }
        END { printf "%s", found }'
}

# The file or credential of a secret that somebody set among the settings.
secret_called() {
    case $1 in
        Auth__ApiKey) printf auth-api-key ;;
        Redis__Password) printf redis-password ;;
        ChatModel__AccessKey) printf chat-model-access-key ;;
        EmbeddingModel__AccessKey) printf embedding-model-access-key ;;
        HomeAssistant__AccessToken) printf home-assistant-access-token ;;
        ConnectionStrings__chat[_-]model) printf chat-model ;;
        ConnectionStrings__embedding[_-]model) printf embedding-model ;;
    esac
}

# A name that nothing reads: compose and Kubernetes hand on what they know alone, and say nothing of the rest.
check_name() {
    local meant secret
    [ -z "${allowed[$1]+known}" ] || return 0
    # As an environment, .NET reads it: elements of a list, and capitals do not matter.
    if [ "$target" = systemd ] && [[ $1 =~ ^(.+)__[0-9]+$ ]] && [ -n "${allowed[${BASH_REMATCH[1]}]+known}" ]; then return 0; fi
    secret=$(secret_called "$1")
    if [ -n "$secret" ]; then
        if [ "$target" = systemd ]; then warn "$1" 'is a secret, and here every program that looks at the service can read it' "Take it out of $place. $(secret_hint "$secret")"; else fail "$1" 'is a secret, and not read from here' "Take it out of $place. $(secret_hint "$secret")"; fi
        return
    fi
    if [ "$target" = compose ] && grep -qsF "$1" "$directory"/docker-compose.override.yml "$directory"/*.local.*; then return 0; fi
    # systemd hands on everything, and .NET has settings of its own.
    if [ "$target" = systemd ] && ! printf '%s\n' "${!allowed[@]}" | grep -v '^Logging__' | grep -q "^${1%%__*}__"; then
        meant=$(nearest "$1" 2)
        [ -n "$meant" ] || return 0
    else
        meant=$(nearest "$1" 4)
    fi
    case $target:$1 in systemd:Lucia__SecretsDirectory) return 0 ;; esac
    [ "$target:${meant,,}" != "systemd:${1,,}" ] || return 0
    if [ -n "$meant" ]; then
        fail "$1" 'is no setting, so nothing reads it' "Did you mean $meant? It is in $place."
    else
        fail "$1" 'is no setting, so nothing reads it' "Take it out of $place; $example names every setting."
    fi
}

check_settings() {
    local line name example
    example=$(settings_example)
    if [ -n "$example" ]; then
        read_example "$example"
        for name in $(printf '%s\n' "${!allowed[@]}" | sort); do check_setting "$name" "${allowed[$name]}"; done
        while IFS= read -r name; do check_name "$name"; done < <(
            sed -n 's/^[ \t]*\(export[ \t][ \t]*\)\{0,1\}\([A-Za-z][A-Za-z0-9]*__[A-Za-z0-9_.-]*\)=.*/\2/p' "$file" | sort -u)
    else
        warn settings-example "there is no $file.example, so names and ranges are not looked at" 'It is published beside it; take it from the release.'
    fi
    # The name alone: the line may hold what nobody should see.
    while IFS= read -r line; do
        name=${line%%=*}
        case $name in HomeAssistant__BaseUrl) continue ;; esac
        if is_placeholder "${line#*=}"; then fail "$name" 'still holds a placeholder' "It is in $place."; fi
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
        *) fail LUCIA_BIND 'is no address' "Such as 127.0.0.1, in $place" ;;
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
    [ -n "$live" ] || check_private "$secrets" 700
    if [ -n "$live" ]; then
        # Of what runs, what the checks below look for.
        rendered=$(kube get ingresses -o jsonpath='{range .items[*]}kind: Ingress{"\n"}ingressClassName: {.spec.ingressClassName}{"\n"}{end}' 2>/dev/null | sed '/: $/d'
            kube get persistentvolumeclaims -o jsonpath='{range .items[*]}kind: PersistentVolumeClaim{"\n"}storageClassName: {.spec.storageClassName}{"\n"}{end}' 2>/dev/null | sed '/: $/d')
        skip manifests "what runs is looked at: $place"
    elif have kubectl; then
        rendered=$(kubectl kustomize "$applied" 2>&1) || { fail manifests 'kustomize does not build them' "$(printf '%s' "$rendered" | tail -n 1)" && rendered=''; }
        [ -z "$rendered" ] || pass manifests "$(grep -c '^kind:' <<<"$rendered") objects"
    else
        skip manifests 'there is no kubectl to build them'
    fi
    [ -z "$static" ] || return 0

    classes=$(kubectl get storageclasses -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.metadata.annotations.storageclass\.kubernetes\.io/is-default-class}{"\n"}{end}' 2>/dev/null)
    class=${storage_class:-$(sed -n 's/^ *storageClassName: *"\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' <<<"$rendered" | head -n 1)}
    if [ -n "$live" ] && ! grep -q '^kind: PersistentVolumeClaim$' <<<"$rendered"; then
        skip StorageClass 'there is no volume'
    elif [ -n "$class" ]; then
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
    if [ -n "$live" ]; then
        skip dry-run 'nothing is to be applied from here'
    elif [ -n "$rendered" ] && kube get namespace "$namespace" >/dev/null 2>&1; then
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
    pass settings "$place"
    check_settings
elif [ -n "$live" ]; then
    fail settings "$place cannot be read" "kubectl -n $namespace get configmap $live"
else
    fail settings "there is no $place" "$(set_up)"
fi
if [ -n "$live" ] && ! read_live_secrets; then
    skip secrets "you may not read $secrets; the service itself is asked below"
elif [ -n "$live" ] || [ -d "$secrets" ]; then
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
