#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/version.sh [--check-tag TAG]

Prints the version that everything made from these sources carries: VersionPrefix of Directory.Build.props and, for a
pre-release, -VersionSuffix. Change it there, run "./lucia publish", and every artefact follows.

  --check-tag TAG   fail unless TAG is "v" and that version, as a release's tag has to be

Exit codes: 0 done, 1 the tag is another version's, 2 wrong usage.
HELP
}

property() { sed -n "s:.*<$1>\([^<]*\)</$1>.*:\1:p" "$root/Directory.Build.props"; }

tag=
while [ $# -gt 0 ]; do
    case $1 in
        --check-tag) tag=$(value "$@"); shift 2 ;;
        -h | --help) usage && exit 0 ;;
        *) unknown "$1" ;;
    esac
done

prefix=$(property VersionPrefix)
suffix=$(property VersionSuffix)
[ -n "$prefix" ] || die 1 "Directory.Build.props says no VersionPrefix"
version=$prefix${suffix:+-$suffix}
[ -z "$tag" ] || [ "$tag" = "v$version" ] ||
    die 1 "the tag is \"$tag\", but Directory.Build.props says $version: tag v$version, or change the version, run ./lucia publish, commit, and tag that"
printf '%s\n' "$version"
