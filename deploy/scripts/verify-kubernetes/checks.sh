# Part of verify-kubernetes.sh, which holds the variables.
# shellcheck shell=bash disable=SC2034,SC2154
# --- What is proven of the running installation ---

# Sourced by every script that runs in the client's pod. nc is told by a pipe, so that no key is in an argument; the pipe stays open
# until the answer is there, as a server may take a closed one for a caller who has left.
# shellcheck disable=SC2016
readonly CLIENT_LIBRARY='
trap "" PIPE
folder=$(mktemp -d /tmp/verify.XXXXXX)
# ask METHOD PATH [BODY] [ACCEPT]: $status, and the whole answer in $folder/answer. HTTP/1.0: the answer comes in one piece and ends with the connection.
ask() {
    rm -f "$folder/in"
    mkfifo "$folder/in"
    nc -w 60 "$address" 80 <"$folder/in" >"$folder/answer" 2>/dev/null &
    exec 3>"$folder/in"
    {
        printf "%s %s HTTP/1.0\r\nHost: %s\r\nAccept: %s\r\nContent-Type: application/json\r\n" "$1" "$2" "$address" "${4:-application/json}"
        [ -z "$key" ] || printf "Authorization: Bearer %s\r\n" "$key"
        printf "Content-Length: %s\r\n\r\n%s" "$(printf %s "${3:-}" | wc -c | tr -d " ")" "${3:-}"
    } >&3 2>/dev/null
    wait $!
    exec 3>&-
    status=$(sed -n "1s/^HTTP[^ ]* \([0-9][0-9]*\).*/\1/p" "$folder/answer")
}
# expect STATUS WHAT: ends the script with the answer where another came.
expect() {
    [ "$status" = "$1" ] && return
    echo "$2 was answered ${status:-not at all}: $(tr -d "\r" <"$folder/answer" | tail -n 3 | cut -c 1-400)"
    exit 1
}
key=$(cat /key/api-key)
'

# in_client COMMANDS: in the client's pod, with the Service's address; what it says is in $work/said.
in_client() {
    printf 'address=%s\n%s\n%s\n' "$service_address" "$CLIENT_LIBRARY" "$1" | in_namespace exec -i "deployment/$CLIENT" -- sh -s
}

asked() {
    quietly in_client "$1" || fail "$(said)" "${2:-"The log of the pods tells more; it follows."}"
}

service_address='' session='' loop=''

check_health() {
    asked 'key=; ask GET /alive; expect 200 /alive; ask GET /health/ready; expect 200 /health/ready; key=$(cat /key/api-key); ask GET /health; expect 200 /health; grep -o "\"status\":\"[A-Za-z]*\"" "$folder/answer" | head -n 1' || return
    detail=$(said)
}

check_name() {
    local address=$service_address
    service_address=$(object agenthost)
    asked 'key=; ask GET /alive; expect 200 /alive' "Does the cluster's DNS run? kubectl -n kube-system get pods" || { service_address=$address && return 1; }
    service_address=$address
}

check_key() {
    asked 'key=; ask GET /api/agents; expect 401 "a call without a key"; key=wrong-key-of-nobody; ask GET /api/agents; expect 401 "a call with a wrong key"; key=$(cat /key/api-key); ask GET /api/agents; expect 200 "a call with the key"'
}

check_chat() {
    asked 'ask POST /api/chat "{\"message\":\"Turn on the kitchen light\"}"; expect 200 /api/chat; tail -n 1 "$folder/answer"' "Does the model support tool calls, and can the cluster reach it?" || return
    session=$(sed -n 's/.*"sessionId":"\([^"]*\)".*/\1/p' "$work/said" | head -n 1)
    [ -n "$session" ] || fail "the reply names no session: $(said)" || return
    [ -n "$chat_model" ] || grep -q '"success":true' "$work/said" || fail "the reply tells of no light that was switched: $(said)" || return
    detail=$(sed -n 's/.*"response":"\([^"]*\)".*/\1/p' "$work/said" | cut -c 1-80)
}

check_stream() {
    asked 'ask POST /api/chat "{\"message\":\"Is the kitchen light on?\"}" text/event-stream; expect 200 /api/chat; grep -c "^event: delta" "$folder/answer"; grep -c "^event: done" "$folder/answer"' || return
    local parts
    read -r parts _ <<<"$(said)"
    case $(said) in '0 '* | *' 0') fail "the stream has no parts or no end: $(said)" || return ;; esac
    detail="$parts parts"
}

# Every pod knows the conversation, whichever answers.
check_session() {
    asked 'for _ in 1 2 3 4 5 6; do ask GET /api/sessions/'"$session"'; expect 200 "the conversation"; done'
}

check_policies() {
    asked 'timeout 5 redis-cli -h '"$(in_namespace get service "$(object redis)" -o 'jsonpath={.spec.clusterIP}')"' ping 2>&1 || true' || return
    case $(said) in *NOAUTH*) skip "this cluster's network enforces no NetworkPolicy" ;; esac
}

# --- Requests without a pause, while something happens ---

start_requests() {
    in_client 'rm -f /tmp/stop; began=$(date +%s); asked=0; lost=0; waited=0; echo started
while [ ! -e /tmp/stop ] && [ $(($(date +%s) - began)) -lt '$((timeout * 3))' ]; do
    if [ $((asked % 2)) = 0 ]; then ask POST /api/chat "{\"message\":\"Turn on the kitchen light\"}"; else ask GET /api/agents; fi
    asked=$((asked + 1))
    case $status in
        200) ;;
        429) waited=$((waited + 1)); sleep 1 ;;
        *) lost=$((lost + 1)); echo "lost: request $asked was answered ${status:-not at all}" ;;
    esac
    sleep 0.1
done
echo "asked $asked lost $lost waited $waited"' >"$work/requests" 2>&1 &
    loop=$!
    until_true "the first request" grep -q started "$work/requests" || return
}

stop_requests() {
    quietly in_client 'touch /tmp/stop' || true
    wait "$loop" || true
    loop=''
    asked_requests=$(sed -n 's/^asked \([0-9]*\) lost.*/\1/p' "$work/requests")
    lost_requests=$(sed -n 's/^asked [0-9]* lost \([0-9]*\).*/\1/p' "$work/requests")
    [ "${asked_requests:-0}" -gt 0 ] || fail "the requests ended before their time: $(tail -n 3 "$work/requests" | tr '\n' ' ')"
}

# none_lost WHAT
none_lost() {
    [ "$lost_requests" = 0 ] || fail "$lost_requests of $asked_requests requests were lost while $1 ($(grep '^lost:' "$work/requests" | head -n 3 | tr '\n' ' '))" \
        "Is the image of a version that goes on answering for a while when it is told to stop?" || return
    detail="$asked_requests requests, none lost"
}

pod_is_gone() { ! in_namespace get pod "$1" >/dev/null 2>&1; }

rolled_out() {
    quietly in_namespace rollout status "$1" --timeout="${timeout}s" || fail "$1 did not become ready: $(said)" "${2:-"Its pods' events and logs follow."}"
}

first_pod() { in_namespace get pods -l "app.kubernetes.io/component=$1" -o 'jsonpath={.items[0].metadata.name}'; }

check_kill() {
    local pod
    pod=$(first_pod agenthost) || fail "no pod was found" || return
    start_requests || return
    quietly in_namespace delete pod "$pod" --wait=false || fail "$(said)" || return
    until_true "the end of the pod" pod_is_gone "$pod" || return
    rolled_out "deployment/$(object agenthost)" || return
    stop_requests || return
    if [ "$replicas" -gt 1 ]; then
        none_lost "the pod was killed"
    else
        detail="$lost_requests of $asked_requests requests lost, as only one runs; it came back"
    fi
}

# The key that callers have must not change with an upgrade either: the requests go on with it.
check_setting() {
    local before after map
    before=$(in_namespace get pods -l app.kubernetes.io/component=agenthost -o 'jsonpath={.items[*].metadata.name}')
    start_requests || return
    max_turns=19
    install || return
    rolled_out "deployment/$(object agenthost)" || return
    for after in $before; do
        until_true "the end of the pod $after" pod_is_gone "$after" || return
    done
    stop_requests || return
    none_lost "the setting was rolled out" || return
    map=$(in_namespace get deployment "$(object agenthost)" -o 'jsonpath={.spec.template.spec.containers[0].env[?(@.name=="Sessions__MaxTurns")].valueFrom.configMapKeyRef.name}')
    [ "$(in_namespace get configmap "$map" -o 'jsonpath={.data.Sessions__MaxTurns}')" = 19 ] || fail "the pods read $map, which does not hold the new value" || return
    asked 'ask GET /api/agents; expect 200 "a call with the key of before"'
}

check_redis() {
    local pod
    pod=$(first_pod redis) || fail "no pod of Redis was found" || return
    quietly in_namespace delete pod "$pod" --wait --timeout="${timeout}s" || fail "$(said)" || return
    rolled_out "statefulset/$(object redis)" || return
    until_true "the conversation's return" quietly in_client 'ask GET /api/sessions/'"$session"'; expect 200 "the conversation"'
}

check_helm_test() {
    quietly "${helm[@]}" test "$RELEASE" --namespace "$namespace" --timeout "${timeout}s" || fail "$(said)"
}

# --- By its name, through the ingress controller ---

make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$ingress_host" -addext "subjectAltName=DNS:$ingress_host" \
        -keyout "$work/tls.key" -out "$work/tls.crt" >"$work/said" 2>&1 || fail "openssl made no certificate: $(said)" || return
    quietly in_namespace create secret tls verify-tls --cert="$work/tls.crt" --key="$work/tls.key" || fail "$(said)"
}

# by_name PATH [CURL OPTION...]: the key goes by a file descriptor, not by an argument.
by_name() {
    local path=$1 address=${ingress_address:-$found_address}
    shift
    case $address in *:*) ;; *) address=$address:443 ;; esac
    printf 'header = "Authorization: Bearer %s"\n' "$(cat "$work/api-key")" |
        curl --silent --show-error --fail-with-body --max-time 60 --config - --cacert "$work/tls.crt" --connect-to "$ingress_host:443:$address" "$@" "https://$ingress_host$path"
}

check_ingress() {
    found_address=$(in_namespace get ingress "$(object agenthost)" -o 'jsonpath={.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}')
    found_address=${found_address:-127.0.0.1}
    until_true "the way in" quietly by_name /alive || { fail "https://$ingress_host was not answered at ${ingress_address:-$found_address}: $(said)" "Does an ingress controller serve the class? kubectl get ingressclass. Is it reached there? --ingress-address says where."; return; }
    quietly by_name /api/chat --header 'Content-Type: application/json' --data '{"message":"Turn off the kitchen light"}' || fail "/api/chat: $(said)" || return
    quietly by_name /api/chat --no-buffer --header 'Content-Type: application/json' --header 'Accept: text/event-stream' --data '{"message":"Is the kitchen light on?"}' || fail "the stream: $(said)" || return
    grep -q '^event: done' "$work/said" || fail "the stream did not come through: $(said)" || return
    detail="https://$ingress_host at ${ingress_address:-$found_address}, $(grep -c '^event: delta' "$work/said") parts streamed"
}
