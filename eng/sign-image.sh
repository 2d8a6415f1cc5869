#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/sign-image.sh IMAGE@sha256:DIGEST

Signs a pushed image, and each platform's image in it, without a key: cosign takes the identity of the workflow, or asks for
yours in a browser, and writes the signature to the public log of sigstore. In a workflow the signature is verified at once, the
way a user would:

  cosign verify --certificate-oidc-issuer https://token.actions.githubusercontent.com \
    --certificate-identity-regexp '^https://github.com/seiggy/lucia-dotnet/' seiggy/lucia:latest

Exit codes: 0 done, 1 failed, 2 wrong usage, 69 cosign is missing.
HELP
}

case ${1:-} in -h | --help) usage && exit 0 ;; esac
[ $# = 1 ] || die 2 "give one image; see $me --help"
[[ $1 =~ @sha256:[0-9a-f]{64}$ ]] || die 2 "an image is signed by its digest, IMAGE@sha256:…, not \"$1\""
needs cosign "See https://docs.sigstore.dev/cosign/system_config/installation/"

run cosign sign --yes --recursive "$1"
if [ "${GITHUB_ACTIONS:-}" = true ]; then
    run cosign verify --certificate-oidc-issuer https://token.actions.githubusercontent.com \
        --certificate-identity-regexp "^https://github.com/${GITHUB_REPOSITORY:?}/" "$1" >/dev/null
fi
