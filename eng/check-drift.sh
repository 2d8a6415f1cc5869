#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/check-drift.sh

Publishes the deployments into deploy/ and fails when that changed anything: what is committed there has to be what the model in
lucia.AppHost gives. By hand it leaves the new files behind, to be looked at and committed.

Exit codes: 0 deploy/ is what the model gives, 1 it is not, 2 wrong usage.
HELP
}

case ${1:-} in
    -h | --help) usage && exit 0 ;;
    '') ;;
    *) unknown "$1" ;;
esac
cd "$root"
before=$(git status --porcelain -- deploy)
[ -z "$before" ] || die 1 "deploy/ has changes that are not committed; commit them first:"$'\n'"$before"
run ./lucia publish
after=$(git status --porcelain -- deploy)
if [ -n "$after" ]; then
    git --no-pager diff -- deploy >&2
    die 1 "deploy/ is not what the model gives. Run ./lucia publish and commit:"$'\n'"$after"
fi
say "deploy/ is what the model gives"
