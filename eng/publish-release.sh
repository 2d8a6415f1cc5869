#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/publish-release.sh TAG DIR [--dry-run]

Makes the release of TAG on GitHub with every file in DIR and the notes of the changelog; a version with a "-" becomes a
pre-release. DIR/SHA256SUMS has to name and match every other file. GH_TOKEN lets gh in.

  --dry-run   check everything and show what would be published

Exit codes: 0 done, 1 failed, 2 wrong usage, 69 gh is missing.
HELP
}

dry='' words=()
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage && exit 0 ;;
        --dry-run) dry=1; shift ;;
        -*) unknown "$1" ;;
        *) words+=("$1"); shift ;;
    esac
done
[ ${#words[@]} = 2 ] || die 2 "give the tag and the folder; see $me --help"
tag=${words[0]} folder=${words[1]}
[ -d "$folder" ] || die 2 "there is no folder \"$folder\""
version=$("$root/eng/version.sh" --check-tag "$tag")

for file in "lucia-$version.tgz" "lucia-$version-linux-x64.tar.gz" "lucia-$version-linux-arm64.tar.gz"; do
    [ -s "$folder/$file" ] || die 1 "$folder/$file is missing"
done
(cd "$folder" && sha256sum --strict --check --quiet SHA256SUMS) || die 1 "SHA256SUMS does not match the files; eng/checksums.sh $folder writes it"
for file in "$folder"/*; do
    name=$(basename "$file")
    [ "$name" = SHA256SUMS ] || grep -qF "  $name" "$folder/SHA256SUMS" || die 1 "SHA256SUMS does not name $name"
done
notes=$(mktemp)
trap 'rm -f "$notes"' EXIT
"$root/eng/release-notes.sh" "$version" >"$notes"

command=(gh release create "$tag" --verify-tag --title "Lucia $version" --notes-file "$notes")
case $version in *-*) command+=(--prerelease) ;; esac
command+=("$folder"/*)
if [ -n "$dry" ]; then
    printf '%q ' "${command[@]}"
    printf '\n\n'
    cat "$notes"
    exit 0
fi
needs gh "See https://cli.github.com"
run "${command[@]}"
