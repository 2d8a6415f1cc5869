#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/release-notes.sh [VERSION] [--changelog FILE]

Prints what CHANGELOG.md says of a version, without its heading: the notes of its release. VERSION is 1.2.3 or v1.2.3; by
default it is the one that eng/version.sh prints.

Exit codes: 0 done, 1 the changelog says nothing of that version, 2 wrong usage.
HELP
}

version='' changelog=$root/CHANGELOG.md
while [ $# -gt 0 ]; do
    case $1 in
        --changelog) changelog=$(value "$@"); shift 2 ;;
        -h | --help) usage && exit 0 ;;
        -*) unknown "$1" ;;
        *) version=${1#v}; shift ;;
    esac
done
[ -f "$changelog" ] || die 2 "there is no file \"$changelog\""
[ -n "$version" ] || version=$("$root/eng/version.sh")

# From the version's heading to the next one or to the links at the end; blank lines around it go.
notes=$(VERSION=$version awk '
    /^## / { inside = index($0, "## [" ENVIRON["VERSION"] "]") == 1; next }
    /^\[[^]]+\]: / { inside = 0 }
    inside { print }' "$changelog" | sed -e '/./,$!d')
[ -n "$notes" ] || die 1 "\"$changelog\" has no text under \"## [$version]\": write it, with the date, before the release"
printf '%s\n' "$notes"
