#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/image-tags.sh [--ref REF] [--sha COMMIT] [--event NAME] [--image NAME]

Prints the names under which an image is published, one a line:

  a push to main             IMAGE:latest  IMAGE:sha-0123abc
  a tag v1.2.3               IMAGE:1.2.3   IMAGE:1.2   IMAGE:sha-0123abc
  a pre-release v1.2.3-rc.1  IMAGE:1.2.3-rc.1          IMAGE:sha-0123abc
  any other branch, by hand                            IMAGE:sha-0123abc
  a pull request             nothing: it is never published

  --ref REF      refs/heads/main, refs/tags/v1.2.3 ...      (default: $GITHUB_REF)
  --sha COMMIT   the whole commit id                        (default: $GITHUB_SHA)
  --event NAME   what started the workflow                  (default: $GITHUB_EVENT_NAME, else push)
  --image NAME   the repository in the registry             (default: $IMAGE, else seiggy/lucia)

Exit codes: 0 done, 1 the ref cannot be published, 2 wrong usage.
HELP
}

ref=${GITHUB_REF:-} sha=${GITHUB_SHA:-} event=${GITHUB_EVENT_NAME:-push} image=${IMAGE:-seiggy/lucia}
while [ $# -gt 0 ]; do
    case $1 in
        --ref) ref=$(value "$@"); shift 2 ;;
        --sha) sha=$(value "$@"); shift 2 ;;
        --event) event=$(value "$@"); shift 2 ;;
        --image) image=$(value "$@"); shift 2 ;;
        -h | --help) usage && exit 0 ;;
        *) unknown "$1" ;;
    esac
done
[ -n "$ref" ] || die 2 "which ref? Give --ref, such as refs/heads/main"
[[ $sha =~ ^[0-9a-f]{40}$ ]] || die 2 "--sha takes a whole commit id, 40 digits, not \"$sha\""

# Semantic versioning 2.0.0, without build metadata: a "+" cannot stand in an image's tag.
number='(0|[1-9][0-9]*)'
identifier='(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)'
version="^v($number\\.$number)\\.$number(-$identifier(\\.$identifier)*)?\$"

case $event in pull_request | pull_request_target | pull_request_review | merge_group) exit 0 ;; esac
case $ref in
    refs/pull/*) exit 0 ;;
    refs/heads/main) printf '%s:latest\n' "$image" ;;
    refs/heads/?*) ;;
    refs/tags/*)
        tag=${ref#refs/tags/}
        [[ $tag =~ $version ]] || die 1 "the tag \"$tag\" is no version: an image is published for vMAJOR.MINOR.PATCH, or vMAJOR.MINOR.PATCH-PRERELEASE"
        [ ${#tag} -le 128 ] || die 1 "the tag \"$tag\" is too long for an image: 128 characters at most"
        printf '%s:%s\n' "$image" "${tag#v}"
        [ -n "${BASH_REMATCH[5]}" ] || printf '%s:%s\n' "$image" "${BASH_REMATCH[1]}"
        ;;
    *) die 1 "\"$ref\" is neither a branch nor a tag" ;;
esac
printf '%s:sha-%s\n' "$image" "${sha:0:7}"
