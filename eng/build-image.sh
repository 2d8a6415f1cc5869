#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/build-image.sh [OPTION]...

Builds the image of deploy/docker/Dockerfile, labelled with version and commit. It is compiled on this machine's own platform
for every other one, so no emulation is needed.

  --packages SET          baseline or full (default: $LUCIA_IMAGE_PACKAGES, else baseline)
  --tested "SET..."       the package sets whose whole test run passed; SET has to be among them. --push needs it
  --platforms LIST        such as linux/amd64,linux/arm64 (default: this machine's)
  --tag NAME              the image's name; not with --push (default: lucia:VERSION)
  --load                  into this machine's engine, which takes one platform (the default with one)
  --no-output             build and keep nothing, to see that it builds
  --push IMAGE            into the registry, by digest alone and without a tag, with SBOM and provenance;
                          eng/tag-image.sh names it once it is proven
  --digest-file FILE      where the pushed digest is written

Exit codes: 0 done, 1 failed, 2 wrong usage, 69 docker or its buildx is missing.
HELP
}

packages=${LUCIA_IMAGE_PACKAGES:-baseline} tested='' platforms='' tag='' output='' push='' digest_file=''
while [ $# -gt 0 ]; do
    case $1 in
        --packages) packages=$(value "$@"); shift 2 ;;
        # Empty is an answer too: nothing was tested.
        --tested) [ $# -ge 2 ] || value "$@"; tested=" $2 "; shift 2 ;;
        --platforms) platforms=$(value "$@"); shift 2 ;;
        --tag) tag=$(value "$@"); shift 2 ;;
        --load) output=load; shift ;;
        --no-output) output=none; shift ;;
        --push) push=$(value "$@"); output=push; shift 2 ;;
        --digest-file) digest_file=$(value "$@"); shift 2 ;;
        -h | --help) usage && exit 0 ;;
        *) unknown "$1" ;;
    esac
done
case $packages in baseline | full) ;; *) die 2 "--packages takes baseline or full, not \"$packages\"" ;; esac
if [ "$output" = push ]; then
    [ -n "$tested" ] || die 2 "--push needs --tested: an image is published only from a package set whose whole test run passed"
    [ -z "$tag" ] || die 2 "--push gives no tag; eng/tag-image.sh does, once the digest is proven"
    case ${GITHUB_EVENT_NAME:-} in pull_request*) die 2 "nothing is published from a pull request" ;; esac
fi
if [ -n "$tested" ]; then
    case $tested in *" $packages "*) ;; *) die 1 "the package set \"$packages\" has no whole test run that passed; those that have: ${tested:- none}" ;; esac
fi
case $platforms in *,*) [ "${output:-load}" != load ] || die 2 "an engine loads one platform: give --no-output or --push with $platforms" ;; esac
needs docker "Get Docker Engine 24 or newer: https://docs.docker.com/engine/install/"
docker buildx version >/dev/null 2>&1 || die 69 "docker's buildx is missing: https://docs.docker.com/build/"

cd "$root"
version=$(eng/version.sh)
commit=$(git rev-parse HEAD)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
command=(docker buildx build --file deploy/docker/Dockerfile --build-arg "PACKAGES=$packages"
    --build-arg "VERSION=$version" --build-arg "COMMIT=$commit")
[ -z "$platforms" ] || command+=(--platform "$platforms")
metadata=$(mktemp)
trap 'rm -f "$metadata"' EXIT
case ${output:-load} in
    load) command+=(--load --tag "${tag:-lucia:$version}") ;;
    none) ;;
    push) command+=(--sbom=true --provenance=mode=max --metadata-file "$metadata"
        --output "type=image,name=$push,push-by-digest=true,name-canonical=true,push=true") ;;
esac
run "${command[@]}" .

if [ "$output" = push ]; then
    digest=$(sed -n 's/.*"containerimage.digest": *"\(sha256:[0-9a-f]\{64\}\)".*/\1/p' "$metadata")
    [ -n "$digest" ] || die 1 "the build told no digest"
    [ -z "$digest_file" ] || printf '%s\n' "$digest" >"$digest_file"
    printf '%s@%s\n' "$push" "$digest"
fi
