#!/usr/bin/env bash
# Whether a running Lucia is well: the service, Redis, Home Assistant and the models.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<HELP
Usage: health-check.sh [options]

Asks a running Lucia how it is: the service itself, Redis, Home Assistant and the models. Changes nothing.

$common_options
  --address HOST:PORT   ask there, in place of where the deployment publishes it
  --timeout SECONDS     for each question. Default: 20
  --allow-degraded      a part that is away does not fail the check; Lucia still answers then
  --doctor              also let the service examine everything it needs, with remedies

Examples:
  health-check.sh
  health-check.sh --target systemd --allow-degraded
  health-check.sh --target kubernetes --namespace lucia-dev --doctor
  */5 * * * * /opt/lucia/current/scripts/health-check.sh >/dev/null || logger -p user.err "Lucia is not well"

Exit codes: 0 all is well, 1 something is not, 2 wrong usage, 69 something needed is missing.
HELP
}

timeout=20 degraded=fail examine='' given_address=''
while [ $# -gt 0 ]; do
    common_option "$@"
    if [ "$taken" != 0 ]; then shift "$taken" && continue; fi
    case $1 in
        --address | --timeout)
            [ -n "${2:-}" ] || die "$EXIT_USAGE" "$1 takes a value; see --help"
            if [ "$1" = --address ]; then given_address=$2; else timeout=$2; fi
            shift 2
            ;;
        --allow-degraded) degraded=warn && shift ;;
        --doctor) examine=1 && shift ;;
        *) die "$EXIT_USAGE" "\"$1\" is not known; see --help" ;;
    esac
done
[[ $timeout =~ ^[1-9][0-9]*$ ]] || die "$EXIT_USAGE" "--timeout takes a number of seconds, not \"$timeout\""

logs() {
    case $target in
        compose) printf 'docker compose logs --tail 50 agenthost' ;;
        kubernetes) printf 'kubectl -n %s logs %s' "$namespace" "$(workload agenthost)" ;;
        systemd) printf 'journalctl -u lucia -n 50' ;;
    esac
}

find_target running
need curl 'Install it with your packages.'
need_tools
if [ -n "$given_address" ]; then address=$given_address; else find_address; fi
if [ -z "$address" ]; then
    fail service 'it does not run, or publishes no port' "Start it, then see its logs: $(logs)"
    summary
    exit "$EXIT_FAILED"
fi

ask /alive
if [ "$status" = 200 ]; then
    pass alive "answers at $address"
else
    fail alive "no answer at $address" "Start it, then see its logs: $(logs)"
    summary
    exit "$EXIT_FAILED"
fi
ask /health/ready
if [ "$status" = 200 ]; then pass ready 'takes requests'; else fail ready "answers $status" "It is starting, or its settings are wrong. See: $(logs)"; fi

key=$(api_key)
if [ -z "$key" ]; then
    fail key 'there is no API key to ask with' "Name the file that holds it: --api-key-file FILE, or see where the set-up put it: $(secrets_folder)"
else
    ask /health "$key"
    findings=$(read_findings <<<"$body")
    case $status in
        401) fail key 'the service refuses it' 'The file was changed after the start, or another deployment answers here. Restart the service, or name the right file: --api-key-file FILE' ;;
        000) fail health 'no answer' "See its logs: $(logs)" ;;
        *)
            if [ -z "$findings" ]; then
                # Without the right key the reply has the overall status alone.
                fail key 'the service does not take it' 'The file was changed after the start, or another deployment answers here. Restart the service, or name the right file: --api-key-file FILE'
            else
                pass key accepted
            fi
            ;;
    esac
    while IFS=$'\037' read -r state name detail _; do
        [ -n "$name" ] || continue
        case $state in
            Healthy) pass "$name" "$detail" ;;
            Degraded) check "$degraded" "$name" "$detail" 'Lucia answers without it, with less. health-check.sh --doctor says more.' ;;
            *) fail "$name" "$state: $detail" "See its logs: $(logs)" ;;
        esac
    done <<<"$findings"
fi
[ -z "$examine" ] || doctor
summary || exit "$EXIT_FAILED"
