#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/check-links.sh

Runs the tests of the pages that need no machine: that every link leads to a file and a heading that exist, and that every example
says what the settings catalogue says.

Exit codes: 0 passed, 1 failed or nothing ran, 2 wrong usage.
HELP
}

case ${1:-} in
    -h | --help) usage && exit 0 ;;
    '') ;;
    *) unknown "$1" ;;
esac
cd "$root"
run ./lucia test --filter 'FullyQualifiedName~Lucia.Deployment.Tests.Docs&Speed!=Slow'
