#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/test-target.sh TARGET | --list | --filter TARGET

Runs the slow tests of one part, so that a workflow can run the parts side by side. "./lucia test --fast" and all the targets
together are what "./lucia test" runs: "rest" is whatever no other target names.

  compose-1, compose-2, systemd, kubernetes, docs, workflows, rest
  --list            the targets' names
  --filter TARGET   what "dotnet test --filter" is given

The tests of one compose deployment take turns, so they are dealt out to two: "compose" runs both.
Machines for the systemd tests come from eng/testbed, unless LUCIA_TESTBED names another folder. LUCIA_IMAGE_PACKAGES chooses the
package set of the image that is proven.
The compose tests see every packet of the containers, for which a process needs NET_RAW and NET_ADMIN. With CI=true, and not as root,
they get these two by sudo and stay who they are. By hand, without them, the tests warn that nobody watched.
Exit codes: 0 passed, 1 failed or nothing ran, 2 wrong usage, 69 this machine lacks something that is needed.
HELP
}

targets=(compose-1 compose-2 systemd kubernetes docs workflows)

# The part of a test's namespace.
part() {
    case $1 in
        compose | compose-[12]) echo .Compose. ;;
        systemd) echo .Systemd. ;;
        kubernetes) echo .Kubernetes. ;;
        docs) echo .Docs. ;;
        workflows) echo .Workflows. ;;
    esac
}

# What compose-1 runs of it; compose-2 has whatever is not named here. About half of the time each.
first=(.PersistenceTests. .DevelopmentTests. .HardeningTests. .NetworkTests.)

# terms MIDDLE GLUE WORD...: FullyQualifiedName MIDDLE WORD, with GLUE between.
terms() {
    local middle=$1 glue=$2 word text=''
    shift 2
    for word in "$@"; do text="$text${text:+$glue}FullyQualifiedName$middle$word"; done
    printf '%s' "$text"
}

filter() {
    local target parts=()
    case $1 in
        rest)
            for target in compose "${targets[@]:2}"; do parts+=("$(part "$target")"); done
            printf 'Speed=Slow&%s\n' "$(terms '!~' '&' "${parts[@]}")"
            return
            ;;
    esac
    [ -n "$(part "$1")" ] || die 2 "there is no target \"$1\", only ${targets[*]} rest"
    printf 'Speed=Slow&%s' "$(terms '~' '&' "$(part "$1")")"
    case $1 in
        compose-1) printf '&(%s)' "$(terms '~' '|' "${first[@]}")" ;;
        compose-2) printf '&%s' "$(terms '!~' '&' "${first[@]}")" ;;
    esac
    printf '\n'
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
if [[ $1 = compose* ]] && [ "${CI:-}" = true ] && [ "$(id -u)" != 0 ]; then
    # Ambient capabilities: whatever "dotnet test" starts inherits them, no program on disk is changed, and what is written is still
    # this user's. sudo would replace PATH and HOME.
    needs setpriv "It is part of util-linux."
    sudo --non-interactive true || die 69 "sudo is needed without a password, for the capabilities NET_RAW and NET_ADMIN; or run this as root"
    as=(sudo --non-interactive --preserve-env setpriv --reuid "$(id -u)" --regid "$(id -g)" --init-groups
        --inh-caps '+net_raw,+net_admin' --ambient-caps '+net_raw,+net_admin' env "PATH=$PATH" "HOME=$HOME")
fi
run ${as[@]+"${as[@]}"} ./lucia test --filter "$chosen"
