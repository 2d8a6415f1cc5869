#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/test-target.sh TARGET | --list | --filter TARGET

Runs the slow tests of one part, so that a workflow can run the parts side by side. "./lucia test --fast" and all the targets
together are what "./lucia test" runs: "rest" is whatever no other target names.

  compose, systemd, kubernetes, docs, workflows, rest
  --list            the targets' names
  --filter TARGET   what "dotnet test --filter" is given

Machines for the systemd tests come from eng/testbed, unless LUCIA_TESTBED names another folder.
The compose tests see every packet of the containers, for which a process needs NET_RAW and NET_ADMIN. With CI=true, and not as root,
they get these two by sudo and stay who they are. By hand, without them, the tests warn that nobody watched.
Exit codes: 0 passed, 1 failed or nothing ran, 2 wrong usage, 69 this machine lacks something that is needed.
HELP
}

# Each is a part of the test's namespace.
targets=(compose systemd kubernetes docs workflows)
part() {
    case $1 in
        compose) echo .Compose. ;;
        systemd) echo .Systemd. ;;
        kubernetes) echo .Kubernetes. ;;
        docs) echo .Docs. ;;
        workflows) echo .Workflows. ;;
    esac
}

filter() {
    local target text='Speed=Slow'
    if [ "$1" = rest ]; then
        for target in "${targets[@]}"; do text="$text&FullyQualifiedName!~$(part "$target")"; done
    else
        [ -n "$(part "$1")" ] || die 2 "there is no target \"$1\", only ${targets[*]} rest"
        text="$text&FullyQualifiedName~$(part "$1")"
    fi
    printf '%s\n' "$text"
}

case ${1:-} in
    -h | --help) usage && exit 0 ;;
    --list) printf '%s\n' "${targets[@]}" rest && exit 0 ;;
    --filter) filter "$(value "$@")" && exit 0 ;;
    '') die 2 "which target? See $me --help" ;;
esac
chosen=$(filter "$1")
cd "$root"
if [ -z "${LUCIA_TESTBED:-}" ] && docker info >/dev/null 2>&1; then export LUCIA_TESTBED=$root/eng/testbed; fi
as=()
if [ "$1" = compose ] && [ "${CI:-}" = true ] && [ "$(id -u)" != 0 ]; then
    # Ambient capabilities: whatever "dotnet test" starts inherits them, no program on disk is changed, and what is written is still
    # this user's. sudo would replace PATH and HOME.
    needs setpriv "It is part of util-linux."
    sudo --non-interactive true || die 69 "sudo is needed without a password, for the capabilities NET_RAW and NET_ADMIN; or run this as root"
    as=(sudo --non-interactive --preserve-env setpriv --reuid "$(id -u)" --regid "$(id -g)" --init-groups
        --inh-caps '+net_raw,+net_admin' --ambient-caps '+net_raw,+net_admin' env "PATH=$PATH" "HOME=$HOME")
fi
run ${as[@]+"${as[@]}"} ./lucia test --filter "$chosen"
