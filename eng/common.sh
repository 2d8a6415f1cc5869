# shellcheck shell=bash
# What the scripts beside this file share. They run by hand as they run in a workflow, from any folder.
set -euo pipefail
# shellcheck disable=SC2034 # Read by those who source this.
root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
me=eng/$(basename -- "$0")

say() { printf '%s: %s\n' "$me" "$*" >&2; }

# die EXIT-CODE WORD...: 1 failed, 2 wrong usage, 69 something needed is missing.
die() {
    local code=$1
    shift
    say "$*"
    exit "$code"
}

# run COMMAND...: shows what is run, then runs it.
run() {
    printf '+' >&2
    printf ' %q' "$@" >&2
    printf '\n' >&2
    "$@"
}

# needs PROGRAM WORD...: the words say how to get it.
needs() {
    local program=$1
    shift
    command -v "$program" >/dev/null 2>&1 || die 69 "$program is missing. $*"
}

# value OPTION [VALUE]: the value that an option needs.
value() {
    [ -n "${2:-}" ] || die 2 "$1 needs a value; see $me --help"
    printf '%s\n' "$2"
}

unknown() { die 2 "there is no option \"$1\"; see $me --help"; }
