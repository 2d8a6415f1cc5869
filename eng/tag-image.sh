#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/tag-image.sh IMAGE@sha256:DIGEST [--dry-run] [OPTION OF eng/image-tags.sh]...

Gives an image that was pushed by its digest the names that eng/image-tags.sh prints for this ref, after seeing that it holds
linux/amd64 and linux/arm64. Nothing is built or copied: each name points at that very digest, which is checked.

  --dry-run   print the names, change nothing

Exit codes: 0 done, 1 failed, 2 wrong usage, 69 docker or its buildx is missing.
HELP
}

image='' dry='' options=()
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage && exit 0 ;;
        --dry-run) dry=1; shift ;;
        -*) options+=("$1" "$(value "$@")"); shift 2 ;;
        *) image=$1; shift ;;
    esac
done
[[ $image =~ ^([^@]+)@(sha256:[0-9a-f]{64})$ ]] || die 2 "an image is named by its digest, IMAGE@sha256:…, not \"$image\""
repository=${BASH_REMATCH[1]} digest=${BASH_REMATCH[2]}
names=$("$root/eng/image-tags.sh" --image "$repository" ${options[@]+"${options[@]}"})
[ -n "$names" ] || die 1 "nothing is published from this ref"
if [ -n "$dry" ]; then
    printf '%s\n' "$names"
    exit 0
fi
needs docker "Get Docker Engine 24 or newer: https://docs.docker.com/engine/install/"

platforms=$(docker buildx imagetools inspect "$image" --format '{{ range .Manifest.Manifests }}{{ .Platform.OS }}/{{ .Platform.Architecture }} {{ end }}')
for platform in linux/amd64 linux/arm64; do
    case " $platforms" in *" $platform "*) ;; *) die 1 "$image lacks $platform; it holds $platforms" ;; esac
done
while read -r name; do
    run docker buildx imagetools create --tag "$name" "$image"
    actual=$(docker buildx imagetools inspect "$name" --format '{{ .Manifest.Digest }}')
    [ "$actual" = "$digest" ] || die 1 "$name is $actual, not $digest"
done <<<"$names"
printf '%s\n' "$names"
