#!/usr/bin/env bash
# Whether a running deployment is what it should be: more than twenty checks of its service, its hardening, its data and its doors.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<HELP
Usage: verify-deployment.sh [options]

Looks at a running Lucia from outside and from inside: does it answer, does it keep strangers out, is it as locked up as it was published,
is Redis hidden and its data kept. Changes nothing; --chat says one sentence to the model, which may cost something.

$common_options
  --address HOST:PORT   ask there, in place of where the deployment publishes it
  --timeout SECONDS     for each question. Default: 20
  --chat                also say something and expect an answer

Examples:
  verify-deployment.sh
  verify-deployment.sh --target kubernetes --namespace lucia --chat
  verify-deployment.sh --target systemd | tee verification.txt

Exit codes: 0 nothing failed, 1 something did, 2 wrong usage, 69 something needed is missing.
HELP
}

timeout=20 chat='' given_address=''
while [ $# -gt 0 ]; do
    common_option "$@"
    if [ "$taken" != 0 ]; then shift "$taken" && continue; fi
    case $1 in
        --address | --timeout)
            [ -n "${2:-}" ] || die "$EXIT_USAGE" "$1 takes a value; see --help"
            if [ "$1" = --address ]; then given_address=$2; else timeout=$2; fi
            shift 2
            ;;
        --chat) chat=1 && shift ;;
        *) die "$EXIT_USAGE" "\"$1\" is not known; see --help" ;;
    esac
done

# expect_status NAME STATUS REMEDY: of the last question.
expect_status() {
    if [ "$status" = "$2" ]; then pass "$1" "$status"; else fail "$1" "$status, expected $2" "$3"; fi
}

# --- Its doors, the same on every target ---

verify_service() {
    local key findings state name detail state_of_redis='' session reply
    if [ -z "$address" ]; then
        for name in alive ready health-hides-details strangers-kept-out wrong-key-kept-out key-accepted redis-connected agents unknown-path headers; do
            skip "$name" 'the service cannot be reached from here'
        done
        return
    fi
    ask /alive
    expect_status alive 200 'It does not answer; see its logs.'
    ask /health/ready
    expect_status ready 200 'It is starting, or its settings are wrong; see its logs.'
    ask /health
    case $body in
        *components*) fail health-hides-details 'strangers see every component' 'Set an API key: run the set-up again.' ;;
        *status*) pass health-hides-details 'strangers see the status alone' ;;
        *) fail health-hides-details "answers $status" 'See its logs.' ;;
    esac
    ask /api/agents
    expect_status strangers-kept-out 401 'Anybody who reaches the port can use it. Set an API key: run the set-up again.'
    ask /api/agents 'not-the-key-of-this-house'
    expect_status wrong-key-kept-out 401 'It takes any key; look at what stands in front of it.'

    key=$(api_key)
    if [ -z "$key" ]; then
        for name in key-accepted redis-connected agents; do skip "$name" 'there is no key to ask with; see --api-key-file'; done
    else
        ask /api/agents "$key"
        expect_status key-accepted 200 'The file does not hold the key that the service was started with. Restart it, or see --api-key-file.'
        case $body in *'"id"'*) pass agents 'there is an agent to talk to' ;; *) fail agents 'there is none' 'See its logs.' ;; esac
        ask /health "$key"
        findings=$(read_findings <<<"$body")
        while IFS=$'\037' read -r state name detail _; do
            [ "$name" != redis ] || state_of_redis=$state
            case $name:$state in
                :*) ;;
                redis:Healthy) pass redis-connected "$detail" ;;
                redis:*) fail redis-connected "$detail" 'Conversations are in memory alone until it is back. See the logs of Redis.' ;;
                *:Healthy) pass "$name" "$detail" ;;
                *) warn "$name" "$detail" 'Lucia answers without it, with less.' ;;
            esac
        done <<<"$findings"
        [ -n "$state_of_redis" ] || skip redis-connected 'the service does not speak of it'
    fi
    ask "/api/there-is-no-such-thing" "$key"
    if [ "$status" = 404 ] && [ "${body#<}" = "$body" ]; then pass unknown-path '404, and no page'; else fail unknown-path "$status" 'Something in front of it answers in its place.'; fi
    if curl -sS -m "$timeout" -o /dev/null -D - "http://$address/" 2>/dev/null | grep -qi '^content-security-policy:'; then
        pass headers 'the page says what a browser may load'
    else
        warn headers 'the page has no Content-Security-Policy' 'Something in front of it may take it away.'
    fi

    if [ -z "$chat" ]; then
        skip chat 'not asked for; --chat does it'
    elif [ -z "$key" ]; then
        skip chat 'there is no key to ask with; see --api-key-file'
    else
        timeout=120 ask /api/chat "$key" -H 'Content-Type: application/json' -d '{"message":"Hello"}'
        reply=$body
        expect_status chat 200 'The model does not answer; health-check.sh --doctor says more.'
        session=$(sed -n 's/.*"sessionId" *: *"\([^"]*\)".*/\1/p' <<<"$reply" | head -n 1)
        ask "/api/sessions/${session:-none}" "$key"
        expect_status conversation-kept 200 'It answered, and forgot at once; see the logs of Redis.'
        ask "/api/sessions/${session:-none}" "$key" -X DELETE
    fi
}

verify_redis() {
    local value
    if ! has_redis; then
        for value in redis redis-append-only redis-keeps-all redis-bounded redis-password; do skip "$value" 'Redis runs elsewhere'; done
        return
    fi
    if [ "$(redis_cli ping </dev/null 2>/dev/null | tail -n 1)" != PONG ]; then
        fail redis 'does not answer' 'See its logs.'
        for value in redis-append-only redis-keeps-all redis-bounded redis-password; do skip "$value" 'Redis does not answer'; done
        return
    fi
    pass redis 'answers'
    expect redis-append-only yes "$(redis_config appendonly)" 'A crash would lose conversations. Publish the deployment again.'
    expect redis-keeps-all noeviction "$(redis_config maxmemory-policy)" 'Conversations would be the first to go. Publish the deployment again.'
    value=$(redis_config maxmemory)
    if [ "${value:-0}" -gt 0 ] 2>/dev/null; then pass redis-bounded "$((value / 1048576)) MB"; else fail redis-bounded 'without bounds' 'It would grow until it is killed. Publish the deployment again.'; fi
    if redis_without_password 2>/dev/null | grep -q NOAUTH; then pass redis-password 'nothing without it'; else fail redis-password 'it answers without one' 'Run the set-up again.'; fi
}

redis_config() { redis_cli config get "$1" </dev/null 2>/dev/null | tail -n 1 | tr -d '\r'; }

redis_without_password() {
    case $target in
        compose) compose exec -T redis redis-cli ping </dev/null ;;
        kubernetes) kube exec "$(redis_pod)" -- redis-cli ping </dev/null ;;
        systemd) redis-cli -h 127.0.0.1 -p 6380 ping </dev/null ;;
    esac
}

# --- compose ---

# container SERVICE TEMPLATE
container() { docker inspect -f "$2" "$(compose ps --all -q "$1" 2>/dev/null | head -n 1)" 2>/dev/null; }

# The templates are the engine's to expand.
# shellcheck disable=SC2016
verify_compose() {
    local service value wanted secret seen exposed
    value=$(docker version --format '{{.Server.Version}}' 2>/dev/null)
    if [ "${value%%.*}" -ge 24 ] 2>/dev/null; then pass engine "$value"; else fail engine "$value" 'Docker Engine 24 or newer is needed.'; fi
    value=$(docker compose version --short 2>/dev/null) value=${value#v}
    if awk -v version="$value" 'BEGIN { split(version, part, "."); exit !(part[1] > 2 || (part[1] == 2 && part[2] >= 20)) }'; then pass compose "$value"; else fail compose "$value" '2.20 or newer is needed.'; fi

    for service in agenthost redis; do
        value=$(container "$service" '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}')
        if [ "$service:$value" = 'redis:' ]; then
            skip "$service" 'there is none: Redis runs elsewhere'
            continue
        fi
        expect "$service-healthy" 'running healthy' "$value" "docker compose logs --tail 50 $service"
        [ -n "$value" ] || continue
        expect "$service-restarts" 0 "$(container "$service" '{{.RestartCount}}')" "It ended by itself; docker compose logs $service"
        expect "$service-read-only" true "$(container "$service" '{{.HostConfig.ReadonlyRootfs}}')" 'Take it out of your override, or publish again.'
        expect "$service-capabilities" '[ALL] []' "$(container "$service" '{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}}')" 'Take it out of your override, or publish again.'
        if [[ $(container "$service" '{{.HostConfig.SecurityOpt}}') == *no-new-privileges* ]]; then pass "$service-privileges" 'can gain none'; else fail "$service-privileges" 'it could gain privileges' 'Take it out of your override, or publish again.'; fi
        expect "$service-privileged" false "$(container "$service" '{{.HostConfig.Privileged}}')" 'Take it out of your override.'
        case $service in agenthost) wanted=1654:1654 ;; redis) wanted=999:1000 ;; esac
        expect "$service-user" "$wanted" "$(container "$service" '{{.Config.User}}')" 'Take it out of your override, or publish again.'
        for value in Memory PidsLimit NanoCpus; do
            if [ "$(container "$service" "{{.HostConfig.$value}}" | tr -dc 0-9 | sed 's/^0*//')" ]; then pass "$service-limit" "$value $(container "$service" "{{.HostConfig.$value}}")"; else fail "$service-limit" "no $value" 'Take it out of your override, or publish again.'; fi
        done
        expect "$service-logs-rotate" 10m "$(container "$service" '{{index .HostConfig.LogConfig.Config "max-size"}}')" 'Logs would fill the disk. Publish again.'
        expect "$service-comes-back" unless-stopped "$(container "$service" '{{.HostConfig.RestartPolicy.Name}}')" 'It would stay down after a reboot. Publish again.'
        seen=$(container "$service" '{{json .}}')
        exposed=''
        for secret in "$directory"/secrets/*; do
            ! patterns "$secret" | grep -qF -f - <(printf '%s' "$seen") || exposed="$exposed ${secret##*/}"
        done
        if [ -z "$exposed" ]; then pass "$service-secrets" 'none in environment or arguments'; else fail "$service-secrets" "in environment or arguments:$exposed" 'Give it as a file in secrets/.'; fi
    done

    value=$(container redis '{{range $port, $bound := .NetworkSettings.Ports}}{{range $bound}}{{.HostIp}}:{{.HostPort}} {{end}}{{end}}')
    if [ -z "$value" ]; then pass redis-hidden 'publishes no port'; else fail redis-hidden "published at $value" 'Take the port out of your override.'; fi
    value=$(container redis '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}')
    expect redis-network true "$(docker network inspect -f '{{.Internal}}' "${value%% *}" 2>/dev/null)" 'Redis could reach the internet. Take the network out of your override.'
    value=$(container redis '{{range .Mounts}}{{if eq .Destination "/data"}}{{.Type}} {{.Name}}{{end}}{{end}}')
    case $value in volume*) pass redis-volume "${value#volume }" ;; *) fail redis-volume 'its data is in no volume' 'Take it out of your override, or publish again.' ;; esac
    value=$(container agenthost '{{range $port, $bound := .NetworkSettings.Ports}}{{range $bound}}{{.HostIp}} {{end}}{{end}}')
    case $value in
        '127.'* | '::1'*) pass published 'for this machine alone' ;;
        '') skip published 'no port' ;;
        *) warn published "for the network: $value" 'Put a reverse proxy with TLS in front.' ;;
    esac
    expect secrets-folder 700 "$(stat -c %a "$directory/secrets" 2>/dev/null || stat -f %Lp "$directory/secrets")" "chmod 0700 $directory/secrets"
    expect settings-file 600 "$(stat -c %a "$directory/.env" 2>/dev/null || stat -f %Lp "$directory/.env")" "chmod 0600 $directory/.env"
}

# --- Kubernetes ---

# of COMPONENT JSONPATH
of() { kube get "$(workload "$1")" -o jsonpath="{$2}" 2>/dev/null; }

verify_kubernetes() {
    local service value pod='.spec.template.spec' container='.spec.template.spec.containers[0]'
    # The label keeps out what comes later; what is here is judged by its own pods, below.
    value=$(kubectl get namespace "$namespace" -o jsonpath='{.metadata.labels.pod-security\.kubernetes\.io/enforce}' 2>/dev/null)
    case $value in
        restricted) pass pod-security "$value" ;;
        '') skip pod-security "the namespace has no such label; to keep other pods in line: kubectl label namespace $namespace pod-security.kubernetes.io/enforce=restricted" ;;
        *) warn pod-security "$value: less than Lucia needs" "kubectl label --overwrite namespace $namespace pod-security.kubernetes.io/enforce=restricted" ;;
    esac
    for service in agenthost redis; do
        if [ -z "$(workload "$service")" ]; then
            if [ "$service" = redis ]; then skip redis 'there is none: Redis runs elsewhere'; else fail "$service" "not in the namespace $namespace" 'Install it: kubectl apply -k base, or helm upgrade --install'; fi
            continue
        fi
        expect "$service-ready" "$(of "$service" .spec.replicas)" "$(of "$service" .status.readyReplicas)" "kubectl -n $namespace describe $(workload "$service")"
        value=$(kube get pods -l "app.kubernetes.io/component=$service" -o jsonpath='{.items[*].status.containerStatuses[*].restartCount}' 2>/dev/null)
        case ${value:-0} in *[1-9]*) warn "$service-restarts" "$value" "kubectl -n $namespace logs --previous $(workload "$service")" ;; *) pass "$service-restarts" none ;; esac
        expect "$service-non-root" true "$(of "$service" "$pod.securityContext.runAsNonRoot")" 'Take it out of your overlay or values.'
        expect "$service-read-only" true "$(of "$service" "$container.securityContext.readOnlyRootFilesystem")" 'Take it out of your overlay or values.'
        expect "$service-privileges" false "$(of "$service" "$container.securityContext.allowPrivilegeEscalation")" 'Take it out of your overlay or values.'
        value=$(of "$service" "$container.securityContext.capabilities.drop[*]")
        expect "$service-capabilities" ALL "$value" 'Take it out of your overlay or values.'
        expect "$service-seccomp" RuntimeDefault "$(of "$service" "$pod.securityContext.seccompProfile.type")" 'Take it out of your overlay or values.'
        value=$(of "$service" "$pod.hostNetwork")$(of "$service" "$pod.hostPID")$(of "$service" "$pod.hostIPC")$(of "$service" "$pod.volumes[*].hostPath.path")$(of "$service" "$pod.containers[*].securityContext.privileged")
        case $value in *true* | */*) fail "$service-host" 'reaches into its node: host namespaces, folders or privileges' 'Take it out of your overlay or values.' ;; *) pass "$service-host" 'sees nothing of its node' ;; esac
        expect "$service-token" false "$(of "$service" "$pod.automountServiceAccountToken")" 'It could speak to the API server. Take it out of your overlay or values.'
        value=$(of "$service" "$container.resources.limits.memory")
        if [ -n "$value" ]; then pass "$service-limit" "memory $value"; else fail "$service-limit" 'no memory limit' 'Take it out of your overlay or values.'; fi
        for probe in startupProbe readinessProbe livenessProbe; do
            if [ -n "$(of "$service" "$container.$probe")" ]; then pass "$service-probe" "$probe"; else fail "$service-probe" "no $probe" 'Take it out of your overlay or values.'; fi
        done
        value=$(of "$service" "$container.env[*].value")$(of "$service" "$container.args")
        case $value in *[Aa]ccess[Kk]ey=*) fail "$service-secrets" 'a key is in its environment or arguments' 'Give it as a Secret.' ;; *) pass "$service-secrets" 'none in environment or arguments' ;; esac
    done
    if kube get networkpolicies -o name 2>/dev/null | grep -q default-deny; then pass network-policy 'everything else is denied'; else fail network-policy 'nothing is denied' 'Install it again as it is: kubectl apply -k base, or helm upgrade --install'; fi
    value=$(kube get persistentvolumeclaims -o jsonpath='{.items[*].status.phase}' 2>/dev/null)
    case " $value " in '  ') skip volume 'there is none' ;; *' Pending '* | *' Lost '*) fail volume "$value" "kubectl -n $namespace describe persistentvolumeclaims" ;; *) pass volume "$value" ;; esac
    value=$(kube get services -o jsonpath='{.items[*].spec.type}' 2>/dev/null)
    case $value in *NodePort* | *LoadBalancer*) warn published "$value" 'Put TLS in front: an Ingress, not a port.' ;; *) pass published 'within the cluster alone' ;; esac
    if [ "$(of agenthost .spec.replicas)" -gt 1 ] 2>/dev/null; then
        if kube get poddisruptionbudgets -o name 2>/dev/null | grep -q .; then pass disruption-budget 'there is one'; else warn disruption-budget 'there is none' 'Apply overlays/ha.'; fi
    else
        skip disruption-budget 'one replica'
    fi
}

# --- systemd ---

# unit SERVICE PROPERTY
unit() { systemctl show -p "$2" --value "$1.service" 2>/dev/null; }

verify_systemd() {
    local service value secret exposed seen
    for service in lucia lucia-redis; do
        if [ "$service" = lucia-redis ] && ! systemctl cat lucia-redis.service >/dev/null 2>&1; then
            skip "$service" 'there is none: Redis runs elsewhere'
            continue
        fi
        expect "$service-active" active "$(unit "$service" ActiveState)" "journalctl -u $service -n 50"
        expect "$service-restarts" 0 "$(unit "$service" NRestarts)" "It ended by itself; journalctl -u $service"
        expect "$service-comes-back" on-failure "$(unit "$service" Restart)" 'Take it out of your drop-in.'
        expect "$service-user" yes "$(unit "$service" DynamicUser)" 'Take it out of your drop-in.'
        expect "$service-read-only" strict "$(unit "$service" ProtectSystem)" 'Take it out of your drop-in.'
        expect "$service-capabilities" none "$(unit "$service" CapabilityBoundingSet | sed 's/^$/none/')" 'Take it out of your drop-in.'
        expect "$service-privileges" yes "$(unit "$service" NoNewPrivileges)" 'Take it out of your drop-in.'
        for value in MemoryMax TasksMax; do
            case $(unit "$service" "$value") in '' | infinity) fail "$service-limit" "no $value" 'Take it out of your drop-in.' ;; *) pass "$service-limit" "$value $(unit "$service" "$value")" ;; esac
        done
        # Of a service that does not run there is only the unit to read.
        value=$(unit "$service" MainPID)
        seen=$(systemctl show "$service.service" 2>/dev/null; [ ! -r "/proc/$value/environ" ] || tr '\0' '\n' <"/proc/$value/environ"; [ ! -r "/proc/$value/cmdline" ] || tr '\0' '\n' <"/proc/$value/cmdline")
        exposed=''
        for secret in "$directory"/credentials/*; do
            ! patterns "$secret" | grep -qF -f - <(printf '%s' "$seen") || exposed="$exposed ${secret##*/}"
        done
        if [ -z "$exposed" ]; then pass "$service-secrets" 'none in environment or arguments'; else fail "$service-secrets" "in environment or arguments:$exposed" 'sudo ./install.sh set NAME'; fi
    done
    case $(unit lucia WatchdogUSec) in '' | 0 | infinity) fail watchdog off 'Take it out of your drop-in.' ;; *) pass watchdog "$(unit lucia WatchdogUSec)" ;; esac
    expect starts-at-boot enabled "$(systemctl is-enabled lucia.target 2>/dev/null)" 'systemctl enable lucia.target'
    expect settings-file 600 "$(stat -c %a "$directory/lucia.env" 2>/dev/null)" "chmod 0600 $directory/lucia.env"
    value=$(stat -c %a "$directory"/credentials/* 2>/dev/null | sort -u | tr '\n' ' ')
    expect credentials '600 ' "$value" "chmod 0600 $directory/credentials/*"
    if have systemd-analyze; then
        value=$(systemd-analyze security --no-pager lucia.service 2>/dev/null | sed -n 's/.*Overall exposure level for lucia.service: \([0-9.]*\).*/\1/p')
        if awk -v score="${value:-10}" 'BEGIN { exit !(score <= 1.5) }'; then pass exposure "$value of 10"; else fail exposure "${value:-unknown} of 10, more than 1.5" 'Take out of your drop-in what opens it.'; fi
    else
        skip exposure 'there is no systemd-analyze'
    fi
    case $(setting LUCIA_BIND) in '' | 127.*) pass published 'for this machine alone' ;; *) warn published 'for the network' 'Put a reverse proxy with TLS in front.' ;; esac
}

find_target running
need curl 'Install it with your packages.'
need_tools
if [ -n "$given_address" ]; then address=$given_address; else find_address; fi
verify_service
case $target in
    compose) verify_compose ;;
    kubernetes) verify_kubernetes ;;
    systemd) verify_systemd ;;
esac
verify_redis
doctor
summary || exit "$EXIT_FAILED"
