#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/check-needs.sh

Fails unless every job in the variable NEEDS succeeded. It holds what a workflow writes as toJSON(needs), such as
{"fast": {"result": "success"}}. The job that calls this runs whatever became of the others: a job that is skipped because another
failed counts as passed for GitHub.

Exit codes: 0 every job succeeded, 1 one did not, 2 wrong usage, 69 jq is missing.
HELP
}

case ${1:-} in
    -h | --help) usage && exit 0 ;;
    '') ;;
    *) unknown "$1" ;;
esac
needs jq "Your system has a package of that name."
[ -n "${NEEDS:-}" ] || die 2 "NEEDS names no job; see $me --help"
jq -e 'type == "object" and length > 0' >/dev/null 2>&1 <<<"$NEEDS" || die 2 "NEEDS names no job; see $me --help"
others=$(jq -r 'to_entries[] | select(.value.result != "success") | "  \(.key): \(.value.result)"' <<<"$NEEDS")
[ -z "$others" ] || die 1 "not every job succeeded:"$'\n'"$others"
say "every job succeeded: $(jq -r 'keys | join(", ")' <<<"$NEEDS")"
