#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/smoke-image.sh IMAGE

Starts an image the way every deployment does (read-only, no capabilities, a key, a model that is set) and asks what has to
hold: labels of this version and commit, not root, alive, ready, its own health check, the version /health says, no answer
without the key.

Exit codes: 0 all of it holds, 1 something does not, 2 wrong usage, 69 docker or curl is missing.
HELP
}

case ${1:-} in
    -h | --help) usage && exit 0 ;;
    '' | -*) die 2 "which image? See $me --help" ;;
esac
[ $# = 1 ] || die 2 "give one image; see $me --help"
image=$1
needs docker "Get Docker Engine 24 or newer: https://docs.docker.com/engine/install/"
needs curl "Your system has a package of that name."

cd "$root"
version=$(eng/version.sh)
commit=$(git rev-parse HEAD)
container=lucia-smoke-$$
key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
failures=0

cleanup() { docker rm --force --volumes "$container" >/dev/null 2>&1 || return 0; }
trap cleanup EXIT

# is WHAT EXPECTED ACTUAL
is() {
    if [ "$2" = "$3" ]; then
        say "ok: $1 is $2"
    else
        say "FAILED: $1 is \"$3\", not \"$2\""
        failures=$((failures + 1))
    fi
}

inspect() { docker image inspect --format "$1" "$image"; }
label() { inspect "{{ index .Config.Labels \"org.opencontainers.image.$1\" }}"; }

docker image inspect "$image" >/dev/null 2>&1 || run docker pull --quiet "$image"
is "the label version" "$version" "$(label version)"
is "the label revision" "$commit" "$(label revision)"
is "the label licenses" MIT "$(label licenses)"
is "the label source" https://github.com/seiggy/lucia-dotnet "$(label source)"
is "the program's version" "$version ($commit)" "$(docker run --rm --network none "$image" --version)"
case $(inspect '{{ .Config.User }}') in '' | 0 | root | 0:* | root:*) is "the user" "not root" root ;; esac

# The key goes through the environment of this process, so that no argument shows it.
export Auth__ApiKey=$key
docker run --detach --name "$container" --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp --memory 512m \
    --publish 127.0.0.1::8080 --env Auth__ApiKey \
    --env 'ConnectionStrings__chat_model=Endpoint=http://127.0.0.1:9/v1;Model=none;Provider=openai-compatible' "$image" >/dev/null
address=http://$(docker port "$container" 8080/tcp | head -n 1)

ready=
for _ in $(seq 30); do
    if curl --silent --fail --max-time 2 --output /dev/null "$address/health/ready"; then ready=1 && break; fi
    sleep 1
done
if [ -z "$ready" ]; then
    docker logs "$container" >&2
    die 1 "it was not ready within 30 s, see its log above"
fi
status() { curl --silent --max-time 5 --output /dev/null --write-out '%{http_code}' "$@"; }
is "the answer of /alive" 200 "$(status "$address/alive")"
is "the answer of /api/agents without the key" 401 "$(status "$address/api/agents")"
is "the answer of /api/agents with the key" 200 "$(printf 'X-Api-Key: %s' "$key" | status --header @- "$address/api/agents")"
health=$(printf 'X-Api-Key: %s' "$key" | curl --silent --max-time 5 --header @- "$address/health")
is "the version in /health" "$version" "$(sed -n 's/.*"version":"\([^"]*\)".*/\1/p' <<<"$health")"
is "the commit in /health" "$commit" "$(sed -n 's/.*"commit":"\([^"]*\)".*/\1/p' <<<"$health")"
if docker exec "$container" dotnet lucia.AgentHost.dll --healthcheck >/dev/null; then is "its health check" healthy healthy; else is "its health check" healthy unhealthy; fi

if [ "$failures" != 0 ]; then
    docker logs "$container" >&2
    die 1 "$failures of the checks failed"
fi
printf '%s passes\n' "$image"
